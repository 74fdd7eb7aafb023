//! The time that passes on this machine.

use std::time::Duration;

/// Returns the time that has passed since some fixed instant, including the sleep of the machine.
#[cfg(unix)]
pub(super) fn elapsed() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    // Neither is ever negative.
    Duration::try_from(clock_gettime(CLOCK)).unwrap_or_default()
}

#[cfg(not(unix))]
pub(super) fn elapsed() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
