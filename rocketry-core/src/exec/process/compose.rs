//! What a run in a process of its own needs to know.
//!
//! Parameters resolve late, so the functions behind them are called over there. Values go along: those of the
//! run, and those of the task and the session, which may have changed since the app was put together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::message::{Given, Request};
use crate::engine::run::Run;
use crate::error::{Error, Result};
use crate::param::{Dependency, Entry, Params, RunContext, Value, Wire};
use crate::session::Session;

/// The request for a run.
///
/// # Errors
///
/// Names the first parameter or result that can't leave the app.
pub(super) fn request(run: &Run, session: &Session) -> Result<Request> {
    let params = session.params();
    let needs = Needs::of(run, &params);
    let needed = |key: &&Arc<str>| params.get(key).map(|entry| (key.to_string(), given(entry)));
    Ok(Request {
        task: run.info.task.to_string(),
        run_id: (&run.info.run_id).into(),
        due: run.info.due.as_micros(),
        batch: batch(run, session)?,
        own: run
            .info
            .own
            .iter()
            .map(|(key, entry)| (key.to_owned(), given(entry)))
            .collect(),
        session: needs.params.iter().filter_map(|key| needed(&key)).collect(),
        results: results(&needs.tasks, session)?,
    })
}

/// The parameters of the run itself. Nobody else knows them, so those that are made are made here.
fn batch(run: &Run, session: &Session) -> Result<BTreeMap<String, Wire>> {
    let RunContext { task, batch, .. } = &run.info;
    let context = session.context_in(run.spec.zone, Some(&run.info));
    let each = |(key, entry): (&str, &Entry)| {
        let value = entry.value(&context).map_err(|error| {
            Error::parameter(format!("parameter `{key}` of task `{task}`: {error}")).because(error)
        })?;
        let wire = wire(&value)
            .map_err(|why| Error::parameter(format!("parameter `{key}` of task `{task}`: {why}")))?;
        Ok((key.to_owned(), wire))
    };
    batch.iter().map(each).collect()
}

/// The value as it is sent, or why it can't be.
fn wire(value: &Value) -> Result<Wire, String> {
    Wire::of(value).map_err(|why| format!("the value can't go to another process: {why}"))
}

/// A parameter that the process has in its own copy of the app as well, unless it came later.
fn given(entry: &Entry) -> Given {
    let Some(value) = entry.plain() else {
        return Given::AsDeclared;
    };
    match wire(value) {
        Ok(wire) => Given::Value(wire),
        Err(_) if entry.is_declared() => Given::AsDeclared,
        Err(why) => Given::Lost(why),
    }
}

fn results(tasks: &BTreeSet<Arc<str>>, session: &Session) -> Result<BTreeMap<String, Wire>> {
    let mut results = BTreeMap::new();
    for name in tasks {
        // A task that is not there is missed where its result is asked for.
        let Ok(task) = session.task(&**name) else { continue };
        if let Some(value) = task.result() {
            let wire = wire(&value)
                .map_err(|why| Error::parameter(format!("the result of task `{name}`: {why}")))?;
            results.insert(task.name().to_owned(), wire);
        }
    }
    Ok(results)
}

/// Everything that a run's parameters may be made from.
struct Needs<'a> {
    run: &'a RunContext,
    session: &'a Params,
    /// Those of the run and its task that others are made from.
    own: BTreeSet<Arc<str>>,
    params: BTreeSet<Arc<str>>,
    tasks: BTreeSet<Arc<str>>,
}

impl<'a> Needs<'a> {
    fn of(run: &'a Run, session: &'a Params) -> Self {
        let mut needs = Needs {
            run: &run.info,
            session,
            own: BTreeSet::new(),
            params: BTreeSet::new(),
            tasks: BTreeSet::new(),
        };
        let RunContext { batch, own, .. } = &run.info;
        for spec in &*run.spec.handler.specs_of_run() {
            if batch.get(&spec.name).is_none() {
                needs.add(own.get(&spec.name).map_or_else(|| spec.depends(), Entry::depends));
            }
        }
        needs
    }

    fn add(&mut self, depends: Vec<Dependency>) {
        for dependency in depends {
            match dependency {
                Dependency::Task(task) => {
                    self.tasks.insert(task);
                }
                Dependency::Own { name, otherwise } => {
                    let given = self.run.batch.get(&name).or_else(|| self.run.own.get(&name));
                    if given.is_none() || self.own.insert(name) {
                        self.add(given.map_or(otherwise, Entry::depends));
                    }
                }
                Dependency::Param { key, .. } => {
                    let entry = self.session.get(&key);
                    if self.params.insert(key) {
                        self.add(entry.map_or_else(Vec::new, Entry::depends));
                    }
                }
            }
        }
    }
}
