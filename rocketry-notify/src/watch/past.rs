//! The past runs of a task, as far as the watch needs them.

use std::collections::VecDeque;
use std::time::Duration;

use rocketry_core::{Action, Query, Record, RunId};

/// The maximum number of runs to consider.
const MOST: usize = 20;

/// The minimum number of successes that define the usual time.
const FEWEST: usize = 3;

/// The last ends of a task's runs: their durations, and the number of failures since the last success.
#[derive(Clone, Debug, Default)]
pub(crate) struct PastRuns {
    lengths: VecDeque<Duration>,
    pub(crate) failures_in_a_row: u64,
}

impl PastRuns {
    /// The query for the records that [`PastRuns::new`] takes.
    pub(crate) fn query(task: &str) -> Query {
        let ends = Action::OF_RUNS.into_iter().filter(|action| action.is_end());
        ends.fold(Query::new().task(task).last(MOST), Query::action)
    }

    /// The past before one run.
    pub(crate) fn new(mut ends: Vec<Record>, before: &RunId) -> Self {
        ends.sort_by_key(|end| end.created);
        let mut past = PastRuns::default();
        ends.retain(|end| end.run_id != *before);
        for end in &ends {
            past.note(end);
        }
        past
    }

    /// Adds the end of a run.
    pub(crate) fn note(&mut self, end: &Record) {
        if has_failed(end) {
            self.failures_in_a_row += 1;
        } else if has_gone_well(end) {
            self.failures_in_a_row = 0;
        }
        if end.action == Action::Success
            && let Some(length) = end.runtime()
        {
            self.lengths.truncate(MOST - 1);
            self.lengths.push_front(length);
        }
    }

    /// The median of the last successful runs; `None` if there are too few.
    pub(crate) fn usual(&self) -> Option<Duration> {
        if self.lengths.len() < FEWEST {
            return None;
        }
        let mut lengths: Vec<_> = self.lengths.iter().copied().collect();
        let middle = lengths.len() / 2;
        Some(*lengths.select_nth_unstable(middle).1)
    }
}

/// Returns true if a run has failed or was interrupted by a crash of the app.
pub(crate) fn has_failed(end: &Record) -> bool {
    end.is_failure() || end.action == Action::Crash
}

/// Returns true if a run shows that its task works.
pub(crate) fn has_gone_well(end: &Record) -> bool {
    matches!(end.action, Action::Success | Action::Inaction)
}
