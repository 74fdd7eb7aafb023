//! A wall clock that a test can change while the app runs in real time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::app::Rocketry;
use crate::clock::Clock;

/// The wall clock of an app that runs in real time, under the control of a test. It simulates a corrected
/// clock, or the different clocks of two machines. Time passes as usual. Clones refer to the same clock.
///
/// ```
/// use rocketry::{Rocketry, testing::WallClock};
///
/// let clock = WallClock::default();
/// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
/// let session = clock.give_to(app).build()?.session();
/// let before = session.now();
/// clock.set_ahead(3_600_000_000);
/// assert!(session.now().since(before).as_secs() >= 3600);
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct WallClock(Arc<AtomicI64>);

impl WallClock {
    /// Makes an app use this clock.
    pub fn give_to(&self, app: Rocketry) -> Rocketry {
        app.on_clock(Clock::shifted(self.0.clone()))
    }

    /// Sets how many microseconds the clock is ahead of the machine's clock; a negative number sets it
    /// behind. The app notices the change within a second.
    pub fn set_ahead(&self, micros: i64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}
