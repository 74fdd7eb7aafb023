//! Distinguishes a scheduled start from one that only retries a failure.

use super::facts::Observation;
use super::plan::Plan;
use crate::log::StartedBy;

impl Plan {
    /// Returns what starts a run when the start condition is true: the schedule, or only the retry of a
    /// failure.
    pub fn started_by(&self, seen: &Observation<'_>) -> StartedBy {
        if !self.retries || seen.facts.history(seen.owner).counted().fails == 0 {
            return StartedBy::Schedule;
        }
        match self.observe(&without_retries(seen)).truth {
            Some(false) => StartedBy::Retry,
            _ => StartedBy::Schedule,
        }
    }

    /// The custom conditions that have to be evaluated to distinguish a retry from a scheduled run. A retry
    /// may make the whole condition true without them.
    pub(crate) fn asks_started_by(&self, seen: &Observation<'_>) -> Vec<usize> {
        if !self.retries || self.customs().is_empty() || seen.facts.history(seen.owner).counted().fails == 0 {
            return Vec::new();
        }
        self.asks(&without_retries(seen))
    }
}

/// The same observation without retries of failures.
pub(super) fn without_retries<'a>(seen: &Observation<'a>) -> Observation<'a> {
    Observation {
        retries: false,
        ..*seen
    }
}
