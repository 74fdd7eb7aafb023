//! The alarm: wakes the scheduler at an instant, more exactly than the runtime's timer wheel.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::clock::StepWatch;
use crate::error::{Error, Kind};
use crate::failure::Part;
use crate::session::Session;
use crate::task_id::TaskId;
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// The longest time between two looks at the wall clock: a jump or a sleep of the machine is noticed within it.
const CHECK: Duration = Duration::from_secs(1);

/// How long before an instant the scheduler is woken, unless that was done recently: about the time that the threads
/// of the alarm and of the scheduler take to wake up, one after the other.
const AHEAD: Duration = Duration::from_micros(400);

/// How long ago counts as recently: busy waiting takes a thousandth of a processor at most.
const LATELY: Duration = Duration::from_millis(400);

/// A thread that wakes the scheduler at an instant of the wall clock, or a moment before.
pub(crate) struct Alarm(Arc<Shared>);

struct Shared {
    /// In microseconds. Changed under the lock only.
    at: AtomicI64,
    /// The last instant before which the scheduler was woken early, in microseconds.
    near: AtomicI64,
    over: Mutex<bool>,
    changed: Condvar,
}

impl Alarm {
    /// Starts the thread.
    pub(crate) fn start(session: &Session) -> std::io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let (watched, session) = (shared.clone(), session.clone());
        thread::Builder::new()
            .name("rocketry-alarm".into())
            .spawn(move || watched.watch(&session))?;
        Ok(Alarm(shared))
    }

    /// Sets the instant, in place of the last one.
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

    /// Waits for a near instant, or for news, if the scheduler was woken early for it; returns whether it was.
    ///
    /// It waits busily, since sleeping and waking take longer, and lets other tasks have their turn.
    pub(crate) async fn await_near(&self, at: Timestamp, session: &Session) -> bool {
        if at != self.0.near() {
            return false;
        }
        while !session.0.inbox.has_news() {
            match at.since(session.now()) {
                Duration::ZERO => break,
                // The clock was put back.
                left if left > AHEAD => return false,
                _ => tokio::task::yield_now().await,
            }
        }
        true
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        *self.0.lock() = true;
        self.0.changed.notify_one();
    }
}

impl Default for Shared {
    fn default() -> Self {
        Shared {
            at: AtomicI64::new(Timestamp::MAX.as_micros()),
            near: AtomicI64::new(Timestamp::MIN.as_micros()),
            over: Mutex::new(false),
            changed: Condvar::new(),
        }
    }
}

impl Shared {
    fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at.load(Ordering::Acquire))
    }

    fn set(&self, at: Timestamp) {
        self.at.store(at.as_micros(), Ordering::Release);
    }

    fn near(&self) -> Timestamp {
        Timestamp::from_micros(self.near.load(Ordering::Acquire))
    }

    /// How long before an instant the scheduler is woken.
    fn ahead_of(&self, at: Timestamp) -> Duration {
        let near = self.near();
        // An instant before the last one comes of a clock that was put back.
        let lately = near <= at && at.since(near) < LATELY;
        if lately { Duration::ZERO } else { AHEAD }
    }

    /// Whether it is time to wake the scheduler. Answers `true` once.
    fn rings(&self, now: Timestamp) -> bool {
        let at = self.at();
        if at.since(now) > self.ahead_of(at) {
            return false;
        }
        if now < at {
            self.near.store(at.as_micros(), Ordering::Release);
        }
        self.set(Timestamp::MAX);
        true
    }

    /// How long the thread may sleep.
    fn wait(&self, now: Timestamp) -> Duration {
        let at = self.at();
        at.since(now).saturating_sub(self.ahead_of(at)).min(CHECK)
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, session: &Session) {
        // Blocked threads may have to be looked for more often.
        let look = session.config().blocking_after.unwrap_or(CHECK);
        let mut over = self.lock();
        let mut steps = StepWatch::new(session.clock());
        while !*over {
            let (now, step) = steps.look(session.clock());
            // The scheduler follows a clock that was set.
            if self.rings(now) || step.is_some() {
                session.0.inbox.ring();
            }
            let blocked = session.0.watchdog.look(now);
            if !blocked.is_empty() {
                drop(over);
                report_blocked(session, &blocked);
                over = self.lock();
                continue;
            }
            over = match self.changed.wait_timeout(over, self.wait(now).min(look)) {
                Ok((over, _)) => over,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

/// Reports tasks whose runs block their threads.
fn report_blocked(session: &Session, tasks: &[TaskId]) {
    let patience = Delta::from(session.config().blocking_after.unwrap_or_default());
    for task in tasks {
        let name = session.state().task(*task).spec.name.clone();
        let message = format!(
            "a run blocks its thread, which others wait for: it has gone on for over {patience} without an `await`; \
             run it with `execution = \"thread\"`, or let it `await` now and then"
        );
        session.fail(Part::Blocking, Some(&name), Error::new(Kind::State, message));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AHEAD, CHECK, LATELY, Shared};
    use crate::time::Timestamp;

    /// So long after the first second.
    fn after(offset: Duration) -> Timestamp {
        Timestamp::from_micros(1_000_000 + i64::try_from(offset.as_micros()).unwrap())
    }

    /// How long before an instant the bell is rung.
    fn rung_before(alarm: &Shared, at: Timestamp) -> Duration {
        alarm.set(at);
        let long_before = Timestamp::from_micros(at.as_micros() - 900_000);
        assert!(!alarm.rings(long_before));
        let then = Timestamp::from_micros(long_before.as_micros() + micros(alarm.wait(long_before)));
        assert!(alarm.rings(then) && !alarm.rings(then));
        at.since(then)
    }

    fn micros(duration: Duration) -> i64 {
        i64::try_from(duration.as_micros()).unwrap()
    }

    #[test]
    fn the_bell_is_rung_ahead_of_an_instant_and_not_again_soon() {
        let alarm = Shared::default();
        assert_eq!(rung_before(&alarm, after(Duration::ZERO)), AHEAD);
        assert_eq!(alarm.near(), after(Duration::ZERO));
        assert_eq!(rung_before(&alarm, after(LATELY / 2)), Duration::ZERO);
        assert_eq!(rung_before(&alarm, after(LATELY)), AHEAD);
    }

    #[test]
    fn a_clock_that_was_put_back_takes_nothing_away() {
        let alarm = Shared::default();
        assert_eq!(rung_before(&alarm, after(CHECK)), AHEAD);
        assert_eq!(rung_before(&alarm, after(Duration::ZERO)), AHEAD);
    }

    #[test]
    fn without_an_instant_the_clock_is_looked_at_once_a_second() {
        let alarm = Shared::default();
        assert!(!alarm.rings(after(Duration::ZERO)));
        assert_eq!(alarm.wait(after(Duration::ZERO)), CHECK);
    }
}
