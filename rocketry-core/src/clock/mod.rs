//! The clock of an app: the clock of the system, or one that is moved manually.

mod machine;
mod manual;
mod steps;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

pub(crate) use manual::ManualClock;
use manual::Sleeper;
pub(crate) use steps::StepWatch;

use crate::time::Timestamp;

/// The source of time for an app.
///
/// A clock has two hands. The wall clock ([`now`](Self::now)) shows dates and times of day, and may be set.
/// The second hand ([`elapsed`](Self::elapsed)) counts the time that passes, and can't be set. Calendar words
/// follow the wall clock; timeouts, backoffs, jitter and other waits follow the time that passes.
///
/// A task that waits should wait with [`sleep`](Self::sleep), so that it can be tested on manual time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<ManualClock>),
    /// The machine's clock, with a wall clock that is ahead by this many microseconds.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// Returns the clock of the machine.
    pub fn system() -> Self {
        Clock(Source::System)
    }

    /// A clock that shows `start` until it is moved.
    pub(crate) fn manual(start: Timestamp) -> Self {
        Clock(Source::Manual(Arc::new(ManualClock::new(start))))
    }

    /// The clock of the machine, with a wall clock that a test sets: ahead by this many microseconds.
    pub(crate) fn shifted(ahead: Arc<AtomicI64>) -> Self {
        Clock(Source::Shifted(ahead))
    }

    /// Returns the current time of the wall clock.
    #[inline]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => machine::now(),
            Source::Manual(manual) => manual.now(),
            Source::Shifted(ahead) => machine::now().shifted(ahead.load(Ordering::Relaxed)),
        }
    }

    /// Returns how much time has passed since some fixed instant. Setting the wall clock does not change it.
    ///
    /// On Linux, Android and macOS it includes the time during which the machine sleeps.
    ///
    /// ```
    /// use rocketry::Clock;
    ///
    /// let clock = Clock::system();
    /// let before = clock.elapsed();
    /// assert!(clock.elapsed() >= before);
    /// ```
    #[inline]
    pub fn elapsed(&self) -> Duration {
        match &self.0 {
            Source::System | Source::Shifted(_) => machine::elapsed(),
            Source::Manual(manual) => manual.elapsed(),
        }
    }

    /// Sleeps for a duration, by the machine's clock or the manual clock. Setting the wall clock does not
    /// affect it.
    ///
    /// Cancel safe: dropping the future ends the wait.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::System | Source::Shifted(_) => tokio::time::sleep(duration).await,
            Source::Manual(manual) => manual.sleep(duration, Sleeper::Run).await,
        }
    }

    /// Sleeps like [`sleep`](Self::sleep), for a task of the runtime that is not a run, such as one that
    /// watches the app. A test counts the sleepers of `sleep` as runs, and would otherwise stop waiting for
    /// as many runs that are in progress.
    ///
    /// Cancel safe: dropping the future ends the wait.
    pub async fn sleep_beside(&self, duration: Duration) {
        match &self.0 {
            Source::System | Source::Shifted(_) => tokio::time::sleep(duration).await,
            Source::Manual(manual) => manual.sleep(duration, Sleeper::Other).await,
        }
    }

    pub(crate) fn as_manual(&self) -> Option<&ManualClock> {
        match &self.0 {
            Source::Manual(manual) => Some(manual),
            Source::System | Source::Shifted(_) => None,
        }
    }

    /// Returns true if the wall clock is that of the machine, so the kernel can wait for its instants.
    pub(crate) fn is_of_machine(&self) -> bool {
        matches!(self.0, Source::System)
    }
}
