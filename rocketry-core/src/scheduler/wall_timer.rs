//! A timer that follows the wall clock: it wakes a thread at an instant, and when the clock is set.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::time::Timestamp;

/// The longest sleep of a thread that has to check the wall clock itself. It limits the delay until a set
/// clock or a suspended machine is noticed.
pub(super) const CHECK: Duration = Duration::from_secs(1);

/// A timer that one thread waits for and any thread can set.
pub(super) enum WallTimer {
    /// A timer of the kernel, which is cancelled when the wall clock is set and after the machine was
    /// suspended.
    #[cfg(target_os = "linux")]
    Kernel(OwnedFd),
    Polled(PolledTimer),
}

/// A timer whose thread checks the clock once per [`CHECK`].
pub(super) struct PolledTimer {
    clock: Clock,
    at: Mutex<Timestamp>,
    changed: Condvar,
}

impl WallTimer {
    /// Creates a timer that is not set. If the kernel has no timer that follows the clock, the thread checks
    /// the clock itself.
    pub(super) fn new(clock: &Clock) -> Self {
        #[cfg(target_os = "linux")]
        if clock.is_of_machine()
            && let Ok(timer) = kernel::create()
        {
            return WallTimer::Kernel(timer);
        }
        WallTimer::polled(clock)
    }

    pub(super) fn polled(clock: &Clock) -> Self {
        WallTimer::Polled(PolledTimer {
            clock: clock.clone(),
            at: Mutex::new(Timestamp::MAX),
            changed: Condvar::new(),
        })
    }

    /// Sets the instant, replacing the last one. Returns true if the wall clock was set in the meantime; the
    /// timer then does not wake its thread for that.
    pub(super) fn set(&self, at: Timestamp) -> bool {
        match self {
            #[cfg(target_os = "linux")]
            WallTimer::Kernel(timer) => kernel::set(timer, at),
            WallTimer::Polled(timer) => {
                *timer.at() = at;
                timer.changed.notify_one();
                false
            }
        }
    }

    /// Blocks the thread until the instant, or until the wall clock was set. May return early.
    pub(super) fn wait(&self) {
        match self {
            #[cfg(target_os = "linux")]
            WallTimer::Kernel(timer) => kernel::wait(timer),
            WallTimer::Polled(timer) => timer.wait(),
        }
    }
}

impl PolledTimer {
    fn at(&self) -> MutexGuard<'_, Timestamp> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let at = self.at();
        let left = at.since(self.clock.now()).min(CHECK);
        if !left.is_zero() {
            drop(self.changed.wait_timeout(at, left));
        }
    }
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::os::fd::OwnedFd;

    use rustix::io::{self, Errno};
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };

    use crate::time::Timestamp;

    /// An instant in the distant future that every kernel can represent. A timer without an instant would not
    /// be cancelled.
    const NEVER: i64 = 1 << 32;

    pub(super) fn create() -> io::Result<OwnedFd> {
        timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC)
    }

    pub(super) fn set(timer: &OwnedFd, at: Timestamp) -> bool {
        const FLAGS: TimerfdTimerFlags = TimerfdTimerFlags::ABSTIME.union(TimerfdTimerFlags::CANCEL_ON_SET);
        const SECOND: i64 = 1_000_000;
        // Zero would disarm the timer.
        let micros = at.as_micros().clamp(1, NEVER * SECOND);
        let value = Timespec {
            tv_sec: micros / SECOND,
            tv_nsec: micros % SECOND * 1000,
        };
        let once = Itimerspec {
            it_interval: Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            },
            it_value: value,
        };
        // The timer is set despite the error.
        matches!(timerfd_settime(timer, FLAGS, &once), Err(Errno::CANCELED))
    }

    pub(super) fn wait(timer: &OwnedFd) {
        // Neither the number of expirations nor the error that reports a set clock matters.
        let _ = io::read(timer, &mut [0; 8]);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use rocketry_syntax::ast::Delta;

    use super::{CHECK, WallTimer};
    use crate::clock::Clock;
    use crate::time::Timestamp;

    fn timers() -> [WallTimer; 2] {
        let clock = Clock::system();
        [WallTimer::new(&clock), WallTimer::polled(&clock)]
    }

    #[test]
    fn it_wakes_its_thread_at_an_instant() {
        let clock = Clock::system();
        for timer in timers() {
            let at = clock.now().saturating_add(Delta::from(Duration::from_millis(20)));
            timer.set(at);
            while clock.now() < at {
                timer.wait();
            }
            timer.set(Timestamp::MIN);
            timer.wait();
        }
    }

    #[test]
    fn another_thread_sets_an_earlier_instant() {
        for timer in timers() {
            timer.set(Timestamp::MAX);
            thread::scope(|scope| {
                scope.spawn(|| timer.wait());
                timer.set(Timestamp::MIN);
            });
        }
    }

    #[test]
    fn without_help_of_the_kernel_the_clock_is_looked_at_now_and_then() {
        let clock = Clock::system();
        let timer = WallTimer::polled(&clock);
        timer.set(Timestamp::MAX);
        let before = clock.elapsed();
        timer.wait();
        assert!(clock.elapsed().saturating_sub(before) < 60 * CHECK);
    }
}
