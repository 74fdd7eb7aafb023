//! Every so often: `every("10 seconds")`.

use rocketry_syntax::ast::{CondExpr, Delta, Every as EveryExpr, Since};

use super::arg::{IntoDelta, length};
use super::methods::words;
use super::mistake::{Checked, condition};
use crate::cond::Condition;

/// Every so often: what [`every`] says.
#[derive(Clone, Debug)]
pub struct Every {
    interval: Checked<Delta>,
    since: Since,
}

/// True once so much time has passed since the previous run was due.
///
/// The time elapses whatever the wall clock does, a late run does not move those after it, and missed runs are
/// made up for by one. See [`based_on`](Every::based_on) for other starting points.
///
/// ```
/// use std::time::Duration;
///
/// use rocketry::conds::*;
///
/// assert_eq!(every("90 min").to_string(), "every 1 hour 30 minutes");
/// assert_eq!(every(Duration::from_millis(500)).to_string(), "every 500 ms");
/// ```
#[track_caller]
pub fn every(interval: impl IntoDelta) -> Every {
    Every {
        interval: length("every", interval),
        since: Since::Start,
    }
}

// Functions, because a constant named `start` would forbid everybody who brings the words into scope to call
// a variable so.

/// Counts the time of [`every`] from when the previous run was due: the default.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(start).to_string(), "every 1 hour");
/// ```
pub fn start() -> Since {
    Since::Start
}

/// Counts the time of [`every`] from the last success.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(success).to_string(), "every 1 hour based on success");
/// ```
pub fn success() -> Since {
    Since::Success
}

/// Counts the time of [`every`] from the last failure.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(fail).to_string(), "every 1 hour based on fail");
/// ```
pub fn fail() -> Since {
    Since::Fail
}

/// Counts the time of [`every`] from the last end of a run, however it ended.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(every("1 hour").based_on(finish).to_string(), "every 1 hour based on finish");
/// ```
pub fn finish() -> Since {
    Since::Finish
}

impl Every {
    /// Counts the time from another point: [`start`], [`success`], [`fail`] or [`finish`].
    #[must_use]
    pub fn based_on(mut self, since: fn() -> Since) -> Self {
        self.since = since();
        self
    }
}

words!(Every);

impl From<Every> for Condition {
    fn from(Every { interval, since }: Every) -> Self {
        condition(interval, |interval| {
            Condition::new(CondExpr::Every(EveryExpr { interval, since }))
        })
    }
}
