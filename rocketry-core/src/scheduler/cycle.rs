//! A cycle: what has ended and whose timer is up, what is to be looked at, and what is decided about it.

use super::Scheduler;
use super::asking::{self, Answers};
use super::decide::{Start, Stop};
use super::view::{decide_about, due_at, held_since};
use crate::cond::TaskId;
use crate::exec::Launch;
use crate::session::hooks::{HookKind, Side};
use crate::session::state::{State, StopReason};
use crate::time::Timestamp;

/// How many tasks are looked at before the lock is given up for a moment.
const CHUNK: usize = 256;

/// What came of looking at several tasks.
#[derive(Default)]
struct Looked {
    launches: Vec<Launch>,
    /// The last of them, if functions of the user's have to be asked about it.
    unknown: Option<TaskId>,
    /// Whether no task is left in this cycle.
    done: bool,
}

/// What came of looking at a task.
enum Look {
    Done,
    Start(Launch),
    /// Functions of the user's have to be asked first, without the lock.
    Unknown,
}

impl Scheduler {
    /// Takes in whose timer is up and what has ended; tells whether there is a task to look at.
    pub(super) fn collect(&mut self, now: Timestamp) -> bool {
        self.session.0.inbox.drain(&mut self.ended);
        let session = self.session.clone();
        let mut state = session.state();
        if now < self.seen {
            // The clock was put back: no timer is for what lies between.
            state.touch_all();
        }
        self.seen = now;
        // Timers come first: since when a condition holds is judged by what was known until now.
        while let Some((id, timer)) = self.timers.pop_due(now) {
            if state.task(id).timer == timer {
                state.task_mut(id).held_since = held_since(&state, id, now);
                state.touch(id);
            }
        }
        self.timers.sweep(&state.tasks);
        for ended in self.ended.drain(..) {
            let task = ended.task;
            self.records.extend(state.end(ended));
            state.touch_around(task);
        }
        let work = !state.turns.is_empty();
        if work {
            state.cycles += 1;
            state.touch_on_cycles();
            state.turns.begin();
        }
        drop(state);
        self.write_records();
        work
    }

    /// Looks at the tasks that may be concerned, in their order, and does what is decided.
    pub(super) async fn cycle(&mut self, now: Timestamp) {
        let session = self.session.clone();
        session.call_hooks(HookKind::Cycle, Side::Before).await;
        loop {
            let Looked {
                launches,
                unknown,
                done,
            } = self.look_on(now);
            self.begin(launches).await;
            if let Some(id) = unknown {
                self.ask_and_look(id, now).await;
            }
            if done {
                break;
            }
        }
        session.call_hooks(HookKind::Cycle, Side::After).await;
        session.tell_refused();
    }

    /// Looks at the next tasks of a cycle, up to one about which functions of the user's have to be asked.
    fn look_on(&mut self, now: Timestamp) -> Looked {
        let session = self.session.clone();
        let mut state = session.state();
        let mut looked = Looked::default();
        for _ in 0..CHUNK {
            let Some(next) = state.take_turn() else {
                looked.done = true;
                break;
            };
            match self.look(&mut state, next, now, &Answers::default()) {
                Look::Start(launch) => looked.launches.push(launch),
                Look::Done => {}
                Look::Unknown => {
                    looked.unknown = Some(next);
                    break;
                }
            }
        }
        looked
    }

    /// Asks the user's functions on which a task hangs, without the lock, and looks again.
    async fn ask_and_look(&mut self, id: TaskId, now: Timestamp) {
        let answers = asking::ask(&self.session, id, now);
        let session = self.session.clone();
        let look = self.look(&mut session.state(), id, now, &answers);
        match look {
            Look::Start(launch) => self.begin(vec![launch]).await,
            // Something has changed meanwhile, and other functions have to be asked.
            Look::Unknown => session.state().touch(id),
            Look::Done => {}
        }
    }

    /// Decides about a task and does what needs no more than the state.
    fn look(&mut self, state: &mut State, id: TaskId, now: Timestamp, answers: &Answers) -> Look {
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
        let look = match decision.start {
            Start::No | Start::Unknown => {
                state.stop_waiting(id);
                state.decline(id);
                Look::Done
            }
            Start::Asked | Start::Due if !state.finds_room(id, now) => Look::Done,
            Start::Asked | Start::Due if answers.lack_name(state, id) => Look::Unknown,
            Start::Asked => Look::Start(self.prepare(state, id, answers.name.as_ref(), now, now)),
            Start::Due => {
                let due = due_at(state, id, now);
                Look::Start(self.prepare(state, id, answers.name.as_ref(), due, now))
            }
        };
        if !matches!(look, Look::Start(_)) {
            self.timers.set(id, state.task_mut(id), decision.wake);
        }
        if !matches!(look, Look::Unknown) && state.task(id).waiting.is_none() {
            state.task_mut(id).held_since = None;
        }
        look
    }
}
