//! A cycle of the scheduler: takes in ends and timers, decides the ready tasks, and executes the decisions.

use super::main_loop::Scheduler;
use super::questions;
use super::retention::RetentionSchedule;
use crate::engine::dispatcher::{Decided, Progress};
use crate::hooks::{HookKind, Side};
use crate::session::messages;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Scheduler {
    /// Makes a cycle if there is a task to decide.
    pub(super) async fn cycle(&mut self) -> bool {
        self.session.0.inbox.drain(&mut self.dispatcher.ended);
        let now = self.look_at_clock();
        if self.dispatcher.next <= now {
            self.session.0.lag_meter.note(now.since(self.dispatcher.next));
        }
        if self.journal.is_some() {
            self.follow_log(now).await;
        }
        if self.retention.is_some() {
            self.forget(now);
        }
        let mut progress = self.begin_cycle(now);
        self.carry_out().await;
        self.call_end_hooks();
        if progress == Progress::Idle {
            return false;
        }
        if self.has_cycle_hooks {
            self.call_hooks(HookKind::Cycle, Side::Before).await;
        }
        while progress != Progress::CycleOver {
            if let Progress::Unknown(id) = progress {
                self.ask_and_decide(id, now);
                self.carry_out().await;
            }
            progress = self.dispatcher.decide_next(&mut self.session.state(), now);
            self.carry_out().await;
        }
        if self.has_calendars {
            self.session.check_calendars();
        }
        if self.has_cycle_hooks {
            self.call_hooks(HookKind::Cycle, Side::After).await;
        }
        true
    }

    /// Takes in events and decides the first tasks, unless hooks come first.
    #[inline]
    fn begin_cycle(&mut self, now: Timestamp) -> Progress {
        let mut state = self.session.state();
        state.events.set_traced(messages::is_traced());
        if std::mem::take(&mut state.has_new_settings) {
            self.retention = RetentionSchedule::new(&state.settings);
        }
        while !self.dispatcher.collect(&mut state, now) {
            // This can take long, so other threads get the lock in between.
            drop(state);
            self.write_down();
            state = self.session.state();
        }
        let progress = if !self.dispatcher.begin_cycle(&mut state) {
            Progress::Idle
        } else if self.has_cycle_hooks || self.dispatcher.has_end_hooks {
            Progress::More
        } else {
            self.dispatcher.decide_next(&mut state, now)
        };
        drop(state);
        self.dispatcher.forget_ended();
        progress
    }

    /// Calls the user's functions that a decision depends on, without the lock, and decides again.
    fn ask_and_decide(&mut self, id: TaskId, now: Timestamp) {
        self.watch();
        let answers = questions::ask(&self.session, id, now);
        let mut state = self.session.state();
        if self.dispatcher.decide(&mut state, id, now, &answers) == Decided::Unknown {
            // Something has changed in the meantime, so other functions have to be called.
            state.mark(id);
        }
        self.dispatcher.take_answers(&mut state, now);
    }
}
