//! The inputs of conditions.

use crate::log::History;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};
use rocketry_syntax::ast::Delta;

/// The state of the app. Conditions are pure functions of it and of the current time.
pub trait Facts {
    /// Returns the past of a task.
    fn history(&self, task: TaskId) -> &History;
    /// Returns the time when the scheduler started.
    fn startup(&self) -> Timestamp;
    /// Returns the number of cycles of the scheduler.
    fn cycles(&self) -> u64;
    /// Returns the parameters of the session.
    fn params(&self) -> &Params;
    /// Returns the interval at which custom conditions are evaluated.
    fn poll_interval(&self) -> Delta;
    /// Returns the time from which a task that has never run counts its first interval; `None` if its first run is
    /// due immediately.
    fn waits_since(&self, _: TaskId) -> Option<Timestamp> {
        None
    }
}

/// One observation of the app, for one task.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    /// The current time.
    pub now: Timestamp,
    /// The time zone of the task.
    pub zone: Zone,
    /// The task that owns the statement.
    pub owner: TaskId,
    /// The state of the app.
    pub facts: &'a dyn Facts,
    /// The results of the custom conditions of the statement that were evaluated.
    pub answers: &'a [Option<bool>],
    /// Whether the runs in progress of the owner count as ended at the time of their start.
    pub runs_over: bool,
    /// Whether failures are retried by statements that say so.
    pub retries: bool,
}

/// The result of a condition at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the condition is true; `None` if this depends on a custom condition that was not evaluated.
    pub truth: Option<bool>,
    /// The earliest instant at which the result may change by time alone; [`Timestamp::MAX`] if it never does.
    pub until: Timestamp,
}

impl Verdict {
    /// Creates a result that only events can change.
    pub(crate) const fn settled(truth: bool) -> Self {
        Verdict {
            truth: Some(truth),
            until: Timestamp::MAX,
        }
    }

    /// Creates a result that may change at an instant.
    pub(crate) const fn until(truth: bool, until: Timestamp) -> Self {
        Verdict {
            truth: Some(truth),
            until,
        }
    }

    pub(crate) const UNKNOWN: Self = Verdict {
        truth: None,
        until: Timestamp::MAX,
    };

    pub(crate) fn is_true(self) -> bool {
        self.truth == Some(true)
    }

    pub(crate) fn negated(self) -> Self {
        Verdict {
            truth: self.truth.map(|truth| !truth),
            ..self
        }
    }

    /// Combines the results of all members: `decisive` is `false` for "all of" and `true` for "any of".
    ///
    /// While any member is decisive, all decisive members have to change before the whole can, so the latest of their
    /// instants counts. Otherwise the first change of any member counts.
    pub(crate) fn combine(members: impl Iterator<Item = Verdict>, decisive: bool) -> Self {
        let mut unknown = false;
        let mut latest_decisive = None;
        let mut earliest = Timestamp::MAX;
        for member in members {
            match member.truth {
                Some(truth) if truth == decisive => {
                    latest_decisive = latest_decisive.max(Some(member.until));
                }
                other => {
                    unknown |= other.is_none();
                    earliest = earliest.min(member.until);
                }
            }
        }
        match latest_decisive {
            Some(until) => Verdict::until(decisive, until),
            None if unknown => Verdict {
                truth: None,
                until: earliest,
            },
            None => Verdict::until(!decisive, earliest),
        }
    }
}
