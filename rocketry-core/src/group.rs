//! Groups: settings that several tasks share.

use std::borrow::Cow;

use crate::cond::Condition;
use crate::error::Location;
use crate::param::{Argument, Entry, Params, Value};
use crate::task::{Execution, TaskBuilder};

/// The settings that the tasks of a group share.
///
/// ```
/// use rocketry::{Execution, Group};
///
/// let reports = Group::new("reports").prefix("reports.").start("time of day after 07:00").execution(Execution::Thread);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a group does nothing until an app has it"]
pub struct Group {
    pub(crate) name: Cow<'static, str>,
    pub(crate) location: Location,
    prefix: Cow<'static, str>,
    pub(crate) start: Option<Condition>,
    execution: Option<Execution>,
    params: Params,
}

impl Group {
    /// Creates a group. Tasks join it with `group = …`.
    #[track_caller]
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Group {
            name: name.into(),
            location: Location::caller(),
            prefix: "".into(),
            start: None,
            execution: None,
            params: Params::new(),
        }
    }

    /// Sets a prefix for the names of the tasks. A task can still be found by its declared name.
    pub fn prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets a condition that must be true for each task in addition to its own start condition.
    #[track_caller]
    pub fn start(mut self, start: impl Into<Condition>) -> Self {
        self.start = Some(start.into());
        self
    }

    /// Sets where tasks run that do not set an execution themselves.
    pub fn execution(mut self, execution: Execution) -> Self {
        self.execution = Some(execution);
        self
    }

    /// Sets a parameter for the tasks that do not have a parameter of this name.
    pub fn parameter<T: std::any::Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.params
            .set(key, Entry::value_of(Value::new(value)).at(self.location));
        self
    }

    /// Sets a parameter for the tasks that do not have a parameter of this name. It is resolved at each run.
    pub fn argument(mut self, key: &str, argument: impl Argument) -> Self {
        self.params.set(key, Entry::argument(argument).at(self.location));
        self
    }

    /// Applies the settings of the group to a task.
    pub(crate) fn apply(&self, task: &mut TaskBuilder) {
        if !self.prefix.is_empty() {
            let name = format!("{}{}", self.prefix, task.name).into();
            let declared = std::mem::replace(&mut task.name, name);
            task.rare_mut().declared = Some(declared);
        }
        task.start = match (task.start.take(), &self.start) {
            (Some(own), Some(common)) => Some(own & common.clone()),
            (own, _) => own,
        };
        task.execution = task.execution.or(self.execution);
        for (key, entry) in self.params.iter() {
            if task.params.get(key).is_none() {
                task.params.set(key, entry.clone());
            }
        }
    }
}
