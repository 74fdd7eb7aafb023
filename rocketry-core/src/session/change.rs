//! The guard for every change of a running app.

use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Session;
use crate::drops::Locked;
use crate::engine::audit::Behalf;
use crate::engine::state::{Phase, State};
use crate::time::Timestamp;

/// A change of the app: state and facts, under one lock.
///
/// Changes by several callers take effect in the same order in memory and in the log. When the guard is
/// dropped, it releases the lock, answers callers whose runs are refused, and wakes the scheduler. User
/// values that the change replaces are dropped elsewhere, never under this lock.
pub(crate) struct Change<'a> {
    session: &'a Session,
    /// Present until the guard is dropped.
    state: Option<Locked<'a, State>>,
    /// The number of the call of another node that is made with this change.
    call: Option<u64>,
}

impl Change<'_> {
    /// The caller on whose behalf the change is made.
    pub(super) fn behalf(&self) -> Option<Arc<Behalf>> {
        self.session.1.clone().filter(|behalf| behalf.is_told())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.session.now()
    }

    /// Leaves the call of another node to the next leader, if this one begins nothing any more. Returns whether it does so.
    pub(super) fn leaves_call(&mut self) -> bool {
        let begins = self.phase == Phase::Starting || self.phase == Phase::Up;
        !begins && self.call.take().is_some()
    }
}

impl Session {
    /// Begins a change.
    pub(crate) fn change(&self) -> Change<'_> {
        Change {
            session: self,
            state: Some(self.state()),
            call: self.1.as_ref().and_then(|behalf| behalf.call),
        }
    }
}

impl Deref for Change<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state.as_ref().expect("the state is released last")
    }
}

impl DerefMut for Change<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.state.as_mut().expect("the state is released last")
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.call {
            self.note_relayed(number);
        }
        let mut refusals = mem::take(&mut self.refusals);
        let is_forced = self.phase >= Phase::Forced;
        self.state = None;
        refusals.send();
        self.session.0.inbox.ring();
        if is_forced {
            self.session.0.forced.notify_waiters();
        }
    }
}
