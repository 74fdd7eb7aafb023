//! A cycle: what has ended and whose timer is up, what is to be looked at, and what is decided about it.

use super::Scheduler;
use super::asking;
use super::desk::{Look, Looked};
use crate::cond::TaskId;
use crate::session::hooks::{HookKind, Side};
use crate::time::Timestamp;

impl Scheduler {
    /// Makes a cycle, if there is a task to look at.
    pub(super) async fn cycle(&mut self) -> bool {
        self.session.0.inbox.drain(&mut self.desk.ended);
        let now = self.session.now();
        if self.journal.is_some() {
            self.follow_log(now).await;
        }
        if self.keeper.is_some() {
            self.forget(now);
        }
        let mut looked = self.begin_cycle(now);
        self.carry_out().await;
        self.call_end_hooks();
        if looked == Looked::Nothing {
            return false;
        }
        if self.has_cycle_hooks {
            self.session.call_hooks(HookKind::Cycle, Side::Before).await;
        }
        while looked != Looked::All {
            if let Looked::Unknown(id) = looked {
                self.ask_and_look(id, now);
                self.carry_out().await;
            }
            looked = self.desk.look_on(&mut self.session.state(), now);
            self.carry_out().await;
        }
        if self.has_cycle_hooks {
            self.session.call_hooks(HookKind::Cycle, Side::After).await;
        }
        true
    }

    /// Takes in what has happened and looks at the first tasks, unless hooks come first.
    fn begin_cycle(&mut self, now: Timestamp) -> Looked {
        let mut state = self.session.state();
        while !self.desk.collect(&mut state, now) {
            // It is much: others have the lock in between.
            drop(state);
            self.write_down();
            state = self.session.state();
        }
        let looked = if !self.desk.begin_cycle(&mut state) {
            Looked::Nothing
        } else if self.has_cycle_hooks || self.has_end_hooks {
            Looked::Some
        } else {
            self.desk.look_on(&mut state, now)
        };
        drop(state);
        self.desk.forget_ended();
        looked
    }

    /// Asks the user's functions on which a task hangs, without the lock, and looks again.
    fn ask_and_look(&mut self, id: TaskId, now: Timestamp) {
        let answers = asking::ask(&self.session, id, now);
        let mut state = self.session.state();
        if self.desk.look(&mut state, id, now, &answers) == Look::Unknown {
            // Something has changed meanwhile, and other functions have to be asked.
            state.touch(id);
        }
        self.desk.take_news(&mut state);
    }
}
