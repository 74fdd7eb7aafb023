//! Wakes the scheduler at an instant, more exactly than the runtime's timer wheel.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::session::Session;
use crate::time::Timestamp;

/// How often the wall clock is compared at the least: a jump or a sleep of the machine is noticed within this.
const CHECK: Duration = Duration::from_secs(1);

/// A thread that rings the scheduler's bell at an instant of the wall clock.
pub(crate) struct Alarm(Arc<Shared>);

struct Shared {
    /// In microseconds. Changed under the lock only.
    at: AtomicI64,
    over: Mutex<bool>,
    changed: Condvar,
}

impl Alarm {
    /// Starts the thread.
    pub(crate) fn start(session: &Session) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            at: AtomicI64::new(Timestamp::MAX.as_micros()),
            over: Mutex::new(false),
            changed: Condvar::new(),
        });
        let (watched, session) = (shared.clone(), session.clone());
        thread::Builder::new()
            .name("rocketry-alarm".into())
            .spawn(move || watched.watch(&session))?;
        Ok(Alarm(shared))
    }

    /// Rings at this instant, and no longer at the one before.
    pub(crate) fn set(&self, at: Timestamp) {
        let before = self.0.at();
        if at == before {
            return;
        }
        let lock = self.0.lock();
        self.0.set(at);
        drop(lock);
        if at < before {
            self.0.changed.notify_one();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        *self.0.lock() = true;
        self.0.changed.notify_one();
    }
}

impl Shared {
    fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at.load(Ordering::Acquire))
    }

    fn set(&self, at: Timestamp) {
        self.at.store(at.as_micros(), Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, session: &Session) {
        let mut over = self.lock();
        let mut seen = Timestamp::MIN;
        while !*over {
            let now = session.now();
            if self.at() <= now {
                self.set(Timestamp::MAX);
                session.0.inbox.ring();
            } else if now < seen {
                // The clock was put back, which the scheduler looks into.
                session.0.inbox.ring();
            }
            seen = now;
            let blocked = session.0.polls.look(now);
            if !blocked.is_empty() {
                drop(over);
                session.tell_of_blocked(&blocked);
                over = self.lock();
                continue;
            }
            let wait = self.at().since(now).min(CHECK);
            over = match self.changed.wait_timeout(over, wait) {
                Ok((over, _)) => over,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
