//! Decides whether a run of a task starts or stops, and if none starts, for what reason: a pure function of
//! the task's standing.

use super::admission::Refused;
use super::deferred::{Deferral, DeferralChange};
use super::hold::HeldBy;
use super::state::Phase;
use crate::cond::Verdict;
use crate::task::Overlap;
use crate::time::Timestamp;

/// The standing of a task: everything that a decision depends on, at an instant.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent flag")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) now: Timestamp,
    pub(crate) phase: Phase,
    pub(crate) disabled: bool,
    pub(crate) permanent: bool,
    pub(crate) running: bool,
    /// Whether the task has as many concurrent runs as it may.
    pub(crate) full: bool,
    pub(crate) requested: Requested,
    pub(crate) overlap: Overlap,
    pub(crate) deferral: Option<Deferral>,
    /// When a start that falls due now is made.
    pub(crate) start_at: Timestamp,
    /// When the first pause ends of the task, its group or the app; an instant that has passed if there is none.
    pub(crate) pause_ends: Timestamp,
    /// When the pause after crashes of the app is over.
    pub(crate) pause_until: Timestamp,
    /// Whether a run has reached its deadline.
    pub(crate) overdue: bool,
}

/// Whether a run was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requested {
    No,
    /// Regardless of the start condition.
    Anyway,
    /// If the task is due.
    IfDue,
    /// For a missed start: if nothing else starts and the task is not disabled.
    CatchUp,
    /// For a backfill: if nothing else starts.
    Backfill,
}

/// Whether a start waits because the last runs of its task have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailurePause {
    None,
    /// Until this instant, at which to decide again.
    Until(Timestamp),
    /// Custom conditions have to be evaluated to decide this.
    Unknown,
}

/// What to do with a task, and when to decide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) start: Start,
    pub(crate) stop: Stop,
    /// When to decide again if nothing happens before, and no run reaches its deadline.
    pub(crate) wake: Timestamp,
}

/// Whether to start a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// No: no run was requested, and the start condition is false.
    No,
    /// No: something else keeps a run from starting, whatever the start condition says.
    Held(HeldBy),
    /// No: a run is due or requested, and has to be queued until it is admitted.
    Queue(Refused),
    /// Not now: the deferred start of the task changes.
    Defer(DeferralChange),
    /// No: the task is due, and this start is to be skipped.
    Skip,
    /// Yes: a run was requested.
    Requested,
    /// Yes: a start that was missed is caught up on.
    CatchUp,
    /// Yes: a run of a backfill is next.
    Backfill,
    /// Yes: the task is due.
    Due,
    /// The custom conditions of the statement have to be evaluated first.
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
    /// The custom conditions of the end condition have to be evaluated first.
    Unknown,
}

impl Start {
    /// Returns what prevents a run from starting, if anything does.
    #[inline]
    pub(crate) fn held_by(self) -> Option<HeldBy> {
        match self {
            Start::Held(by) => Some(by),
            Start::Queue(Refused::Log) => Some(HeldBy::Log),
            Start::Queue(Refused::Pool(_)) => Some(HeldBy::Pool),
            Start::Defer(DeferralChange::Comes { overlaps: false, .. }) => Some(HeldBy::Jitter),
            Start::Defer(
                DeferralChange::Comes { overlaps: true, .. }
                | DeferralChange::Waits
                | DeferralChange::Replaces,
            ) => Some(HeldBy::Running),
            Start::Defer(DeferralChange::Ready | DeferralChange::Lost)
            | Start::No
            | Start::Skip
            | Start::Requested
            | Start::CatchUp
            | Start::Backfill
            | Start::Due
            | Start::Unknown => None,
        }
    }
}

impl Standing {
    /// Returns what makes the start condition irrelevant now, if anything does.
    pub(crate) fn held_by(&self) -> Option<HeldBy> {
        if self.phase != Phase::Up {
            return Some(HeldBy::Phase);
        }
        if self.is_paused() {
            return Some(HeldBy::Paused);
        }
        if self.disabled {
            return Some(HeldBy::Disabled);
        }
        if self.pauses() {
            return Some(HeldBy::Crashes);
        }
        match self.deferral {
            Some(Deferral::Start(start)) if !start.overlaps => Some(HeldBy::Jitter),
            Some(Deferral::Start(_)) => Some(HeldBy::Running),
            _ if self.full && self.overlap == Overlap::Skip => Some(HeldBy::Running),
            _ => None,
        }
    }

    fn is_paused(&self) -> bool {
        self.now < self.pause_ends
    }

    fn pauses(&self) -> bool {
        self.now < self.pause_until
    }

    /// Returns true if a start that is planned for an instant is made now. Requested runs are not spread.
    fn is_made(&self, at: Timestamp) -> bool {
        at <= self.now || self.requested == Requested::IfDue
    }
}

/// Makes the decision. The verdicts, the pause after failures, skips and the admission are only evaluated
/// where they matter.
#[inline]
pub(crate) fn decide(
    standing: &Standing,
    start: impl FnOnce() -> Verdict,
    pause: impl FnOnce() -> FailurePause,
    end: impl FnOnce() -> Verdict,
    skips: impl FnOnce() -> Option<bool>,
    admit: impl FnOnce() -> Result<(), Refused>,
) -> Decision {
    let (stop, stop_wake) = decide_stop(standing, end);
    let (start, start_wake) = decide_start(standing, start, pause);
    let skips = if start == Start::Due { skips() } else { Some(false) };
    let start = match start {
        Start::Due if skips.is_none() => Start::Unknown,
        Start::Due if skips == Some(true) => Start::Skip,
        Start::Requested | Start::CatchUp | Start::Backfill | Start::Due => {
            admit().map_or_else(Start::Queue, |()| start)
        }
        other => other,
    };
    Decision {
        start,
        stop,
        wake: stop_wake.min(start_wake),
    }
}

#[inline]
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
        // Applies even if some runs are overdue: the same state decides whether the others have to end.
        None => (Stop::Unknown, Timestamp::MAX),
        Some(false) if standing.overdue => (Stop::Overdue, verdict.until),
        Some(false) => (Stop::No, verdict.until),
    }
}

#[inline]
fn decide_start(
    standing: &Standing,
    start: impl FnOnce() -> Verdict,
    pause: impl FnOnce() -> FailurePause,
) -> (Start, Timestamp) {
    if standing.phase != Phase::Up {
        return (Start::Held(HeldBy::Phase), Timestamp::MAX);
    }
    // Applies to requested runs too: a pause delays all starts.
    if standing.is_paused() {
        return (Start::Held(HeldBy::Paused), standing.pause_ends);
    }
    // Applies to requested runs too: otherwise a task with many of them could crash the app as often.
    if standing.pauses() {
        return (Start::Held(HeldBy::Crashes), standing.pause_until);
    }
    if standing.requested == Requested::Anyway && !standing.full {
        return (Start::Requested, Timestamp::MAX);
    }
    let (by_schedule, wake) = decide_schedule(standing, start, pause);
    match made_up_for(standing, by_schedule) {
        Some(start) => (start, Timestamp::MAX),
        None => (by_schedule, wake),
    }
}

/// Returns the start for a past instant, if the schedule starts nothing.
fn made_up_for(standing: &Standing, by_schedule: Start) -> Option<Start> {
    let is_free = match by_schedule {
        Start::No | Start::Held(HeldBy::Jitter | HeldBy::Failures) => !standing.full,
        Start::Held(HeldBy::Disabled) => standing.requested == Requested::Backfill && !standing.full,
        _ => false,
    };
    match standing.requested {
        Requested::CatchUp if is_free => Some(Start::CatchUp),
        Requested::Backfill if is_free => Some(Start::Backfill),
        _ => None,
    }
}

/// Whether the schedule starts a run.
#[inline]
fn decide_schedule(
    standing: &Standing,
    start: impl FnOnce() -> Verdict,
    pause: impl FnOnce() -> FailurePause,
) -> (Start, Timestamp) {
    match standing.deferral {
        Some(Deferral::Start(_)) if standing.disabled => (Start::Defer(DeferralChange::Lost), Timestamp::MAX),
        Some(Deferral::Start(deferred)) if !standing.is_made(deferred.at) => {
            (Start::Held(HeldBy::Jitter), deferred.at)
        }
        Some(Deferral::Start(_)) if standing.full => (overlapping(standing.overlap), Timestamp::MAX),
        Some(Deferral::Start(_)) => (Start::Due, Timestamp::MAX),
        _ => match standing.held_by() {
            Some(by) => (Start::Held(by), Timestamp::MAX),
            None if standing.full => decide_overlap(standing, start()),
            None => decide_due(standing, start(), pause),
        },
    }
}

#[inline]
fn decide_due(
    standing: &Standing,
    start: Verdict,
    pause: impl FnOnce() -> FailurePause,
) -> (Start, Timestamp) {
    let at = standing.start_at;
    if start.truth == Some(true) && !matches!(standing.requested, Requested::Anyway | Requested::IfDue) {
        match pause() {
            FailurePause::None => {}
            FailurePause::Until(until) => return (Start::Held(HeldBy::Failures), until.min(start.until)),
            FailurePause::Unknown => return (Start::Unknown, Timestamp::MAX),
        }
    }
    match start.truth {
        Some(true) if standing.is_made(at) => (Start::Due, Timestamp::MAX),
        Some(true) => {
            let comes = DeferralChange::Comes { at, overlaps: false };
            (Start::Defer(comes), at)
        }
        Some(false) => (Start::No, start.until),
        None => (Start::Unknown, Timestamp::MAX),
    }
}

/// Whether another start comes while the task has as many concurrent runs as it may.
fn decide_overlap(standing: &Standing, start: Verdict) -> (Start, Timestamp) {
    let ready = standing.deferral == Some(Deferral::Ready);
    let at = standing.start_at;
    let decided = match start.truth {
        Some(true) if ready => Start::Defer(DeferralChange::Comes { at, overlaps: true }),
        Some(false) if !ready => Start::Defer(DeferralChange::Ready),
        Some(_) => Start::Held(HeldBy::Running),
        None => Start::Unknown,
    };
    (decided, start.until)
}

/// Returns the fate of a deferred start that is due while the task has the maximum number of concurrent runs.
fn overlapping(overlap: Overlap) -> Start {
    Start::Defer(match overlap {
        Overlap::Skip => DeferralChange::Lost,
        Overlap::Queue => DeferralChange::Waits,
        Overlap::Replace => DeferralChange::Replaces,
    })
}
