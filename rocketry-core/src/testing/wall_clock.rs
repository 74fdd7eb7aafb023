//! A wall clock that a test sets while the app runs in real time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::app::Rocketry;
use crate::clock::Clock;

/// The wall clock of an app that runs in real time, which a test sets: as when somebody corrects the clock of a machine, or when the clocks
/// of two machines differ. Time passes as it does for the machine. Clones refer to the same clock.
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
    /// Gives the clock to an app.
    pub fn give_to(&self, app: Rocketry) -> Rocketry {
        app.on_clock(Clock::shifted(self.0.clone()))
    }

    /// Sets the clock this many microseconds ahead of that of the machine, or behind it if the number is negative. The app notices
    /// within a second.
    pub fn set_ahead(&self, micros: i64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}
