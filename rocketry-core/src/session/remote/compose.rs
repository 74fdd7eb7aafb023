//! Describes a run for another process, which has a copy of the app.
//!
//! Parameters are resolved late, so the other process calls the functions behind them. The description
//! contains values: those of the run, and those of the task and the session, which may have changed since the
//! app was built.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Session;
use super::message::{Given, Request};
use crate::engine::run::Run;
use crate::error::{Error, Result};
use crate::param::{Dependency, Entry, Params, RunContext, Unwritable, Value, Wire};

/// Converts a value for sending.
type ToWire = fn(&Value) -> Result<Wire, Unwritable>;

/// The request for a run in a process that the app starts itself.
///
/// # Errors
///
/// Returns an error that names the first parameter or result that can't be sent.
#[cfg(unix)]
pub(crate) fn request(run: &Run, session: &Session) -> Result<Request> {
    compose(run, session, Wire::of)
}

/// The request for a run on another node. It contains no secrets, because others may read it.
///
/// # Errors
///
/// Returns an error that names the first parameter or result that the other node would lack.
pub(crate) fn request_elsewhere(run: &Run, session: &Session) -> Result<Request> {
    if let Some((key, _)) = run.info.batch.iter().find(|(_, entry)| entry.plain().is_none()) {
        return Err(Error::parameter(format!(
            "parameter `{key}` is made by a function of this node"
        )));
    }
    let request = compose(run, session, Wire::noted)?;
    let params = session.params();
    let own = request
        .own
        .iter()
        .map(|(key, given)| (key, given, run.info.own.get(key)));
    let shared = request
        .session
        .iter()
        .map(|(key, given)| (key, given, params.get(key)));
    for (key, given, entry) in own.chain(shared) {
        let came_later = entry.is_some_and(|entry| !entry.is_declared());
        match given {
            Given::Lost(why) => return Err(Error::parameter(format!("parameter `{key}`: {why}"))),
            Given::AsDeclared if came_later => {
                return Err(Error::parameter(format!(
                    "parameter `{key}` was given while the app ran"
                )));
            }
            Given::AsDeclared | Given::Value(_) => {}
        }
    }
    Ok(request)
}

fn compose(run: &Run, session: &Session, to_wire: ToWire) -> Result<Request> {
    let params = session.params();
    let needs = Needs::of(run, &params);
    let needed = |key: &&Arc<str>| {
        params
            .get(key)
            .map(|entry| (key.to_string(), given(entry, to_wire)))
    };
    Ok(Request {
        task: run.info.task.to_string(),
        run_id: (&run.info.run_id).into(),
        due: run.info.due.as_micros(),
        batch: batch(run, session, to_wire)?,
        own: run
            .info
            .own
            .iter()
            .map(|(key, entry)| (key.to_owned(), given(entry, to_wire)))
            .collect(),
        session: needs.params.iter().filter_map(|key| needed(&key)).collect(),
        results: results(&needs.tasks, session, to_wire)?,
    })
}

/// The parameters of the run itself. The other process does not know them, so functions behind them are
/// called here.
fn batch(run: &Run, session: &Session, to_wire: ToWire) -> Result<BTreeMap<String, Wire>> {
    let RunContext { task, batch, .. } = &run.info;
    let context = session.context_in(run.spec.zone, Some(&run.info));
    let each = |(key, entry): (&str, &Entry)| {
        let value = entry.value(&context).map_err(|error| {
            Error::parameter(format!("parameter `{key}` of task `{task}`: {error}")).because(error)
        })?;
        let wire = wire(&value, to_wire)
            .map_err(|why| Error::parameter(format!("parameter `{key}` of task `{task}`: {why}")))?;
        Ok((key.to_owned(), wire))
    };
    batch.iter().map(each).collect()
}

/// The value as it is sent, or the reason why it can't be.
fn wire(value: &Value, to_wire: ToWire) -> Result<Wire, String> {
    to_wire(value).map_err(|why| format!("the value can't go to another process: {why}"))
}

/// A parameter that the other process has in its own copy of the app, unless it was added later.
fn given(entry: &Entry, to_wire: ToWire) -> Given {
    let Some(value) = entry.plain() else {
        return Given::AsDeclared;
    };
    match wire(value, to_wire) {
        Ok(wire) => Given::Value(wire),
        Err(_) if entry.is_declared() => Given::AsDeclared,
        Err(why) => Given::Lost(why),
    }
}

fn results(tasks: &BTreeSet<Arc<str>>, session: &Session, to_wire: ToWire) -> Result<BTreeMap<String, Wire>> {
    let mut results = BTreeMap::new();
    for name in tasks {
        // A missing task is reported where its result is requested.
        let Ok(task) = session.task(&**name) else { continue };
        if let Some(value) = task.result() {
            let wire = wire(&value, to_wire)
                .map_err(|why| Error::parameter(format!("the result of task `{name}`: {why}")))?;
            results.insert(task.name().to_owned(), wire);
        }
    }
    Ok(results)
}

/// Everything from which the parameters of a run may be resolved.
struct Needs<'a> {
    run: &'a RunContext,
    session: &'a Params,
    /// The parameters of the run and its task that other parameters depend on.
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
