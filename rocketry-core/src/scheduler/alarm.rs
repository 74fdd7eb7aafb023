//! The alarm: wakes the scheduler at an instant, more precisely than the timer wheel of the runtime.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use super::wall_timer::WallTimer;
use crate::clock::{Clock, StepWatch};
use crate::dispatch::watchdog::Blocked;
use crate::drops::hold;
use crate::error::{Error, Kind};
use crate::failure::Part;
use crate::session::{Session, Shared};
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// How long before an instant the scheduler is woken, unless it was woken early a short time ago. This is
/// about the time that the threads of the alarm and of the scheduler take to wake up, one after the other.
const AHEAD: Duration = Duration::from_micros(400);

/// The shortest time between two early wake-ups, so that busy waiting takes at most a thousandth of a
/// processor.
const LATELY: Duration = Duration::from_millis(400);

/// A thread that wakes the scheduler at an instant of the wall clock, or slightly earlier. While runs are in
/// progress, it also detects runs that block their thread, and calls of user code by the scheduler that do
/// not return.
pub(crate) struct Alarm(Arc<Sleeper>);

struct Sleeper {
    clock: Clock,
    timer: WallTimer,
    /// When the scheduler is to be woken, in microseconds.
    at: AtomicI64,
    /// The last instant for which the scheduler was woken early, in microseconds.
    near: AtomicI64,
    /// How often the thread looks for blocking code; `None` if it does not.
    patience: Option<Duration>,
    looks: AtomicBool,
    sleep: Mutex<Sleep>,
    /// Locked while the thread has a reference to the app, so that it never drops the last one.
    visit: Mutex<()>,
}

/// The sleep of the thread.
struct Sleep {
    over: bool,
    /// The instant for which the timer is set.
    until: Timestamp,
}

impl Alarm {
    /// Starts the thread.
    pub(crate) fn start(session: &Session) -> std::io::Result<Self> {
        let timer = WallTimer::new(session.clock());
        let shared = Arc::new(Sleeper::new(
            session.clock(),
            timer,
            session.config().blocking_after,
        ));
        let (sleeper, app) = (shared.clone(), Arc::downgrade(&session.0));
        thread::Builder::new()
            .name("rocketry-alarm".into())
            .spawn(move || sleeper.watch(&app))?;
        Ok(Alarm(shared))
    }

    /// Sets the instant, replacing the last one. Returns true if the wall clock was set in the meantime; only
    /// this caller learns of that.
    #[inline]
    pub(crate) fn set(&self, at: Timestamp) -> bool {
        at != self.0.at() && self.0.move_to(at)
    }

    /// Makes the thread look for blocking code as long as a run or a call of the scheduler is in progress.
    #[inline]
    pub(crate) fn look_for_blocked(&self, session: &Session) {
        if !self.0.looks.load(Ordering::Acquire) && self.0.patience.is_some() && self.0.begin_to_look() {
            session.0.inbox.ring();
        }
    }

    /// Waits for a near instant, or for an event, if the scheduler was woken early for the instant. Returns
    /// true if it was.
    ///
    /// The wait is busy, because sleeping and waking take longer, and yields to other tasks.
    pub(crate) async fn await_near(&self, at: Timestamp, session: &Session) -> bool {
        if at != self.0.near() {
            return false;
        }
        while !session.0.inbox.has_news() {
            match at.since(session.now()) {
                Duration::ZERO => break,
                // The clock was set back.
                left if left > AHEAD => return false,
                _ => tokio::task::yield_now().await,
            }
        }
        true
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.sleep().over = true;
        self.0.timer.set(Timestamp::MIN);
        // After this, the thread no longer has a reference to the app.
        drop(self.0.visit());
    }
}

impl Sleeper {
    fn new(clock: &Clock, timer: WallTimer, patience: Option<Duration>) -> Self {
        Sleeper {
            clock: clock.clone(),
            timer,
            at: AtomicI64::new(Timestamp::MAX.as_micros()),
            near: AtomicI64::new(Timestamp::MIN.as_micros()),
            patience,
            looks: AtomicBool::new(false),
            sleep: Mutex::new(Sleep {
                over: false,
                until: Timestamp::MIN,
            }),
            visit: Mutex::default(),
        }
    }

    fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at.load(Ordering::Acquire))
    }

    fn near(&self) -> Timestamp {
        Timestamp::from_micros(self.near.load(Ordering::Acquire))
    }

    /// Returns how long before an instant the scheduler is woken.
    fn ahead_of(&self, at: Timestamp) -> Duration {
        let near = self.near();
        // The clock was set back if the instant is before the last one.
        let lately = near <= at && at.since(near) < LATELY;
        if lately { Duration::ZERO } else { AHEAD }
    }

    /// Sets the instant. A later instant does not wake the thread, which resets its timer when it wakes up.
    #[inline]
    fn move_to(&self, at: Timestamp) -> bool {
        let before = self.at.swap(at.as_micros(), Ordering::AcqRel);
        at.as_micros() < before && self.sleep_until(&mut self.sleep(), self.rings_at())
    }

    fn begin_to_look(&self) -> bool {
        self.looks.store(true, Ordering::Release);
        self.sleep_until(&mut self.sleep(), self.looks_at(self.clock.now()))
    }

    /// Limits the sleep of the thread to an instant. Returns true if the wall clock was set in the meantime.
    fn sleep_until(&self, sleep: &mut Sleep, at: Timestamp) -> bool {
        let sooner = at < sleep.until;
        if sooner {
            sleep.until = at;
        }
        sooner && self.timer.set(at)
    }

    /// Returns true, once, if it is time to wake the scheduler.
    fn rings(&self, now: Timestamp) -> bool {
        let at = self.at();
        if at.since(now) > self.ahead_of(at) {
            return false;
        }
        let (instant, never) = (at.as_micros(), Timestamp::MAX.as_micros());
        let still = self
            .at
            .compare_exchange(instant, never, Ordering::AcqRel, Ordering::Acquire);
        if still.is_ok() && now < at {
            self.near.store(instant, Ordering::Release);
        }
        // Otherwise the scheduler, which is awake, has just set another instant.
        still.is_ok()
    }

    /// Returns when the scheduler is woken.
    fn rings_at(&self) -> Timestamp {
        match self.at() {
            Timestamp::MAX => Timestamp::MAX,
            at => at.saturating_sub(Delta::from(self.ahead_of(at))),
        }
    }

    /// Returns when the thread looks for blocking code.
    fn looks_at(&self, now: Timestamp) -> Timestamp {
        let patience = self.patience.filter(|_| self.looks.load(Ordering::Acquire));
        patience.map_or(Timestamp::MAX, |patience| {
            now.saturating_add(Delta::from(patience))
        })
    }

    fn sleep(&self) -> MutexGuard<'_, Sleep> {
        self.sleep.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn visit(&self) -> MutexGuard<'_, ()> {
        self.visit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds no reference to the app, so that the app can end before this thread has woken up.
    fn watch(&self, app: &Weak<Shared>) {
        let _hold = hold();
        let mut steps = StepWatch::new(&self.clock);
        while let Some(rings) = self.wake_up(&mut steps) {
            for blocked in self.visit_app(app, rings) {
                report(app, &blocked);
            }
            self.timer.wait();
        }
    }

    /// Wakes the scheduler if it is due, and returns code that blocks its thread.
    fn visit_app(&self, app: &Weak<Shared>, rings: bool) -> Vec<Blocked> {
        let _visit = self.visit();
        let is_over = self.sleep().over;
        let Some(session) = app.upgrade().filter(|_| !is_over).map(Session::of) else {
            return Vec::new();
        };
        if rings {
            session.0.inbox.ring();
        }
        if self.looks.load(Ordering::Acquire) {
            return self.look(&session);
        }
        Vec::new()
    }

    /// Resets the timer. Returns whether the scheduler must be woken; `None` once it has ended.
    fn wake_up(&self, steps: &mut StepWatch) -> Option<bool> {
        let (now, step) = steps.look(&self.clock);
        let mut sleep = self.sleep();
        if sleep.over {
            return None;
        }
        let rings = self.rings(now);
        sleep.until = self.rings_at().min(self.looks_at(now));
        let was_set = self.timer.set(sleep.until);
        // The scheduler handles a clock that was set.
        Some(rings || was_set || step.is_some())
    }

    /// Returns code that blocks its thread. Stops looking if no run and no call of the scheduler is in
    /// progress.
    fn look(&self, session: &Session) -> Vec<Blocked> {
        let blocked = session.0.watchdog.look(self.clock.now());
        // This order lets a run that starts after the next line see that the thread no longer looks.
        self.looks.store(false, Ordering::Release);
        if session.0.watchdog.calls.is_under_way() || session.state().active > 0 {
            self.looks.store(true, Ordering::Release);
        }
        blocked
    }
}

/// Reports code that blocks its thread.
fn report(app: &Weak<Shared>, blocked: &Blocked) {
    let Some(session) = app.upgrade().map(Session::of) else {
        return;
    };
    let task = match blocked {
        Blocked::Run(task) => *task,
        Blocked::Scheduler(called) => return session.report_blocking(called),
    };
    let patience = Delta::from(session.config().blocking_after.unwrap_or_default());
    let name = session.state().task(task).spec.name.clone();
    let message = format!(
        "a run blocks its thread, which others wait for: it has gone on for over {patience} without an `await`; \
         run it with `execution = \"thread\"`, or let it `await` now and then"
    );
    session.fail(Part::Blocking, Some(&name), Error::new(Kind::State, message));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AHEAD, LATELY, Sleeper};
    use crate::clock::{Clock, StepWatch};
    use crate::scheduler::wall_timer::WallTimer;
    use crate::time::Timestamp;

    const SECOND: Duration = Duration::from_secs(1);

    fn alarm() -> Sleeper {
        let clock = Clock::manual(after(Duration::ZERO));
        Sleeper::new(&clock, WallTimer::polled(&clock), Some(SECOND))
    }

    /// So long after the first second.
    fn after(offset: Duration) -> Timestamp {
        Timestamp::from_micros(1_000_000 + i64::try_from(offset.as_micros()).unwrap())
    }

    /// How long before an instant the bell is rung.
    fn rung_before(alarm: &Sleeper, at: Timestamp) -> Duration {
        alarm.move_to(at);
        let long_before = Timestamp::from_micros(at.as_micros() - 900_000);
        assert!(!alarm.rings(long_before));
        let then = alarm.rings_at();
        assert!(alarm.rings(then) && !alarm.rings(then));
        at.since(then)
    }

    #[test]
    fn the_bell_is_rung_ahead_of_an_instant_and_not_again_soon() {
        let alarm = alarm();
        assert_eq!(rung_before(&alarm, after(Duration::ZERO)), AHEAD);
        assert_eq!(alarm.near(), after(Duration::ZERO));
        assert_eq!(rung_before(&alarm, after(LATELY / 2)), Duration::ZERO);
        assert_eq!(rung_before(&alarm, after(LATELY)), AHEAD);
    }

    #[test]
    fn a_clock_that_was_put_back_takes_nothing_away() {
        let alarm = alarm();
        assert_eq!(rung_before(&alarm, after(SECOND)), AHEAD);
        assert_eq!(rung_before(&alarm, after(Duration::ZERO)), AHEAD);
    }

    #[test]
    fn it_sleeps_until_there_is_something_to_do() {
        let alarm = alarm();
        let mut steps = StepWatch::new(&alarm.clock);
        let mut sleeps_until = || {
            assert_eq!(alarm.wake_up(&mut steps), Some(false));
            alarm.sleep().until
        };
        assert_eq!(sleeps_until(), Timestamp::MAX);
        alarm.begin_to_look();
        assert_eq!(alarm.sleep().until, after(SECOND));
        assert_eq!(sleeps_until(), after(SECOND));
        let soon = after(SECOND / 2);
        alarm.move_to(soon);
        assert_eq!(soon.since(alarm.sleep().until), AHEAD);
        assert_eq!(soon.since(sleeps_until()), AHEAD);
    }

    #[test]
    fn a_clock_that_is_set_wakes_the_scheduler() {
        let alarm = alarm();
        let mut steps = StepWatch::new(&alarm.clock);
        assert_eq!(alarm.wake_up(&mut steps), Some(false));
        alarm.clock.as_manual().unwrap().set(after(60 * SECOND));
        assert_eq!(alarm.wake_up(&mut steps), Some(true));
        assert_eq!(alarm.wake_up(&mut steps), Some(false));
        alarm.sleep().over = true;
        assert_eq!(alarm.wake_up(&mut steps), None);
    }
}
