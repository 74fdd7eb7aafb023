//! Conditions that retry failures: `retry(3)`.

use rocketry_syntax::ast::{CondExpr, Delta, Retry as RetryExpr};

use super::arg::{IntoDelta, length};
use super::methods::words;
use super::mistake::{Checked, condition};
use crate::cond::Condition;

/// A retry after a failure, as returned by [`retry`].
#[derive(Clone, Debug)]
pub struct Retry {
    limit: Option<u32>,
    backoff: Checked<Option<Delta>>,
}

/// True after a failure of the task, for at most `times` consecutive failures since the rest of the statement
/// last started the task.
///
/// A run that was ended by its timeout has failed; a run that was terminated for another reason has not. A
/// run in progress is not retried. A retry does not shift the grid of [`every`](super::every::every).
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!((daily.after("07:00") | retry(3)).to_string(), "daily after 07:00 | retry 3 times");
/// ```
///
/// A task with this start condition has three retries every day.
pub fn retry(times: u32) -> Retry {
    Retry {
        limit: Some(times),
        backoff: Ok(None),
    }
}

/// True after every failure of the task, without a limit.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(retry_always().to_string(), "retry");
/// ```
pub fn retry_always() -> Retry {
    Retry {
        limit: None,
        backoff: Ok(None),
    }
}

impl Retry {
    /// Waits for a time before the first retry, and doubles the wait before each further retry, up to a day.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(retry(3).backoff("10 s").to_string(), "retry 3 times with backoff 10 seconds");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn backoff(mut self, wait: impl IntoDelta) -> Self {
        self.backoff = length("retry.backoff", wait).map(Some);
        self
    }
}

words!(Retry);

impl From<Retry> for Condition {
    fn from(Retry { limit, backoff }: Retry) -> Self {
        condition(backoff, |backoff| {
            Condition::new(CondExpr::Retry(RetryExpr { limit, backoff }))
        })
    }
}
