//! The dispatcher: takes in events, decides tasks, and collects effects to execute without the lock.

use super::deadlines::Deadlines;
use super::decide::{Start, Stop};
use super::due::{due_and_cause, find_due_since, forget_due_since};
use super::effects::Effects;
use super::run::{Run, RunEnd, StopReason};
use super::spec::Spec;
use super::standing::{Answers, decide_knowing};
use super::state::State;
use super::timers::Timers;
use crate::log::{Action, Cause};
use crate::param::RunId;
use crate::task::Overlap;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The number of decisions, or of ends taken in, after which the lock is released for a moment.
const CHUNK: usize = 256;

/// Works on the state under its lock, and collects effects for the scheduler to execute.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent flag")]
pub(crate) struct Dispatcher {
    /// True if a run starts some time after the decision, because it is recorded first.
    records_take_time: bool,
    /// Whether hooks are called after runs.
    pub(crate) has_end_hooks: bool,
    timers: Timers,
    deadlines: Deadlines,
    /// When the next timer fires.
    pub(crate) next: Timestamp,
    /// Whether the app is shutting down and every run has ended or is not waited for.
    pub(crate) is_over: bool,
    /// Whether the ready queue has tasks for the next cycle.
    pub(crate) has_more: bool,
    /// Ends of runs to take in. The remaining values are dropped without the lock.
    pub(crate) ended: Vec<RunEnd>,
    /// The number of them that have been taken in.
    taken_in: usize,
    pub(crate) effects: Effects,
}

/// The result of deciding several tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The ready queue was empty.
    Idle,
    /// The cycle has more tasks.
    More,
    /// User functions have to be called for a task first, without the lock.
    Unknown(TaskId),
    /// The cycle is over.
    CycleOver,
}

/// The result of deciding one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    Done,
    /// User functions have to be called first.
    Unknown,
}

impl Dispatcher {
    pub(crate) fn new(records_take_time: bool, has_end_hooks: bool) -> Self {
        Dispatcher {
            records_take_time,
            has_end_hooks,
            timers: Timers::default(),
            deadlines: Deadlines::default(),
            next: Timestamp::MAX,
            is_over: false,
            has_more: false,
            ended: Vec::new(),
            taken_in: 0,
            effects: Effects::default(),
        }
    }

    /// Sets the timers of the runs in progress, which another dispatcher has begun.
    pub(crate) fn resume_deadlines(&mut self, state: &State) {
        for running in state.tasks.iter().flat_map(|entry| entry.runs.running.iter()) {
            self.deadlines.set(running.run.task(), running.deadline, true);
        }
    }

    /// Follows a change of the wall clock by `micros`; it now shows `now`.
    pub(crate) fn follow_step(&mut self, state: &mut State, micros: i64, now: Timestamp) {
        self.deadlines.shift(micros);
        // It is found anew by the cycle that follows, and the step does not count as lag.
        self.next = Timestamp::MAX;
        state.follow_step(micros, now);
    }

    /// Takes in some of the events: timers that have fired and runs that have ended. Returns true if there
    /// are no more.
    #[inline]
    pub(crate) fn collect(&mut self, state: &mut State, now: Timestamp) -> bool {
        // Timers come first: how long a condition has been true depends on what was known until now.
        let all = self.take_timers(state, now) && self.take_in(state, now);
        self.take_answers(state, now);
        all
    }

    #[inline]
    fn take_timers(&mut self, state: &mut State, now: Timestamp) -> bool {
        for _ in 0..CHUNK {
            let Some(id) = self.timers.pop_due(state, now) else {
                return self.take_deadlines(state, now);
            };
            let entry = state.task_mut(id);
            entry.timer_fired = true;
            // If only the task's own past matters, the decision can do that as well.
            if !entry.self_contained {
                find_due_since(state, id, now);
            }
            state.mark(id);
        }
        false
    }

    #[inline]
    fn take_deadlines(&mut self, state: &mut State, now: Timestamp) -> bool {
        for _ in 0..CHUNK {
            let Some(id) = self.deadlines.pop_overdue(state, now) else {
                self.timers.sweep(state);
                self.deadlines.sweep(state);
                return true;
            };
            state.task_mut(id).overdue = true;
            state.mark(id);
        }
        false
    }

    #[inline]
    fn take_in(&mut self, state: &mut State, now: Timestamp) -> bool {
        let rest = &mut self.ended[self.taken_in..];
        let several = rest.len().min(CHUNK);
        let (some, _) = rest.split_at_mut(several);
        state.read_ahead(some.iter().map(|ended| ended.task));
        for ended in some {
            // If the clock was set back in the meantime, it shows an earlier instant than the run saw at its
            // end.
            ended.at = ended.at.min(now);
            find_due_since(state, ended.task, now);
            state.skip_overlapped(ended, now);
            self.effects.end(state, ended, self.has_end_hooks);
            state.mark_with_dependents(ended.task);
        }
        self.taken_in += several;
        self.taken_in == self.ended.len()
    }

    /// Takes in ends that happened a while ago, because they come from other nodes. Starts that fell due
    /// since then are late.
    pub(crate) fn take_in_late(&mut self, state: &mut State, ended: &mut [RunEnd], now: Timestamp) {
        for ended in ended {
            let at = ended.at.min(now);
            ended.at = at;
            state.skip_overlapped(ended, at);
            self.effects.end(state, ended, self.has_end_hooks);
            let entry = state.task_mut(ended.task);
            let has_rested =
                entry.runs.running.is_empty() && entry.runs.history.last(Action::Run) <= Some(at);
            if has_rested && entry.spec.start.is_some() {
                (entry.wake, entry.timer_fired) = (at, true);
                find_due_since(state, ended.task, now);
            }
            state.mark_with_dependents(ended.task);
        }
        self.take_answers(state, now);
    }

    /// Drops the ends that were taken in. Not under the lock: this may call a user's `Drop`.
    pub(crate) fn forget_ended(&mut self) {
        self.ended.clear();
        self.taken_in = 0;
    }

    /// Begins a cycle once everything is taken in. Returns true if there is a task to decide.
    #[inline]
    pub(crate) fn begin_cycle(&mut self, state: &mut State) -> bool {
        let work = !state.ready.is_empty();
        if work {
            state.cycles += 1;
            state.mark_on_cycles();
            state.ready.begin();
        } else {
            self.note_rest(state);
        }
        work
    }

    /// Takes the answers for callers that wait, the records of skipped starts, and events.
    #[inline]
    pub(crate) fn take_answers(&mut self, state: &mut State, now: Timestamp) {
        if !state.waiters.is_quiet() {
            state.waiters.take_ready(&mut self.effects.answers);
        }
        if !state.refusals.is_empty() {
            self.effects.refusals.append(&mut state.refusals);
        }
        if state.skips.has_unrecorded() {
            self.effects.record_skips(state, now);
        }
        if state.events.is_wanted() {
            state.events.take(&mut self.effects.events);
        }
    }

    /// Returns true if any caller is to be answered.
    pub(crate) fn has_answers(&self) -> bool {
        !self.effects.answers.is_empty() || !self.effects.refusals.is_empty()
    }

    /// Decides the next tasks of a cycle, until a task needs calls of user functions.
    pub(crate) fn decide_next(&mut self, state: &mut State, now: Timestamp) -> Progress {
        let progress = self.decide_some(state, now);
        if progress == Progress::CycleOver {
            self.note_rest(state);
        }
        self.take_answers(state, now);
        progress
    }

    /// Records the work that remains after this cycle.
    #[inline]
    fn note_rest(&mut self, state: &State) {
        self.next = self.timers.next().min(self.deadlines.next(state));
        self.has_more = !state.ready.is_empty();
        self.is_over = state.is_over();
    }

    #[inline]
    fn decide_some(&mut self, state: &mut State, now: Timestamp) -> Progress {
        state.read_ahead(state.ready.ahead(CHUNK));
        let no_answers = Answers::default();
        for _ in 0..CHUNK {
            let Some(next) = state.take_ready() else {
                return Progress::CycleOver;
            };
            if self.decide(state, next, now, &no_answers) == Decided::Unknown {
                return Progress::Unknown(next);
            }
        }
        Progress::More
    }

    /// Decides a task and applies the effects that only need the state.
    #[inline]
    pub(crate) fn decide(
        &mut self,
        state: &mut State,
        id: TaskId,
        now: Timestamp,
        answers: &Answers,
    ) -> Decided {
        state.end_pauses(id, now);
        let verdict = find_due_since(state, id, now);
        let decision = decide_knowing(state, id, now, answers, verdict);
        if decision.start == Start::Unknown || decision.stop == Stop::Unknown {
            // The same state decides both, because a run that starts may decide the end of another.
            return Decided::Unknown;
        }
        stop_runs(state, id, decision.stop, now);
        let Ok(due) = due_and_cause(state, id, decision.start, now, answers) else {
            return Decided::Unknown;
        };
        let held = decision.start.held_by();
        let held_before = std::mem::replace(&mut state.task_mut(id).held, held);
        if let Some((due, cause)) = due {
            state.enter_from_pool_queue(id);
            forget_due_since(state, id);
            self.begin(state, id, answers.name.as_ref(), (due, cause), now);
        } else {
            state.skip_held(id, held_before, decision.start, now);
            do_not_start(state, id, decision.start, now);
            if held != held_before {
                state.hold_changed(id, now);
                self.effects.report_if_failing(state, id, held);
            }
            forget_due_since(state, id);
            self.timers.set(id, state.task_mut(id), decision.wake);
        }
        Decided::Done
    }

    /// Counts a run as started; `start` contains its due instant and its cause. The scheduler records and
    /// launches it.
    #[inline]
    pub(crate) fn begin(
        &mut self,
        state: &mut State,
        id: TaskId,
        name: Option<&RunId>,
        start: (Timestamp, Cause),
        now: Timestamp,
    ) {
        let (record, run) = state.begin(id, name, start, now);
        if self.records_take_time {
            // Its time starts when its record is durable.
            set_deadline(state, &run, Timestamp::MAX);
        } else {
            let others = state.task(id).runs.running.len() > 1;
            self.deadlines
                .set(id, now.saturating_add(run.spec.timeout), others);
        }
        if is_settled(state, &run) {
            self.timers.set(id, state.task_mut(id), Timestamp::MAX);
        } else {
            state.mark(id);
        }
        state.mark_dependents_on_start(id);
        if state.events.is_wanted() {
            self.effects.announce_record(state);
        }
        self.effects.starts.push((self.effects.records.len(), run));
        self.effects.records.push(record);
    }

    /// Starts the time of a run, unless it was told to stop before.
    pub(crate) fn start_time(&mut self, state: &mut State, run: &Run, now: Timestamp) -> bool {
        let deadline = now.saturating_add(run.spec.timeout);
        let begins = set_deadline(state, run, deadline);
        if begins {
            let others = state.task(run.task()).runs.running.len() > 1;
            self.deadlines.set(run.task(), deadline, others);
        }
        begins
    }

    /// Tells all runs to stop, and records an end for those still in progress without waiting for them.
    pub(crate) fn cut_off_all(&mut self, state: &mut State, now: Timestamp) {
        for id in state.ids() {
            state.stop(id, StopReason::ShutDown, |_| true);
            let left = state.task(id).runs.running.iter();
            self.ended
                .extend(left.map(|running| RunEnd::cut_off(&running.run, now)));
        }
        while !self.take_in(state, now) {}
        self.take_answers(state, now);
    }
}

#[inline]
fn stop_runs(state: &mut State, id: TaskId, stop: Stop, now: Timestamp) {
    match stop {
        Stop::Overdue => {
            state.task_mut(id).overdue = false;
            state.stop(id, StopReason::Timeout, |run| run.deadline <= now);
        }
        Stop::Ended => state.stop(id, StopReason::EndCondition, |_| true),
        Stop::ShutDown => state.stop(id, StopReason::ShutDown, |_| true),
        Stop::No | Stop::Unknown => {}
    }
}

/// Executes a decision that no run starts.
fn do_not_start(state: &mut State, id: TaskId, start: Start, now: Timestamp) {
    if let Start::Queue(refused) = start {
        return state.queue_for_admission(id, refused, now);
    }
    state.leave_pool_queue(id);
    state.refuse_not_due(id);
    if start == Start::Skip {
        state.skip_start(id, now);
    }
    if let Start::Defer(change) = start {
        state.change_deferral(id, change, now);
    }
}

/// Returns true if nothing but the deadline of a run or an event can concern its task, now that it has begun.
#[inline]
fn is_settled(state: &State, run: &Run) -> bool {
    let Spec {
        rare,
        max_running,
        overlap,
        ..
    } = &*run.spec;
    let no_start_comes = *overlap == Overlap::Skip && state.deferred.of(run.task()).is_none();
    rare.end.is_none() && *max_running == 1 && no_start_comes
}

/// Sets the deadline of a run; returns `false` if the run was told to stop already.
fn set_deadline(state: &mut State, run: &Run, deadline: Timestamp) -> bool {
    let mut runs = state.task_mut(run.task()).runs.running.iter_mut().rev();
    let running = runs.find(|running| running.run.number == run.number);
    running.is_some_and(|running| {
        running.deadline = deadline;
        running.stopped.is_none()
    })
}
