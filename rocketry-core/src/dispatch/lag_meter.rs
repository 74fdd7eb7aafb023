//! Measures how late the scheduler begins what is due by time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The greatest lag of each class but the last.
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

/// How late the scheduler began cycles for which a timer was set: see [`Session::scheduler_lag`](crate::Session::scheduler_lag).
/// Counts begin with the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchedulerLag {
    /// How many such cycles there were.
    pub cycles: u64,
    /// How late they were in all.
    pub total: Duration,
    /// How many of them were at most this late, in rising order. Later ones are counted in `cycles` alone.
    pub within: Vec<(Duration, u64)>,
}

/// The counts, each by itself: a reader may see one of them ahead of another.
#[derive(Debug, Default)]
pub(crate) struct LagMeter {
    micros: AtomicU64,
    classes: [AtomicU64; BOUNDS.len() + 1],
}

impl LagMeter {
    /// Counts a cycle that is this late.
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
