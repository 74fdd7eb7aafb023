//! Tells a start by the schedule from one that only retries a failure.

use rocketry_syntax::ast::Delta;

use super::facts::{Facts, Observation};
use super::plan::Plan;
use crate::log::{History, StartedBy};
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Plan {
    /// What starts a run when the start condition is true: the schedule, or only the retry of a failure.
    pub fn started_by(&self, seen: &Observation<'_>) -> StartedBy {
        if !self.retries || seen.facts.history(seen.owner).counted().fails == 0 {
            return StartedBy::Schedule;
        }
        match self
            .observe(&without_retries(seen, &WithoutRetries(seen.facts)))
            .truth
        {
            Some(false) => StartedBy::Retry,
            _ => StartedBy::Schedule,
        }
    }

    /// The custom conditions that have to be evaluated to tell a retry from a scheduled run. A retry may make the
    /// whole condition true without them.
    pub(crate) fn asks_started_by(&self, seen: &Observation<'_>) -> Vec<usize> {
        if !self.retries || self.customs().is_empty() || seen.facts.history(seen.owner).counted().fails == 0 {
            return Vec::new();
        }
        self.asks(&without_retries(seen, &WithoutRetries(seen.facts)))
    }
}

fn without_retries<'a>(seen: &Observation<'a>, facts: &'a WithoutRetries<'a>) -> Observation<'a> {
    Observation { facts, ..*seen }
}

/// The app as it is, where no failure is retried.
struct WithoutRetries<'a>(&'a dyn Facts);

impl Facts for WithoutRetries<'_> {
    fn history(&self, task: TaskId) -> &History {
        self.0.history(task)
    }

    fn startup(&self) -> Timestamp {
        self.0.startup()
    }

    fn cycles(&self) -> u64 {
        self.0.cycles()
    }

    fn params(&self) -> &Params {
        self.0.params()
    }

    fn poll_interval(&self) -> Delta {
        self.0.poll_interval()
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.0.waits_since(task)
    }

    fn are_runs_over(&self) -> bool {
        self.0.are_runs_over()
    }

    fn are_failures_retried(&self) -> bool {
        false
    }
}
