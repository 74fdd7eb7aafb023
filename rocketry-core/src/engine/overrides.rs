//! Overrides: options of tasks that differ from the code, because they were changed while the app ran.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::changed_option::Override;
use super::option_value::OptionValue;
use super::task_option::TaskOption;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The origin of an override.
#[derive(Clone)]
pub(crate) struct Overridden {
    /// The value in the code.
    pub(crate) declared: OptionValue,
    pub(crate) replaced: Option<String>,
    pub(crate) by: Option<Arc<str>>,
    pub(crate) at: Timestamp,
}

/// The same as JSON, with the value.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OverrideFact {
    /// A text for a condition, microseconds for a timeout.
    pub(crate) value: Json,
    /// A text that identifies the value in the code; `None` if no text does.
    declared: Option<String>,
    replaced: Option<String>,
    by: Option<Arc<str>>,
    /// In microseconds.
    at: i64,
}

impl OverrideFact {
    /// Returns true if the code may still have the value that it had when the option was changed.
    pub(crate) fn still_holds(&self, declared: &OptionValue) -> bool {
        self.declared == declared.fingerprint()
    }

    /// Returns the override of the current value in the code. An instant ahead of the clock counts as the
    /// present.
    pub(crate) fn over(&self, declared: OptionValue, now: Timestamp) -> Overridden {
        Overridden {
            declared,
            replaced: self.replaced.clone(),
            by: self.by.clone(),
            at: Timestamp::from_micros(self.at).min(now),
        }
    }
}

impl Overridden {
    /// The JSON of the option's fact; `None` if its value can't be written.
    pub(crate) fn to_json(&self, value: Option<Json>) -> Option<String> {
        let fact = OverrideFact {
            value: value?,
            declared: self.declared.fingerprint(),
            replaced: self.replaced.clone(),
            by: self.by.clone(),
            at: self.at.as_micros(),
        };
        serde_json::to_string(&fact).ok()
    }

    /// For people to read.
    pub(crate) fn view(&self, task: &Arc<str>, value: &OptionValue) -> Override {
        Override {
            task: task.clone(),
            option: value.option(),
            value: value.text(),
            declared: self.declared.text(),
            replaced: self.replaced.clone(),
            by: self.by.clone(),
            at: self.at,
        }
    }
}

/// The overrides of an app. Few tasks have one.
#[derive(Default)]
pub(crate) struct Overrides {
    now: BTreeMap<(TaskId, TaskOption), Overridden>,
    /// Overrides of an earlier life of the app that were superseded, until that is reported.
    pub(crate) superseded: Vec<Override>,
}

impl Overrides {
    /// The overrides of a task.
    pub(crate) fn of(&self, id: TaskId) -> impl Iterator<Item = (TaskOption, &Overridden)> {
        let all = self
            .now
            .range((id, TaskOption::Start)..=(id, TaskOption::Disabled));
        all.map(|((_, option), overridden)| (*option, overridden))
    }

    pub(crate) fn insert(&mut self, id: TaskId, overridden: Overridden) {
        self.now.insert((id, overridden.declared.option()), overridden);
    }

    pub(crate) fn take(&mut self, id: TaskId, option: TaskOption) -> Option<Overridden> {
        self.now.remove(&(id, option))
    }

    /// Forgets the overrides of a task that is gone, or was declared anew.
    pub(crate) fn remove_task(&mut self, id: TaskId) {
        for option in TaskOption::ALL {
            self.now.remove(&(id, option));
        }
    }

    /// Returns the tasks that are mentioned by statements in the code that an override replaces.
    pub(crate) fn mentioned(&self) -> impl Iterator<Item = TaskId> {
        let statements = self
            .now
            .values()
            .filter_map(|overridden| overridden.declared.statement());
        statements.flat_map(|statement| statement.plan.depends().tasks)
    }
}
