//! Tasks that have something in common.

use std::borrow::Cow;

use crate::cond::Condition;
use crate::error::Location;
use crate::param::{Argument, Entry, Params, Value};
use crate::task::{Execution, TaskBuilder};

/// What the tasks of a group have in common.
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
    /// A group that tasks name with `group = …`.
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

    /// Put before the name of each task, which is still found by the name it was declared with.
    pub fn prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Has to be true for each task besides its own start condition.
    #[track_caller]
    pub fn start(mut self, start: impl Into<Condition>) -> Self {
        self.start = Some(start.into());
        self
    }

    /// Where tasks run that do not say it themselves.
    pub fn execution(mut self, execution: Execution) -> Self {
        self.execution = Some(execution);
        self
    }

    /// A parameter of each task that has none of this name itself.
    pub fn parameter<T: std::any::Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.params
            .set(key, Entry::value_of(Value::new(value)).at(self.location));
        self
    }

    /// A parameter of each task that has none of this name itself, asked for at each run.
    pub fn argument(mut self, key: &str, argument: impl Argument) -> Self {
        self.params.set(key, Entry::argument(argument).at(self.location));
        self
    }

    /// Gives a task what it has in common with the group.
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
