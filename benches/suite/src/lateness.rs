//! How late the runs are that are due on every full second.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::clock;

/// A timer may be early by this much, because clocks differ; that is not late by almost a second.
const EARLY: Duration = Duration::from_micros(500);

/// Runs by their lateness in microseconds, up to a second.
pub(crate) static LATENESS: LazyLock<Lateness> = LazyLock::new(|| Lateness {
    runs: (0..1_000_000).map(|_| AtomicU32::new(0)).collect(),
    from: AtomicU64::new(u64::MAX),
    to: AtomicU64::new(0),
});

pub(crate) struct Lateness {
    runs: Box<[AtomicU32]>,
    /// The seconds that are looked at, since 1970.
    from: AtomicU64,
    to: AtomicU64,
}

impl Lateness {
    /// Begins anew: looks at some seconds.
    pub(crate) fn watch(&self, from: u64, seconds: u64) {
        self.runs.iter().for_each(|runs| runs.store(0, Ordering::Relaxed));
        self.to.store(from + seconds, Ordering::Relaxed);
        self.from.store(from, Ordering::Release);
    }

    /// Counts a run that happens now; returns whether it is sampled.
    pub(crate) fn hit(&self) -> bool {
        let now = clock::since_epoch() + EARLY;
        let second = now.as_secs();
        let watched = self.from.load(Ordering::Acquire) <= second && second < self.to.load(Ordering::Relaxed);
        if watched {
            let late = Duration::from_nanos(now.subsec_nanos().into()).saturating_sub(EARLY);
            self.runs[late.as_micros() as usize].fetch_add(1, Ordering::Relaxed);
        }
        watched
    }

    /// Returns the given percentile of the lateness, in milliseconds.
    pub(crate) fn percentile(&self, percent: u64) -> f64 {
        let all: u64 = self
            .runs
            .iter()
            .map(|runs| u64::from(runs.load(Ordering::Relaxed)))
            .sum();
        let wanted = (all * percent).div_ceil(100);
        let mut seen = 0;
        let at = self.runs.iter().position(|runs| {
            seen += u64::from(runs.load(Ordering::Relaxed));
            seen >= wanted
        });
        at.map_or(f64::NAN, |micros| {
            Duration::from_micros(micros as u64).as_secs_f64() * 1e3
        })
    }
}
