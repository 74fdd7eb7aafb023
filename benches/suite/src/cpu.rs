//! How much processor time the program has used.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Of all threads, in user and system mode.
pub(crate) fn used() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("processor time is positive")
}
