//! Questions to the run log.

use super::record::{Action, Record};
use crate::param::RunId;
use crate::time::Timestamp;

/// Which records to find. Everything left out admits all.
///
/// ```
/// use rocketry_core::log::{Action, Query};
///
/// let last_failures = Query::new().task("fetch").action(Action::Fail).last(3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub(crate) task: Option<String>,
    pub(crate) actions: Vec<Action>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) run_id: Option<RunId>,
    pub(crate) last: Option<usize>,
}

impl Query {
    /// Every record.
    pub fn new() -> Self {
        Query::default()
    }

    /// Of one task only.
    #[must_use]
    pub fn task(mut self, name: impl Into<String>) -> Self {
        self.task = Some(name.into());
        self
    }

    /// With this action, or one of those asked for before.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// Created at this instant or later.
    #[must_use]
    pub fn from(mut self, from: impl Into<Timestamp>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Created before this instant.
    #[must_use]
    pub fn until(mut self, until: impl Into<Timestamp>) -> Self {
        self.until = Some(until.into());
        self
    }

    /// Of one run only.
    #[must_use]
    pub fn run_id(mut self, run_id: RunId) -> Self {
        self.run_id = Some(run_id);
        self
    }

    /// Only the newest `count` of those that fit.
    #[must_use]
    pub fn last(mut self, count: usize) -> Self {
        self.last = Some(count);
        self
    }

    /// Whether a record fits, not counting [`last`](Self::last).
    pub fn admits(&self, record: &Record) -> bool {
        self.task.as_deref().is_none_or(|task| task == &*record.task)
            && (self.actions.is_empty() || self.actions.contains(&record.action))
            && self.from.is_none_or(|from| record.created >= from)
            && self.until.is_none_or(|until| record.created < until)
            && self.run_id.as_ref().is_none_or(|run_id| *run_id == record.run_id)
    }
}
