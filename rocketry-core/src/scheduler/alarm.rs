//! Wakes the scheduler at an instant, more exactly than the runtime's timer wheel.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::clock::Clock;
use crate::session::Session;
use crate::time::Timestamp;

/// How often the wall clock is compared at the least: a jump or a sleep of the machine is noticed within this.
const CHECK: Duration = Duration::from_secs(1);

/// A thread that rings the scheduler's bell at an instant of the wall clock.
pub(crate) struct Alarm(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    at: Timestamp,
    over: bool,
}

impl Alarm {
    /// Starts the thread.
    pub(crate) fn start(session: &Session) -> std::io::Result<Self> {
        let state = Mutex::new(State {
            at: Timestamp::MAX,
            over: false,
        });
        let shared = Arc::new(Shared {
            state,
            changed: Condvar::new(),
        });
        let (watched, session) = (shared.clone(), session.clone());
        thread::Builder::new()
            .name("rocketry-alarm".into())
            .spawn(move || watched.watch(session.clock(), || session.0.inbox.ring()))?;
        Ok(Alarm(shared))
    }

    /// Rings at this instant, and no longer at the one before.
    pub(crate) fn set(&self, at: Timestamp) {
        let mut state = self.0.state();
        let sooner = at < state.at;
        state.at = at;
        drop(state);
        if sooner {
            self.0.changed.notify_one();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.state().over = true;
        self.0.changed.notify_one();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, clock: &Clock, ring: impl Fn()) {
        let mut state = self.state();
        let mut seen = Timestamp::MIN;
        while !state.over {
            let now = clock.now();
            if state.at <= now {
                state.at = Timestamp::MAX;
                ring();
            } else if now < seen {
                // The clock was put back, which the scheduler looks into.
                ring();
            }
            seen = now;
            let wait = state.at.since(now).min(CHECK);
            state = match self.changed.wait_timeout(state, wait) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
