//! What a condition may look at.

use crate::log::History;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};
use rocketry_syntax::ast::Delta;

/// The app as it is: what conditions are a pure function of, together with the present.
pub trait Facts {
    /// The past of a task.
    fn history(&self, task: TaskId) -> &History;
    /// When the scheduler started.
    fn startup(&self) -> Timestamp;
    /// How many cycles the scheduler has made.
    fn cycles(&self) -> u64;
    /// The session's parameters.
    fn params(&self) -> &Params;
    /// How often a custom condition is asked again.
    fn poll_interval(&self) -> Delta;
    /// When a task counts as having run as long as it never has; `None` if its first run is due like any other.
    fn waits_since(&self, _: TaskId) -> Option<Timestamp> {
        None
    }
    /// Whether runs under way count as having ended when they began, for the task that owns the statement.
    fn are_runs_over(&self) -> bool {
        false
    }
}

/// One look at the app, for one task.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    /// The present.
    pub now: Timestamp,
    /// The zone of the task.
    pub zone: Zone,
    /// The task that owns the statement.
    pub owner: TaskId,
    /// The app.
    pub facts: &'a dyn Facts,
    /// What the custom conditions of the statement answered, as far as they were asked.
    pub answers: &'a [Option<bool>],
}

/// What a condition says at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is true; `None` where only a custom condition that was not asked can tell.
    pub truth: Option<bool>,
    /// The earliest instant at which this may change by time alone; [`Timestamp::MAX`] if never.
    pub until: Timestamp,
}

impl Verdict {
    /// A truth that changes by events only.
    pub(crate) const fn settled(truth: bool) -> Self {
        Verdict {
            truth: Some(truth),
            until: Timestamp::MAX,
        }
    }

    /// A truth that may change at an instant.
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

    /// The verdict of all members: `decisive` is `false` for "all of", `true` for "any of".
    ///
    /// While some member is decisive, every decisive member has to change before the whole can: the latest
    /// of their instants counts. Otherwise the first change of any member counts.
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
