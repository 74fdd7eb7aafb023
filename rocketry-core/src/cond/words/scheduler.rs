//! Conditions on the uptime and the cycles of the scheduler.

use rocketry_syntax::ast::{Age, Compare, CondExpr, Count};

use super::arg::{IntoDelta, length};
use super::methods::{counts, words};
use super::mistake::{Checked, condition};
use super::running::{less_than, more_than};
use crate::cond::Condition;

/// The uptime of the scheduler, as returned by [`scheduler_running`].
#[derive(Clone, Debug)]
pub struct SchedulerRunning(Checked<Age>);

/// The number of cycles of the scheduler, as returned by [`scheduler_cycles`].
#[derive(Clone, Debug)]
pub struct SchedulerCycles(Count);

/// True while the scheduler runs and its uptime is within the given limits.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(scheduler_running().to_string(), "scheduler is running");
/// assert_eq!(
///     scheduler_running().more_than("10 min").less_than("1 h").to_string(),
///     "scheduler has run over 10 minutes and under 1 hour",
/// );
/// ```
pub fn scheduler_running() -> SchedulerRunning {
    SchedulerRunning(Ok(Age::default()))
}

/// True while the scheduler started less than this long ago.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(scheduler_started("20 minutes").to_string(), "scheduler started 20 minutes ago");
/// ```
#[track_caller]
pub fn scheduler_started(past: impl IntoDelta) -> Condition {
    condition(length("scheduler_started", past), |past| {
        Condition::new(CondExpr::SchedulerStarted(past))
    })
}

/// True once the scheduler has completed a cycle, or the given number of cycles.
///
/// The scheduler runs a cycle whenever something may have changed, so this does not measure time.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(scheduler_cycles().to_string(), "scheduler has cycles");
/// assert_eq!(scheduler_cycles().more_than(3).to_string(), "scheduler has more than 3 cycles");
/// ```
pub fn scheduler_cycles() -> SchedulerCycles {
    SchedulerCycles(Count::default())
}

impl SchedulerRunning {
    /// Requires at least this uptime.
    #[track_caller]
    #[must_use]
    pub fn more_than(self, length: impl IntoDelta) -> Self {
        SchedulerRunning(more_than("scheduler_running.more_than", self.0, length))
    }

    /// Requires at most this uptime.
    #[track_caller]
    #[must_use]
    pub fn less_than(self, length: impl IntoDelta) -> Self {
        SchedulerRunning(less_than("scheduler_running.less_than", self.0, length))
    }
}

impl SchedulerCycles {
    /// Requires more than `n` cycles. Short for [`more_than_times`](Self::more_than_times).
    #[must_use]
    pub fn more_than(self, n: u64) -> Self {
        self.more_than_times(n)
    }

    /// Requires fewer than `n` cycles. Short for [`less_than_times`](Self::less_than_times).
    #[must_use]
    pub fn less_than(self, n: u64) -> Self {
        self.less_than_times(n)
    }

    fn counted(mut self, compare: Compare, n: u64) -> Self {
        self.0.0.push((compare, n));
        self
    }
}

counts!(SchedulerCycles);
words!(SchedulerRunning, SchedulerCycles);

impl From<SchedulerRunning> for Condition {
    fn from(SchedulerRunning(age): SchedulerRunning) -> Self {
        condition(age, |age| Condition::new(CondExpr::SchedulerRunning(age)))
    }
}

impl From<SchedulerCycles> for Condition {
    fn from(SchedulerCycles(count): SchedulerCycles) -> Self {
        Condition::new(CondExpr::SchedulerCycles(count))
    }
}
