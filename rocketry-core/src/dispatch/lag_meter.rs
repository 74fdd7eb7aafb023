//! Measures how late the scheduler starts work that is due by time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of all classes but the last.
const BOUNDS: [Duration; 8] = [
    Duration::from_micros(100),
    Duration::from_micros(500),
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(10),
];

/// How late the scheduler began the cycles for which a timer was set: see
/// [`Session::scheduler_lag`](crate::Session::scheduler_lag). The counts start with the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchedulerLag {
    /// The number of such cycles.
    pub cycles: u64,
    /// Their total lateness.
    pub total: Duration,
    /// The number of cycles that were at most this late, in ascending order. Later cycles are counted in
    /// `cycles` only.
    pub within: Vec<(Duration, u64)>,
}

/// The counters. They are independent: a reader may see one of them ahead of another.
#[derive(Debug, Default)]
pub(crate) struct LagMeter {
    micros: AtomicU64,
    classes: [AtomicU64; BOUNDS.len() + 1],
}

impl LagMeter {
    /// Counts a cycle with a lateness.
    pub(crate) fn note(&self, lag: Duration) {
        let micros = u64::try_from(lag.as_micros()).unwrap_or(u64::MAX);
        let class = BOUNDS.partition_point(|bound| *bound < lag);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        self.classes[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> SchedulerLag {
        let mut cycles = 0;
        let mut within = Vec::with_capacity(BOUNDS.len());
        for (class, count) in self.classes.iter().enumerate() {
            cycles += count.load(Ordering::Relaxed);
            if let Some(bound) = BOUNDS.get(class) {
                within.push((*bound, cycles));
            }
        }
        SchedulerLag {
            cycles,
            total: Duration::from_micros(self.micros.load(Ordering::Relaxed)),
            within,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::LagMeter;

    #[test]
    fn each_class_includes_its_bound_and_those_before() {
        let meter = LagMeter::default();
        for micros in [0, 100, 101, 2_000, 11_000_000] {
            meter.note(Duration::from_micros(micros));
        }
        let lag = meter.read();
        assert_eq!(lag.cycles, 5);
        assert_eq!(lag.total, Duration::from_micros(11_002_201));
        let counts: Vec<u64> = lag.within.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 3, 4, 4, 4, 4, 4, 4]);
    }
}
