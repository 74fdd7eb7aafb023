//! The alarm: wakes the scheduler at an instant, more exactly than the runtime's timer wheel.

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

/// How long before an instant the scheduler is woken, unless that was done recently: about the time that the threads
/// of the alarm and of the scheduler take to wake up, one after the other.
const AHEAD: Duration = Duration::from_micros(400);

/// How long ago counts as recently: busy waiting takes a thousandth of a processor at most.
const LATELY: Duration = Duration::from_millis(400);

/// A thread that wakes the scheduler at an instant of the wall clock, or a moment before. While runs are under way, it also
/// looks for those that block their thread; and while the scheduler calls code of the user's, whether that returns.
pub(crate) struct Alarm(Arc<Sleeper>);

struct Sleeper {
    clock: Clock,
    timer: WallTimer,
    /// When the scheduler is to be woken, in microseconds.
    at: AtomicI64,
    /// The last instant before which the scheduler was woken early, in microseconds.
    near: AtomicI64,
    /// How often the thread looks for code that blocks, and whether it does.
    patience: Option<Duration>,
    looks: AtomicBool,
    sleep: Mutex<Sleep>,
    /// Locked while the thread has the app, so that it is never the last who has it.
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

    /// Sets the instant, in place of the last one. Returns whether the wall clock was set meanwhile, of which only the caller
    /// is told.
    #[inline]
    pub(crate) fn set(&self, at: Timestamp) -> bool {
        at != self.0.at() && self.0.move_to(at)
    }

    /// Lets the thread look for code that blocks, as long as a run or a call of the scheduler is under way.
    #[inline]
    pub(crate) fn look_for_blocked(&self, session: &Session) {
        if !self.0.looks.load(Ordering::Acquire) && self.0.patience.is_some() && self.0.begin_to_look() {
            session.0.inbox.ring();
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
        self.0.sleep().over = true;
        self.0.timer.set(Timestamp::MIN);
        // After this, the thread has the app no more.
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

    /// How long before an instant the scheduler is woken.
    fn ahead_of(&self, at: Timestamp) -> Duration {
        let near = self.near();
        // An instant before the last one comes of a clock that was put back.
        let lately = near <= at && at.since(near) < LATELY;
        if lately { Duration::ZERO } else { AHEAD }
    }

    /// Sets the instant. A later one leaves the thread asleep: it sets its timer anew when it wakes up.
    #[inline]
    fn move_to(&self, at: Timestamp) -> bool {
        let before = self.at.swap(at.as_micros(), Ordering::AcqRel);
        at.as_micros() < before && self.sleep_until(&mut self.sleep(), self.rings_at())
    }

    fn begin_to_look(&self) -> bool {
        self.looks.store(true, Ordering::Release);
        self.sleep_until(&mut self.sleep(), self.looks_at(self.clock.now()))
    }

    /// Lets the thread sleep no longer than until an instant. Returns whether the wall clock was set meanwhile.
    fn sleep_until(&self, sleep: &mut Sleep, at: Timestamp) -> bool {
        let sooner = at < sleep.until;
        if sooner {
            sleep.until = at;
        }
        sooner && self.timer.set(at)
    }

    /// Whether it is time to wake the scheduler. Answers `true` once.
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

    /// When the scheduler is woken.
    fn rings_at(&self) -> Timestamp {
        match self.at() {
            Timestamp::MAX => Timestamp::MAX,
            at => at.saturating_sub(Delta::from(self.ahead_of(at))),
        }
    }

    /// When the thread looks for code that blocks.
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

    /// Keeps nothing of the app, so that its end is not delayed until this thread has woken up.
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

    /// Wakes the scheduler if it is to be woken, and returns code that blocks its thread.
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

    /// Sets the timer anew. Returns whether the scheduler is to be woken; `None` once it has ended.
    fn wake_up(&self, steps: &mut StepWatch) -> Option<bool> {
        let (now, step) = steps.look(&self.clock);
        let mut sleep = self.sleep();
        if sleep.over {
            return None;
        }
        let rings = self.rings(now);
        sleep.until = self.rings_at().min(self.looks_at(now));
        let was_set = self.timer.set(sleep.until);
        // The scheduler follows a clock that was set.
        Some(rings || was_set || step.is_some())
    }

    /// Returns code that blocks its thread. If no run and no call of the scheduler is under way, that was the last look.
    fn look(&self, session: &Session) -> Vec<Blocked> {
        let blocked = session.0.watchdog.look(self.clock.now());
        // In this order: a run that begins after the next line sees that there are no looks any more.
        self.looks.store(false, Ordering::Release);
        if session.0.watchdog.calls.is_under_way() || session.state().active > 0 {
            self.looks.store(true, Ordering::Release);
        }
        blocked
    }
}

/// Reports code that blocks the thread that it runs on.
fn report(app: &Weak<Shared>, blocked: &Blocked) {
    let Some(session) = app.upgrade().map(Session::of) else {
        return;
    };
    let task = match blocked {
        Blocked::Run(task) => *task,
        Blocked::Scheduler(called) => return session.tell_blocking(called),
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
