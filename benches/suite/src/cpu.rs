//! How much processor time the program has used.

use std::thread::sleep;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Of all threads, in user and system mode.
pub(crate) fn used() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("processor time is positive")
}

/// Waits until the program is idle, so that no contender pays for the leftovers of another.
pub(crate) fn await_rest() {
    const LOOK: Duration = Duration::from_millis(20);
    const MOST_LOOKS: usize = 250;
    for _ in 0..MOST_LOOKS {
        let before = used();
        sleep(LOOK);
        if used().saturating_sub(before) < LOOK / 20 {
            return;
        }
    }
}
