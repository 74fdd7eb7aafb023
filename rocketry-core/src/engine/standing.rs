//! The standing of a task at an instant: pure functions of the state and the instant.

use std::sync::Arc;

use super::decide::{Decision, FailurePause, Requested, Standing, decide};
use super::hold::Hold;
use super::run_queue::RunRequest;
use super::spec::Statement;
use super::state::State;
use crate::cond::{Facts, Observation, Plan, Verdict};
use crate::log::StartedBy;
use crate::param::RunId;
use crate::task::Overlap;
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// The maximum number of changes of a condition to step through.
pub(crate) const MAX_STEPS: usize = 256;

/// The results of the user functions called for a task.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// The custom conditions of the start condition.
    pub(crate) start: Vec<Option<bool>>,
    /// The custom conditions of the end condition.
    pub(crate) end: Vec<Option<bool>>,
    /// The name of the next run, if the task names its runs.
    pub(crate) name: Option<RunId>,
}

impl Answers {
    /// Returns true if a run of the task can't start because it has no name yet.
    pub(crate) fn lack_name(&self, state: &State, id: TaskId) -> bool {
        self.name.is_none() && state.task(id).spec.rare.run_id.is_some()
    }
}

/// Decides a task.
pub(crate) fn decide_about(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> Decision {
    decide_knowing(state, id, now, answers, None)
}

/// Decides a task whose start condition may have been evaluated at this instant already.
#[inline]
pub(super) fn decide_knowing(
    state: &State,
    id: TaskId,
    now: Timestamp,
    answers: &Answers,
    start: Option<Verdict>,
) -> Decision {
    decide(
        &standing(state, id, now),
        || start.unwrap_or_else(|| start_verdict(state, id, now, &answers.start)),
        || {
            let start = state.task(id).spec.start.as_ref();
            Look::at(state, id).failure_pause(start, now, &answers.start)
        },
        || {
            let end = state.task(id).spec.rare.end.as_ref();
            Look::at(state, id).verdict(end, now, &answers.end)
        },
        || skips(state, id, now, answers),
        || state.admit(id, now),
    )
}

/// Whether a start of a task that is due is to be skipped; `None` if custom conditions have to be evaluated first. Only a
/// start by the schedule is skipped, neither a retry nor a requested run.
fn skips(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> Option<bool> {
    if !state.skips.next.contains(&id) || state.task(id).queue.front().is_some() {
        return Some(false);
    }
    if lacks_why(state, id, now, answers) {
        return None;
    }
    Some(started_by(state, id, now, answers) == StartedBy::Schedule)
}

/// Returns the standing of a task.
#[inline]
pub(crate) fn standing(state: &State, id: TaskId, now: Timestamp) -> Standing {
    let entry = state.task(id);
    let requested = match entry.queue.front() {
        None if state.is_catch_up_ready(id) => Requested::CatchUp,
        None if state.is_backfill_ready(id) => Requested::Backfill,
        None => Requested::No,
        Some(RunRequest { if_due: false, .. }) => Requested::Anyway,
        Some(RunRequest { if_due: true, .. }) => Requested::IfDue,
    };
    Standing {
        now,
        phase: state.phase,
        disabled: entry.disabled || (state.only_requested && requested == Requested::No),
        permanent: entry.spec.permanent,
        running: !entry.runs.running.is_empty(),
        full: entry.is_full(),
        requested,
        overlap: entry.spec.overlap,
        deferral: state.deferred.of(id),
        start_at: state.start_at(id, now),
        pause_ends: state.pause_ends(id, now),
        pause_until: state.crashes.until(id),
        overdue: entry.overdue,
    }
}

/// The inputs of a statement of a task, at any instant.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) facts: &'a dyn Facts,
    pub(super) zone: Zone,
    pub(super) owner: TaskId,
    /// Whether the runs of the task count as over: whether another start has come.
    pub(super) runs_over: bool,
    /// When the pause after failures is over, which holds back starts that do not come anew.
    pub(super) failing_until: Option<Timestamp>,
}

impl<'a> Look<'a> {
    #[inline]
    pub(super) fn at(state: &'a State, owner: TaskId) -> Self {
        Look {
            facts: state,
            zone: state.task(owner).spec.zone,
            owner,
            runs_over: false,
            failing_until: state.failing(owner).map(|row| row.until),
        }
    }

    #[inline]
    pub(super) fn observation(self, now: Timestamp, answers: &'a [Option<bool>]) -> Observation<'a> {
        Observation {
            now,
            zone: self.zone,
            owner: self.owner,
            facts: self.facts,
            answers,
            runs_over: self.runs_over,
            retries: true,
        }
    }

    /// The verdict of a statement. A missing statement is never true.
    #[inline]
    fn verdict(
        self,
        statement: Option<&Arc<Statement>>,
        now: Timestamp,
        answers: &'a [Option<bool>],
    ) -> Verdict {
        match statement {
            Some(statement) => statement.plan.observe(&self.observation(now, answers)),
            None => Verdict {
                truth: Some(false),
                until: Timestamp::MAX,
            },
        }
    }
}

impl Look<'_> {
    /// Whether a task pauses although its start condition may be true: its last runs have failed, and no start has come anew
    /// since.
    #[inline]
    fn failure_pause(
        self,
        start: Option<&Arc<Statement>>,
        now: Timestamp,
        answers: &[Option<bool>],
    ) -> FailurePause {
        let (Some(until), Some(start)) = (self.failing_until.filter(|until| now < *until), start) else {
            return FailurePause::None;
        };
        let renewal = start.plan.renewal(&self.observation(now, answers));
        match renewal.truth {
            Some(true) => FailurePause::None,
            Some(false) => FailurePause::Until(until.min(renewal.until)),
            None => FailurePause::Unknown,
        }
    }

    /// Whether a start is made at another instant, as far as the start condition says; a pause after failures counts as
    /// false.
    pub(super) fn start_verdict(self, start: Option<&Arc<Statement>>, at: Timestamp) -> Verdict {
        let verdict = self.verdict(start, at, &[]);
        match self.failure_pause(start, at, &[]) {
            FailurePause::Until(until) if verdict.truth != Some(false) => Verdict {
                truth: Some(false),
                until: verdict.until.min(until),
            },
            _ => verdict,
        }
    }
}

/// Returns everything that prevents a run of a task from starting, the most important first.
pub(crate) fn holds(state: &State, id: TaskId, now: Timestamp) -> Vec<Hold> {
    let mut holds = state.holds(id, now);
    if is_finished(state, id, now) {
        holds.push(Hold::Finished);
    }
    holds
}

/// Returns true if the start condition of a task can't become true again.
pub(crate) fn is_finished(state: &State, id: TaskId, now: Timestamp) -> bool {
    let entry = state.task(id);
    let is_over = |start: &Arc<Statement>| {
        let look = Look::at(state, id);
        start.plan.is_over(&look.observation(now, &[]))
    };
    entry.runs.running.is_empty() && entry.spec.start.as_ref().is_some_and(is_over)
}

/// The app as a statement of a task sees it at an instant.
pub(crate) fn observation(state: &State, id: TaskId, now: Timestamp) -> Observation<'_> {
    Look::at(state, id).observation(now, &[])
}

pub(super) fn start_verdict(state: &State, id: TaskId, now: Timestamp, answers: &[Option<bool>]) -> Verdict {
    let start = state.task(id).spec.start.as_ref();
    look_at_start(state, id).verdict(start, now, answers)
}

/// The start condition of a task, if it retries failed runs.
#[inline]
fn retrying(state: &State, id: TaskId) -> Option<&Statement> {
    let start = state.task(id).spec.start.as_deref();
    start.filter(|start| start.plan.retries())
}

/// What starts a run of a task that is due. Custom conditions have not been evaluated for a deferred start.
#[inline]
pub(crate) fn started_by(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> StartedBy {
    let Some(start) = retrying(state, id) else {
        return StartedBy::Schedule;
    };
    let is_deferred = state.deferred.start(id).is_some();
    let answers = if is_deferred { &[] } else { &*answers.start };
    let seen = Look::at(state, id).observation(now, answers);
    start.plan.started_by(&seen)
}

/// Returns true if custom conditions have to be evaluated before it is known why a start that is due is made.
#[inline]
pub(crate) fn lacks_why(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> bool {
    let Some(start) = &state.task(id).spec.start else {
        return false;
    };
    let is_asked = !answers.start.is_empty() || state.deferred.start(id).is_some();
    !start.plan.customs().is_empty() && !is_asked && !asks_why(state, id, now, &start.plan).is_empty()
}

/// The custom conditions that distinguish a retry from a scheduled start; and during a pause after failures, whether
/// the start comes anew.
fn asks_why(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    let look = Look::at(state, id);
    let seen = look.observation(now, &[]);
    let mut asked = plan.asks_started_by(&seen);
    if look.failing_until.is_some_and(|until| now < until) {
        asked.extend(plan.asks_renewal(&seen));
    }
    asked
}

/// What a start condition is evaluated against: the app as it is; or, if a start would overlap, the app as it would be if
/// the runs of the task were over.
#[inline]
fn look_at_start(state: &State, id: TaskId) -> Look<'_> {
    Look {
        runs_over: overlaps(state, id),
        ..Look::at(state, id)
    }
}

/// Returns true if another start may come while the task has as many concurrent runs as it may.
#[inline]
fn overlaps(state: &State, id: TaskId) -> bool {
    let entry = state.task(id);
    entry.is_full() && entry.spec.overlap != Overlap::Skip
}

/// The custom conditions of a task's start condition that have to be evaluated.
pub(crate) fn unknowns_of_start(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    let mut asked = plan.asks(&look_at_start(state, id).observation(now, &[]));
    asked.extend(asks_why(state, id, now, plan));
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// The custom conditions of a task's end condition that have to be evaluated.
pub(crate) fn unknowns_of_end(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    plan.asks(&Look::at(state, id).observation(now, &[]))
}

/// The end of a walk through the instants at which a start condition may change.
pub(super) enum Walk<T> {
    /// The visitor found what it looked for.
    Found(T),
    /// The walk has passed its last instant, at which this was the verdict; `None` if it began after it.
    Passed(Option<Verdict>),
    /// The condition changes more often than is stepped through.
    GaveUp,
}

/// Visits the instants from `from` to `last` at which a task's start condition may change, with whether it may be true
/// there. A custom condition, which can't be evaluated at other instants, counts as true.
pub(super) fn walk<T>(
    state: &State,
    id: TaskId,
    (from, last): (Timestamp, Timestamp),
    visit: impl FnMut(Timestamp, bool) -> Option<T>,
) -> Walk<T> {
    let start = state.task(id).spec.start.as_ref();
    walk_by(look_at_start(state, id), start, (from, last), visit)
}

/// Visits the instants at which a statement may change: see [`walk`].
pub(super) fn walk_by<T>(
    look: Look<'_>,
    statement: Option<&Arc<Statement>>,
    (from, last): (Timestamp, Timestamp),
    mut visit: impl FnMut(Timestamp, bool) -> Option<T>,
) -> Walk<T> {
    let (mut at, mut latest) = (from, None);
    for _ in 0..MAX_STEPS {
        if at > last {
            return Walk::Passed(latest);
        }
        let verdict = look.start_verdict(statement, at);
        if let Some(found) = visit(at, verdict.truth != Some(false)) {
            return Walk::Found(found);
        }
        at = verdict.until;
        latest = Some(verdict);
    }
    Walk::GaveUp
}

/// The starts of a task that came and went from an instant to another while its runs are in progress; and the one that is
/// still due at the end, which is late.
pub(crate) fn starts_that_came(
    state: &State,
    id: TaskId,
    (from, to): (Timestamp, Timestamp),
) -> (Vec<Timestamp>, Option<Timestamp>) {
    let look = Look {
        runs_over: true,
        ..Look::at(state, id)
    };
    let (mut came, mut held) = (Vec::new(), true);
    walk_by(
        look,
        state.task(id).spec.start.as_ref(),
        (from, to),
        |at, holds| {
            came.extend((holds && !held).then_some(at));
            held = holds;
            None::<()>
        },
    );
    let late = held.then(|| came.pop()).flatten();
    (came, late)
}
