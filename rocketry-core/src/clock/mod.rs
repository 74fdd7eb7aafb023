//! The clock of an app: the system's, or one that is moved by hand.

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

/// What an app takes its time from.
///
/// A clock has two hands. The wall clock ([`now`](Self::now)) shows dates and times of day, and may be set.
/// The second hand ([`elapsed`](Self::elapsed)) counts the time that passes, and nothing sets it. Calendar words follow the
/// wall clock; timeouts, backoffs, jitter and other waits follow the time that passes.
///
/// A task that waits should wait with [`sleep`](Self::sleep), so that it can be tested on manual time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<ManualClock>),
    /// That of the machine, but for a wall clock that is ahead by so many microseconds.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Clock(Source::System)
    }

    /// A clock that stands at `start` until it is moved.
    pub(crate) fn manual(start: Timestamp) -> Self {
        Clock(Source::Manual(Arc::new(ManualClock::new(start))))
    }

    /// The clock of the machine, whose wall clock a test sets: ahead by so many microseconds.
    pub(crate) fn shifted(ahead: Arc<AtomicI64>) -> Self {
        Clock(Source::Shifted(ahead))
    }

    /// The present, by the wall clock.
    #[inline]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => machine::now(),
            Source::Manual(manual) => manual.now(),
            Source::Shifted(ahead) => machine::now().shifted(ahead.load(Ordering::Relaxed)),
        }
    }

    /// How much time has passed since some fixed instant. Setting the wall clock does not change it.
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

    /// Waits for a time: of the machine, or of the manual clock. Setting the wall clock does not change the wait.
    ///
    /// Cancel safe: dropping the future ends the wait.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::System | Source::Shifted(_) => tokio::time::sleep(duration).await,
            Source::Manual(manual) => manual.sleep(duration, Sleeper::Run).await,
        }
    }

    /// Waits as [`sleep`](Self::sleep) does, for what is no run: a task of the runtime that watches the app. A test takes the
    /// sleepers of `sleep` for runs, and would not wait for as many runs that are at work.
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

    /// Whether the wall clock is that of the machine, so that the kernel can wait for its instants.
    pub(crate) fn is_of_machine(&self) -> bool {
        matches!(self.0, Source::System)
    }
}
