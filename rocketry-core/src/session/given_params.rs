//! Parameters whose values are given as JSON, by a person or another program.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Session, Task};
use crate::drops::Lent;
use crate::engine::spec::Spec;
use crate::error::{Error, Kind, Location, Problem, Result, nearest};
use crate::param::type_check::Supply;
use crate::param::{Dependency, Entry, ParamSpec, Params, Value};

impl Session {
    /// Sets a session parameter to a JSON value from outside. The app must have the parameter, or a task must
    /// take a parameter of this name. The value is deserialized as the type that each function takes; a
    /// string is also parsed as a number, a Boolean or a name if the type needs one. Otherwise this works
    /// like [`set_param`](Self::set_param).
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().param("limit", 10_u32).build()?.session();
    /// session.set_param_json("limit", 20.into())?;
    /// assert_eq!(session.param("limit")?.read::<u32>().unwrap(), 20);
    /// assert!(session.set_param_json("limt", 20.into()).unwrap_err().to_string().contains("did you mean `limit`?"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if the app has no such parameter and no task takes it; the message
    /// contains the most similar name.
    /// [`Error::is_parameter`] is true if the value does not fit the type that a task takes.
    #[track_caller]
    pub fn set_param_json(&self, key: &str, value: serde_json::Value) -> Result<()> {
        let known = self.params();
        if known.get(key).is_none() {
            let taken = self.params_taken();
            if !taken.contains(key) {
                let known = known.iter().map(|(name, _)| name);
                return Err(unknown(key, known.chain(taken.iter().map(String::as_str))));
            }
        }
        let value = outside(value);
        self.check_session_param(key, &value)?;
        self.put_param(key, value, Location::caller());
        Ok(())
    }

    /// Sets a session parameter to a value that another node received.
    pub(super) fn set_wire(&self, key: &str, value: Value) {
        self.put_param(key, value, Location::caller());
    }

    /// The names of the parameters that the functions of tasks take.
    fn params_taken(&self) -> BTreeSet<String> {
        let specs = self.specs();
        let params = specs.iter().flat_map(|spec| spec.handler.specs());
        let mut taken = BTreeSet::new();
        for dependency in params.flat_map(ParamSpec::depends) {
            add_keys(&dependency, &mut taken);
        }
        taken
    }

    /// The definitions of all tasks.
    fn specs(&self) -> Vec<Lent<Arc<Spec>>> {
        let state = self.state();
        let tasks = state.ids().filter(|id| !state.task(*id).deleted);
        tasks.map(|id| Lent::new(state.task(id).spec.clone())).collect()
    }

    /// Checks that a value of a session parameter fits all tasks that take it.
    fn check_session_param(&self, key: &str, value: &Value) -> Result<()> {
        let mut given = Params::new();
        given.set(key, Entry::value_of(value.clone()));
        let specs = self.specs();
        let problems = specs.iter().flat_map(|spec| {
            let supply = Supply {
                own: Some(&spec.params),
                session: &given,
                secrets: &self.config().secrets,
            };
            let of_key = spec.handler.specs().iter().filter(|one| &*one.name == key);
            of_key
                .flat_map(|one| supply.misfits(&format!("task `{}`", spec.name), std::slice::from_ref(one)))
                .collect::<Vec<_>>()
        });
        refuse(problems.take(1).collect())
    }
}

impl Task {
    /// Sets a parameter of the task to a JSON value from outside, for runs that start from now on. The value
    /// is deserialized as the type that the function takes; a string is also parsed as that type, such as a
    /// number.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task, func};
    ///
    /// let import = Task::func("import", func!(|limit: u32| async move {})).parameter("limit", 10_u32);
    /// let import = Rocketry::builder().task(import).build()?.session().task("import")?;
    /// import.set_param_json("limit", "20".into())?;
    /// assert!(import.set_param_json("limit", "many".into()).is_err());
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_parameter`] is true if the task does not use such a parameter, or if the value does not
    /// fit its type: see [`check_params`](Self::check_params).
    #[track_caller]
    pub fn set_param_json(&self, key: &str, value: serde_json::Value) -> Result<()> {
        let value = outside(value);
        let mut given = Params::new();
        given.set(key, Entry::value_of(value.clone()));
        self.check_params(&given)?;
        self.put_param(key, value, Location::caller());
        Ok(())
    }
    /// Sets a parameter to a value that another node received.
    pub(super) fn set_wire(&self, key: &str, value: Value) {
        self.put_param(key, value, Location::caller());
    }
}

/// Adds the names of the session parameters behind a dependency.
fn add_keys(dependency: &Dependency, to: &mut BTreeSet<String>) {
    match dependency {
        Dependency::Param { key, .. } => drop(to.insert(key.to_string())),
        Dependency::Own { otherwise, .. } => otherwise.iter().for_each(|behind| add_keys(behind, to)),
        Dependency::Task(_) => {}
    }
}

/// A value from outside.
fn outside(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::String(text) => Value::text(text),
        other => Value::json(other),
    }
}

fn unknown<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let near = nearest(key, known);
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Error::new(
        Kind::NotFound,
        format!("there is no parameter `{key}`, and no task takes it{near}"),
    )
}

fn refuse(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::build(Kind::Parameter, problems))
}
