//! The rules that apply to a task.

use std::time::Duration;

use rocketry_core::Task;

use crate::rule::{Limit, Rule};

/// The limits that apply to a task: for each kind, that of the first rule that covers it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    pub(crate) failures: Option<u64>,
    pub(crate) late: Option<Duration>,
    pub(crate) overrun: Option<f64>,
    pub(crate) no_success: Option<Duration>,
}

impl Limits {
    pub(crate) fn of(rules: &[Rule], task: &Task) -> Self {
        let group = task.info().group;
        let mut limits = Limits::default();
        for rule in rules {
            if !rule.covers(task.name(), group.as_deref()) {
                continue;
            }
            match rule.limit {
                Limit::Failures(count) => drop(limits.failures.get_or_insert(count)),
                Limit::Late(grace) => drop(limits.late.get_or_insert(grace)),
                Limit::Overrun(times) => drop(limits.overrun.get_or_insert(times)),
                Limit::NoSuccess(length) => drop(limits.no_success.get_or_insert(length)),
                Limit::LogPaused => {}
            }
        }
        limits
    }

    /// Returns true if the past of the task is needed.
    pub(crate) fn need_past(self) -> bool {
        self.overrun.is_some() || self.failures.is_some_and(|count| count > 1)
    }
}

/// Returns true if a rule is about the run log.
pub(crate) fn watch_log(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| rule.limit == Limit::LogPaused)
}
