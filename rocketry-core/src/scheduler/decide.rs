//! What to start and what to stop: a pure function of how a task stands.

use crate::cond::Verdict;
use crate::session::pending::{Change, Pending};
use crate::session::state::Phase;
use crate::task::Overlap;
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
    pub(crate) overlap: Overlap,
    pub(crate) pending: Option<Pending>,
    /// When a start is made that comes now.
    pub(crate) start_at: Timestamp,
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
    /// Not now; this becomes of one to come.
    Later(Change),
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
    pub(crate) fn asks_start(&self) -> bool {
        let comes = matches!(self.pending, Some(Pending::Start(_)));
        self.phase == Phase::Up && !self.disabled && !comes && (!self.full || self.overlap != Overlap::Skip)
    }

    /// Whether a start is made now that is made from an instant on. What is asked for is not spread.
    fn is_made(&self, at: Timestamp) -> bool {
        at <= self.now || self.asked == Asked::IfDue
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
        // Also where some are overdue: whether the others have to end is judged by the same state.
        None => (Stop::Unknown, Timestamp::MAX),
        Some(false) if standing.deadline <= standing.now => (Stop::Overdue, verdict.until),
        Some(false) => (Stop::No, verdict.until),
    }
}

fn decide_start(standing: &Standing, start: impl FnOnce() -> Verdict) -> (Start, Timestamp) {
    if standing.phase != Phase::Up {
        return (Start::No, Timestamp::MAX);
    }
    if standing.asked == Asked::Anyway && !standing.full {
        return (Start::Asked, Timestamp::MAX);
    }
    match standing.pending {
        Some(Pending::Start(_)) if standing.disabled => (Start::Later(Change::Lost), Timestamp::MAX),
        Some(Pending::Start(later)) if !standing.is_made(later.at) => (Start::No, later.at),
        Some(Pending::Start(_)) if standing.full => (overlapping(standing.overlap), Timestamp::MAX),
        Some(Pending::Start(_)) => (Start::Due, Timestamp::MAX),
        _ if !standing.asks_start() => (Start::No, Timestamp::MAX),
        _ if standing.full => decide_overlap(standing, start()),
        _ => decide_due(standing, start()),
    }
}

fn decide_due(standing: &Standing, start: Verdict) -> (Start, Timestamp) {
    let at = standing.start_at;
    match start.truth {
        Some(true) if standing.is_made(at) => (Start::Due, Timestamp::MAX),
        Some(true) => (Start::Later(Change::Comes { at, overlaps: false }), at),
        Some(false) => (Start::No, start.until),
        None => (Start::Unknown, Timestamp::MAX),
    }
}

/// Whether another start comes while as many runs are under way as may be.
fn decide_overlap(standing: &Standing, start: Verdict) -> (Start, Timestamp) {
    let ready = standing.pending == Some(Pending::Ready);
    let at = standing.start_at;
    let change = match start.truth {
        Some(true) if ready => Start::Later(Change::Comes { at, overlaps: true }),
        Some(false) if !ready => Start::Later(Change::Ready),
        Some(_) => Start::No,
        None => Start::Unknown,
    };
    (change, start.until)
}

/// What becomes of a start that is to be made while as many runs are under way as may be.
fn overlapping(overlap: Overlap) -> Start {
    Start::Later(match overlap {
        Overlap::Skip => Change::Lost,
        Overlap::Queue => Change::Waits,
        Overlap::Replace => Change::Replaces,
    })
}
