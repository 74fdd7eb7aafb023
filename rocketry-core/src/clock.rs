//! The clock of an app: the system's, or one that is moved by hand.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;

use crate::time::Timestamp;

/// What an app takes its time from.
///
/// A task that waits should wait with [`sleep`](Self::sleep), so that it can be tested on manual time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<ManualClock>),
}

/// A clock that stands until it is moved, and those who sleep by it.
#[derive(Default)]
pub(crate) struct ManualClock {
    state: Mutex<Sleepers>,
    /// Rung when somebody falls asleep.
    pub(crate) bell: Notify,
}

#[derive(Default)]
struct Sleepers {
    now: Timestamp,
    next_key: u64,
    asleep: BTreeMap<(Timestamp, u64), Waker>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Clock(Source::System)
    }

    /// A clock that stands at `start` until it is moved.
    pub(crate) fn manual(start: Timestamp) -> Self {
        let sleepers = Sleepers {
            now: start,
            ..Sleepers::default()
        };
        Clock(Source::Manual(Arc::new(ManualClock {
            state: Mutex::new(sleepers),
            bell: Notify::new(),
        })))
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => SystemTime::now().into(),
            Source::Manual(manual) => manual.state().now,
        }
    }

    /// Waits for a time: of the machine, or of the manual clock.
    ///
    /// Cancel safe: dropping the future ends the wait.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::System => tokio::time::sleep(duration).await,
            Source::Manual(manual) => manual.sleep(duration).await,
        }
    }

    pub(crate) fn as_manual(&self) -> Option<&ManualClock> {
        match &self.0 {
            Source::System => None,
            Source::Manual(manual) => Some(manual),
        }
    }
}

impl ManualClock {
    fn state(&self) -> MutexGuard<'_, Sleepers> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock forward, or backward, and wakes whose time has come.
    pub(crate) fn set(&self, now: Timestamp) {
        let mut state = self.state();
        state.now = now;
        while let Some(first) = state.asleep.first_entry().filter(|first| first.key().0 <= now) {
            first.remove().wake();
        }
    }

    /// How many sleep, and when the first of them wakes.
    pub(crate) fn sleepers(&self) -> (usize, Option<Timestamp>) {
        let state = self.state();
        (state.asleep.len(), state.asleep.keys().next().map(|(at, _)| *at))
    }

    async fn sleep(&self, duration: Duration) {
        let mut asleep = Asleep {
            clock: self,
            key: None,
        };
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        let until = Timestamp::from_micros(self.state().now.as_micros().saturating_add(micros));
        poll_fn(|waking| {
            asleep.wake_up();
            let mut state = self.state();
            if state.now >= until {
                return Poll::Ready(());
            }
            let key = (until, state.next_key);
            state.next_key += 1;
            state.asleep.insert(key, waking.waker().clone());
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
            .field("now", &self.state().now)
            .finish_non_exhaustive()
    }
}

/// A place among the sleepers, given up when the sleep ends or is dropped.
struct Asleep<'a> {
    clock: &'a ManualClock,
    key: Option<(Timestamp, u64)>,
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
