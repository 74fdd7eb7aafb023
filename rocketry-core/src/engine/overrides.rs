//! Overrides: options of tasks that differ from what the code says, because they were changed while the app ran.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::changed_option::Override;
use super::option_value::OptionValue;
use super::task_option::TaskOption;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// How an option came to differ from what the code says.
#[derive(Clone)]
pub(crate) struct Overridden {
    /// What the code says.
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
    /// A text that tells whether the code says the same; `None` if no text does.
    declared: Option<String>,
    replaced: Option<String>,
    by: Option<Arc<str>>,
    /// In microseconds.
    at: i64,
}

impl OverrideFact {
    /// Whether the code may still say what it said when the option was changed.
    pub(crate) fn still_holds(&self, declared: &OptionValue) -> bool {
        self.declared == declared.fingerprint()
    }

    /// The override, over what the code says now. An instant ahead of the clock counts as just now.
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
    /// Those of an earlier life of the app that hold no longer, until that is announced.
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

    /// The tasks that statements mention which the code says and an override stands for.
    pub(crate) fn mentioned(&self) -> impl Iterator<Item = TaskId> {
        let statements = self
            .now
            .values()
            .filter_map(|overridden| overridden.declared.statement());
        statements.flat_map(|statement| statement.plan.depends().tasks)
    }
}
