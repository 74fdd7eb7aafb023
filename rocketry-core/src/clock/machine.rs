//! The clocks of this machine.

use std::time::Duration;

use crate::time::Timestamp;

/// Returns the wall clock. It takes half as many instructions as `SystemTime`, which converts twice; an app
/// reads it twice per run.
#[cfg(unix)]
pub(super) fn now() -> Timestamp {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::Realtime);
    let micros = time.tv_nsec / 1000;
    Timestamp::from_micros(time.tv_sec.saturating_mul(1_000_000).saturating_add(micros))
}

#[cfg(not(unix))]
pub(super) fn now() -> Timestamp {
    std::time::SystemTime::now().into()
}

/// Returns the time that has passed since some fixed instant, including the time during which the machine
/// sleeps.
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
