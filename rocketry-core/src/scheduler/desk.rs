//! What the scheduler does under the lock of the state: takes in what has happened, looks at tasks, and notes what is
//! to be done without the lock.

use std::sync::Arc;

use super::asking::Answers;
use super::decide::{Start, Stop};
use super::timers::Timers;
use super::view::{decide_about, held_since};
use crate::cond::TaskId;
use crate::log::Record;
use crate::param::RunId;
use crate::session::pending::Change;
use crate::session::run::{Ended, How, Run, StopReason};
use crate::session::state::{Entry, Phase, Spec, State};
use crate::session::waiters::{Refused, Waiter};
use crate::task::Overlap;
use crate::time::Timestamp;

/// How many tasks are looked at, or ends taken in, before the lock is given up for a moment.
const CHUNK: usize = 256;

/// The scheduler's desk.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own to the scheduler"
)]
pub(super) struct Desk {
    /// Whether a run begins some time after it was decided on, because it is recorded first.
    records_take_time: bool,
    timers: Timers,
    /// The latest instant that was seen, unless the clock was put back since.
    seen: Timestamp,
    /// When a timer is up next, as the state was when it was last looked at.
    pub(super) next: Timestamp,
    /// Whether the app shuts down and everything has ended, or will not.
    pub(super) is_over: bool,
    /// Whether tasks were touched in the last cycle that have their turn in the next one.
    pub(super) has_more: bool,
    /// Runs that have ended and are to be taken in. What is left of them is dropped without the lock.
    pub(super) ended: Vec<Ended>,
    /// How many of them have been taken in.
    taken_in: usize,
    /// What is to be recorded before anything else is done.
    pub(super) records: Vec<Record>,
    /// Runs that are to begin then.
    pub(super) runs: Vec<Arc<Run>>,
    /// Who is to be told of a record once it is written.
    pub(super) told: Vec<(Waiter, Record)>,
    /// Who is to be told of what does not come.
    pub(super) refused: Refused,
}

/// What came of looking at several tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// There was nothing to look at.
    Nothing,
    /// There is more to look at.
    Some,
    /// Functions of the user's have to be asked about a task first, without the lock.
    Unknown(TaskId),
    /// The cycle is over.
    All,
}

/// What came of looking at a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Done,
    Unknown,
}

impl Desk {
    pub(super) fn new(records_take_time: bool) -> Self {
        Desk {
            records_take_time,
            timers: Timers::default(),
            seen: Timestamp::MIN,
            next: Timestamp::MAX,
            is_over: false,
            has_more: false,
            ended: Vec::new(),
            taken_in: 0,
            records: Vec::new(),
            runs: Vec::new(),
            told: Vec::new(),
            refused: Refused::default(),
        }
    }

    /// Takes in some of what has happened: whose timer is up and what has ended. Tells whether that is all of it.
    pub(super) fn collect(&mut self, state: &mut State, now: Timestamp) -> bool {
        if now < self.seen {
            // The clock was put back: no timer is for what lies between.
            state.touch_all();
        }
        self.seen = now;
        // Timers come first: since when a condition holds is judged by what was known until now.
        let all = self.take_timers(state, now) && self.take_in(state, now);
        self.take_news(state);
        all
    }

    fn take_timers(&mut self, state: &mut State, now: Timestamp) -> bool {
        for _ in 0..CHUNK {
            let Some(id) = self.timers.pop_due(state, now) else {
                return self.take_deadlines(state, now);
            };
            let entry = state.task_mut(id);
            entry.up = true;
            // Where nothing but the task's own past matters, that is as well done when it is looked at.
            if !entry.alone {
                find_held_since(state, id, now);
            }
            state.touch(id);
        }
        false
    }

    fn take_deadlines(&mut self, state: &mut State, now: Timestamp) -> bool {
        for _ in 0..CHUNK {
            let Some(id) = self.timers.pop_overdue(state, now) else {
                self.timers.sweep(state);
                return true;
            };
            state.touch(id);
        }
        false
    }

    fn take_in(&mut self, state: &mut State, now: Timestamp) -> bool {
        let rest = &mut self.ended[self.taken_in..];
        let several = rest.len().min(CHUNK);
        let (some, _) = rest.split_at_mut(several);
        state.read_ahead(some.iter().map(|ended| ended.run.task()));
        for ended in some {
            find_held_since(state, ended.run.task(), now);
            self.records.extend(state.end(ended));
            state.touch_around(ended.run.task());
        }
        self.taken_in += several;
        self.taken_in == self.ended.len()
    }

    /// Lets go of what was taken in. Not under the lock: this may call the user's `drop`.
    pub(super) fn forget_ended(&mut self) {
        self.ended.clear();
        self.taken_in = 0;
    }

    /// Begins a cycle, once everything is taken in; tells whether there is a task to look at.
    pub(super) fn begin_cycle(&mut self, state: &mut State) -> bool {
        let work = !state.turns.is_empty();
        if work {
            state.cycles += 1;
            state.touch_on_cycles();
            state.turns.begin();
        } else {
            self.note_rest(state);
        }
        work
    }

    /// Takes what those who wait are to be told.
    pub(super) fn take_news(&mut self, state: &mut State) {
        if !state.waiters.is_quiet() {
            state.waiters.take_news(&mut self.told);
            state.waiters.take_refused(&mut self.refused);
        }
    }

    /// Whether anybody is to be told anything.
    pub(super) fn has_news(&self) -> bool {
        !self.told.is_empty() || !self.refused.is_empty()
    }

    /// Looks at the next tasks of a cycle, up to one about which functions of the user's have to be asked.
    pub(super) fn look_on(&mut self, state: &mut State, now: Timestamp) -> Looked {
        let looked = self.look_at_some(state, now);
        if looked == Looked::All {
            self.note_rest(state);
        }
        self.take_news(state);
        looked
    }

    /// Notes what there is to do from here on.
    fn note_rest(&mut self, state: &State) {
        self.next = self.timers.next(state);
        self.has_more = !state.turns.is_empty();
        self.is_over = is_over(state);
    }

    fn look_at_some(&mut self, state: &mut State, now: Timestamp) -> Looked {
        state.read_ahead(state.turns.ahead(CHUNK));
        for _ in 0..CHUNK {
            let Some(next) = state.take_turn() else {
                return Looked::All;
            };
            if self.look(state, next, now, &Answers::default()) == Look::Unknown {
                return Looked::Unknown(next);
            }
        }
        Looked::Some
    }

    /// Decides about a task and does what needs no more than the state.
    pub(super) fn look(&mut self, state: &mut State, id: TaskId, now: Timestamp, answers: &Answers) -> Look {
        find_held_since(state, id, now);
        let decision = decide_about(state, id, now, answers);
        if decision.start == Start::Unknown || decision.stop == Stop::Unknown {
            // Both are judged by the same state: a run that starts may decide about the end of another.
            return Look::Unknown;
        }
        match decision.stop {
            Stop::Overdue => state.stop(id, StopReason::Timeout, |run| run.deadline <= now),
            Stop::Ended => state.stop(id, StopReason::EndCondition, |_| true),
            Stop::ShutDown => state.stop(id, StopReason::ShutDown, |_| true),
            Stop::No | Stop::Unknown => {}
        }
        let due = match decision.start {
            Start::No | Start::Later(_) | Start::Unknown => {
                state.stop_waiting(id);
                state.decline(id);
                if let Start::Later(change) = decision.start {
                    state.change_pending(id, change, now);
                }
                None
            }
            Start::Asked | Start::Due if state.is_held(id) => None,
            Start::Asked | Start::Due if !state.finds_room(id, now) => None,
            Start::Asked | Start::Due if answers.lack_name(state, id) => return Look::Unknown,
            Start::Asked => Some(now),
            Start::Due => Some(state.due_at(id, now)),
        };
        let held = state.gate.holds(id);
        let entry = state.task_mut(id);
        if entry.waiting.is_none() && !held {
            entry.held_since = Timestamp::MAX;
        }
        match due {
            Some(due) => self.begin(state, id, answers.name.as_ref(), due, now),
            None => self.timers.set(id, entry, decision.wake),
        }
        Look::Done
    }

    /// Counts a run as started; what is left is to record it and to let it go.
    pub(super) fn begin(
        &mut self,
        state: &mut State,
        id: TaskId,
        name: Option<&RunId>,
        due: Timestamp,
        now: Timestamp,
    ) {
        let (record, run) = state.begin(id, name, due, now);
        if self.records_take_time {
            // Its time begins when its record is kept.
            set_deadline(state.task_mut(id), &run, Timestamp::MAX);
        } else {
            self.timers.set_deadline(id, now.saturating_add(run.spec.timeout));
        }
        if is_settled(state, &run) {
            self.timers.set(id, state.task_mut(id), Timestamp::MAX);
            state.touch_dependents(id);
        } else {
            state.touch_around(id);
        }
        self.records.push(record);
        self.runs.push(run);
    }

    /// Lets the time of a run begin, unless it was told to end before.
    pub(super) fn let_begin(&mut self, state: &mut State, run: &Run, now: Timestamp) -> bool {
        let deadline = now.saturating_add(run.spec.timeout);
        let begins = set_deadline(state.task_mut(run.task()), run, deadline);
        if begins {
            self.timers.set_deadline(run.task(), deadline);
        }
        begins
    }

    /// Ends the runs that do not end.
    pub(super) fn cut_off_all(&mut self, state: &mut State, now: Timestamp) {
        for id in state.ids() {
            state.stop(id, StopReason::ShutDown, |_| true);
            let left = state.task(id).running.iter();
            let ended = left.map(|running| Ended::new(running.run.clone(), now, How::CutOff));
            self.ended.extend(ended);
        }
        while !self.take_in(state, now) {}
        self.take_news(state);
    }
}

/// Finds out since when a task is due whose timer was up, if that has not been done yet.
fn find_held_since(state: &mut State, id: TaskId, now: Timestamp) {
    if !std::mem::take(&mut state.task_mut(id).up) {
        return;
    }
    let (since, ready) = held_since(state, id, now);
    state.task_mut(id).held_since = since.unwrap_or(Timestamp::MAX);
    if ready && state.task(id).is_full() {
        state.change_pending(id, Change::Ready, now);
    }
}

/// Whether nothing but the deadline of a run or an event can concern its task, now that it has begun.
fn is_settled(state: &State, run: &Run) -> bool {
    let Spec {
        rare,
        max_running,
        overlap,
        ..
    } = &*run.spec;
    let no_start_comes = *overlap == Overlap::Skip && state.pending.of(run.task()).is_none();
    rare.end.is_none() && *max_running == 1 && no_start_comes
}

/// Sets when a run has to end; `false` if it was told to already.
fn set_deadline(entry: &mut Entry, run: &Run, deadline: Timestamp) -> bool {
    let mut runs = entry.running.iter_mut().rev();
    let running = runs.find(|running| std::ptr::eq(&raw const *running.run, run));
    running.is_some_and(|running| {
        running.deadline = deadline;
        running.stopped.is_none()
    })
}

fn is_over(state: &State) -> bool {
    match state.phase {
        Phase::Starting | Phase::Up => false,
        Phase::Closing => state.active == 0,
        // Runs on threads that do not look at their flag are not waited for.
        Phase::Forced | Phase::Over => true,
    }
}
