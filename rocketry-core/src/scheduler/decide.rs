//! What to start and what to stop: a pure function of how a task stands.

use crate::cond::Verdict;
use crate::session::state::Phase;
use crate::time::Timestamp;

/// How a task stands at an instant.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent yes or no of the user's"
)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) now: Timestamp,
    pub(crate) phase: Phase,
    pub(crate) disabled: bool,
    pub(crate) permanent: bool,
    pub(crate) running: bool,
    /// Whether as many runs are under way as may be.
    pub(crate) full: bool,
    /// Whether a run was asked for.
    pub(crate) asked: Asked,
    /// When the first run under way has to end.
    pub(crate) deadline: Timestamp,
}

/// Whether a run was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    No,
    /// Whatever the start condition says.
    Anyway,
    /// If the task is due.
    IfDue,
}

/// What to do with a task, and when to look at it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) start: Start,
    pub(crate) stop: Stop,
    /// When to look again if nothing happens before, and no run reaches its deadline.
    pub(crate) wake: Timestamp,
}

/// Whether to start a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    No,
    /// Because a run was asked for.
    Asked,
    /// Because the statement is true.
    Due,
    /// The custom conditions of the statement have to be asked first.
    Unknown,
}

/// Which runs to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    No,
    /// Those past their deadline.
    Overdue,
    /// All, because the end condition is true.
    Ended,
    /// All, because the app shuts down.
    ShutDown,
    /// The custom conditions of the end condition have to be asked first.
    Unknown,
}

impl Standing {
    /// Whether the start condition matters now.
    pub(crate) fn may_start(&self) -> bool {
        self.phase == Phase::Up && !self.full
    }
}

/// Decides. The verdicts are only asked for where they matter.
pub(crate) fn decide(
    standing: &Standing,
    start: impl FnOnce() -> Verdict,
    end: impl FnOnce() -> Verdict,
) -> Decision {
    let (stop, stop_wake) = decide_stop(standing, end);
    let (start, start_wake) = decide_start(standing, start);
    Decision {
        start,
        stop,
        wake: stop_wake.min(start_wake),
    }
}

fn decide_stop(standing: &Standing, end: impl FnOnce() -> Verdict) -> (Stop, Timestamp) {
    if !standing.running {
        return (Stop::No, Timestamp::MAX);
    }
    if standing.phase == Phase::Forced || (standing.phase == Phase::Closing && standing.permanent) {
        return (Stop::ShutDown, Timestamp::MAX);
    }
    let verdict = end();
    match verdict.truth {
        Some(true) => (Stop::Ended, Timestamp::MAX),
        _ if standing.deadline <= standing.now => (Stop::Overdue, verdict.until),
        Some(false) => (Stop::No, verdict.until),
        None => (Stop::Unknown, Timestamp::MAX),
    }
}

fn decide_start(standing: &Standing, start: impl FnOnce() -> Verdict) -> (Start, Timestamp) {
    if !standing.may_start() {
        return (Start::No, Timestamp::MAX);
    }
    if standing.asked == Asked::Anyway {
        return (Start::Asked, Timestamp::MAX);
    }
    if standing.disabled {
        return (Start::No, Timestamp::MAX);
    }
    let verdict = start();
    match verdict.truth {
        Some(true) => (Start::Due, Timestamp::MAX),
        Some(false) => (Start::No, verdict.until),
        None => (Start::Unknown, Timestamp::MAX),
    }
}
