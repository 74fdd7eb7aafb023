//! A clock that is moved manually.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use rocketry_syntax::ast::Delta;
use tokio::sync::Notify;

use crate::time::Timestamp;

/// A clock that does not move by itself, and the sleepers that wait by it.
pub(crate) struct ManualClock {
    state: Mutex<Hands>,
    /// Notified when a sleep begins.
    pub(crate) bell: Notify,
}

/// The two hands, and the sleepers, which follow the elapsed time.
struct Hands {
    now: Timestamp,
    elapsed: Duration,
    next_key: u64,
    asleep: BTreeMap<(Duration, u64), (Sleeper, Waker)>,
}

/// The kinds of sleepers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sleeper {
    /// A run.
    Run,
    /// A task of the runtime that is not a run.
    Other,
}

impl ManualClock {
    /// A clock that shows an instant.
    pub(super) fn new(now: Timestamp) -> Self {
        let hands = Hands {
            now,
            elapsed: Duration::ZERO,
            next_key: 0,
            asleep: BTreeMap::new(),
        };
        ManualClock {
            state: Mutex::new(hands),
            bell: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, Hands> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().now
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.state().elapsed
    }

    /// Lets time pass until an instant: moves both hands, and wakes the sleepers that are due.
    pub(crate) fn pass_until(&self, until: Timestamp) {
        let mut state = self.state();
        let elapsed = state.elapsed + until.since(state.now);
        (state.now, state.elapsed) = (until, elapsed);
        while let Some(first) = state
            .asleep
            .first_entry()
            .filter(|first| first.key().0 <= elapsed)
        {
            first.remove().1.wake();
        }
    }

    /// Sets the wall clock, forward or backward. No time passes.
    pub(crate) fn set(&self, now: Timestamp) {
        self.state().now = now;
    }

    /// The number of runs that sleep, and when the first sleeper wakes, by the current wall clock.
    pub(crate) fn sleepers(&self) -> (usize, Option<Timestamp>) {
        let state = self.state();
        let first = state.asleep.keys().next();
        let wakes = first.map(|(at, _)| {
            let left = at.saturating_sub(state.elapsed);
            state.now.saturating_add(Delta::from(left))
        });
        let runs = state
            .asleep
            .values()
            .filter(|(sleeper, _)| *sleeper == Sleeper::Run);
        (runs.count(), wakes)
    }

    pub(super) async fn sleep(&self, duration: Duration, sleeper: Sleeper) {
        let mut asleep = Asleep {
            clock: self,
            key: None,
        };
        let until = self.elapsed().saturating_add(duration);
        poll_fn(|waking| {
            asleep.wake_up();
            let mut state = self.state();
            if state.elapsed >= until {
                return Poll::Ready(());
            }
            let key = (until, state.next_key);
            state.next_key += 1;
            state.asleep.insert(key, (sleeper, waking.waker().clone()));
            drop(state);
            asleep.key = Some(key);
            self.bell.notify_one();
            Poll::Pending
        })
        .await;
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

/// A place among the sleepers, given up when the sleep ends or is dropped.
struct Asleep<'a> {
    clock: &'a ManualClock,
    key: Option<(Duration, u64)>,
}

impl Asleep<'_> {
    fn wake_up(&mut self) {
        if let Some(key) = self.key.take() {
            self.clock.state().asleep.remove(&key);
        }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.wake_up();
    }
}
