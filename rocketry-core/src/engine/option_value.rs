//! The values of the options of a task that can be changed while the app runs.

use std::sync::Arc;

use rocketry_syntax::ast::Delta;
use serde_json::Value as Json;

use super::entry::TaskEntry;
use super::spec::Statement;
use super::task_option::TaskOption;
use crate::cond::Condition;
use crate::task::Execution;

/// The value of an option.
#[derive(Clone)]
pub(crate) enum OptionValue {
    Start(Option<Arc<Statement>>),
    End(Option<Arc<Statement>>),
    Timeout(Delta),
    Priority(i32),
    MaxRunning(u32),
    Execution(Execution),
    Disabled(bool),
}

impl OptionValue {
    pub(crate) fn option(&self) -> TaskOption {
        match self {
            OptionValue::Start(_) => TaskOption::Start,
            OptionValue::End(_) => TaskOption::End,
            OptionValue::Timeout(_) => TaskOption::Timeout,
            OptionValue::Priority(_) => TaskOption::Priority,
            OptionValue::MaxRunning(_) => TaskOption::MaxRunning,
            OptionValue::Execution(_) => TaskOption::Execution,
            OptionValue::Disabled(_) => TaskOption::Disabled,
        }
    }

    /// The condition, if this is one.
    pub(crate) fn statement(&self) -> Option<&Arc<Statement>> {
        match self {
            OptionValue::Start(statement) | OptionValue::End(statement) => statement.as_ref(),
            _ => None,
        }
    }

    /// The value as a person writes it; `None` for no condition.
    pub(crate) fn text(&self) -> Option<String> {
        Some(match self {
            OptionValue::Start(_) | OptionValue::End(_) => self.statement()?.condition.to_string(),
            OptionValue::Timeout(Delta(u64::MAX)) => "never".to_owned(),
            OptionValue::Timeout(timeout) => timeout.to_string(),
            OptionValue::Priority(priority) => priority.to_string(),
            OptionValue::MaxRunning(u32::MAX) => "any number".to_owned(),
            OptionValue::MaxRunning(count) => count.to_string(),
            OptionValue::Execution(execution) => execution.to_string(),
            OptionValue::Disabled(disabled) => disabled.to_string(),
        })
    }

    /// The value as JSON. The text of a condition may be one that can't be read.
    pub(crate) fn json(&self) -> Json {
        match self {
            OptionValue::Start(_) | OptionValue::End(_) => self.text().into(),
            OptionValue::Timeout(timeout) => timeout.0.into(),
            OptionValue::Priority(priority) => (*priority).into(),
            OptionValue::MaxRunning(count) => (*count).into(),
            OptionValue::Execution(execution) => execution.to_string().into(),
            OptionValue::Disabled(disabled) => (*disabled).into(),
        }
    }

    /// A text that is equal for two values with the same meaning. A condition that can't be parsed from its text, such
    /// as one with a closure, contains a location in the code, which may move: it has no such text.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        let text = self.text().unwrap_or_default();
        let is_whole = self.statement().is_none() || Condition::parse(&text).is_ok();
        is_whole.then_some(text)
    }

    /// Returns true if two values certainly mean the same.
    pub(crate) fn is_same(&self, other: &OptionValue) -> bool {
        let one = self.fingerprint();
        one.is_some() && one == other.fingerprint()
    }
}

impl TaskEntry {
    /// The value of an option now.
    pub(crate) fn option(&self, option: TaskOption) -> OptionValue {
        match option {
            TaskOption::Start => OptionValue::Start(self.spec.start.clone()),
            TaskOption::End => OptionValue::End(self.spec.rare.end.clone()),
            TaskOption::Timeout => OptionValue::Timeout(self.spec.timeout),
            TaskOption::Priority => OptionValue::Priority(self.priority),
            TaskOption::MaxRunning => OptionValue::MaxRunning(self.spec.max_running),
            TaskOption::Execution => OptionValue::Execution(self.spec.execution),
            TaskOption::Disabled => OptionValue::Disabled(self.disabled),
        }
    }
}
