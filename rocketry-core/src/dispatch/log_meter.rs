//! Counts what is written to the run log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How the run log is used: see [`Session::log_use`](crate::Session::log_use). Counts begin with the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogUse {
    /// How many records wait to be written, those of a write under way included.
    pub waiting: u64,
    /// How many records were written.
    pub records: u64,
    /// How many writes were tried. One write takes whatever has come during the one before.
    pub writes: u64,
    /// How many of them have failed.
    pub failed: u64,
    /// How long the writes took in all.
    pub time: Duration,
}

/// The counts, each by itself: a reader may see one of them ahead of another.
#[derive(Debug, Default)]
pub(crate) struct LogMeter {
    queued: AtomicU64,
    records: AtomicU64,
    writes: AtomicU64,
    failed: AtomicU64,
    nanos: AtomicU64,
}

impl LogMeter {
    /// Counts records that are to be written.
    pub(crate) fn queue(&self, records: usize) {
        self.queued.fetch_add(records as u64, Ordering::Relaxed);
    }

    /// Counts a write.
    pub(crate) fn note(&self, time: Duration, is_written: bool) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.failed.fetch_add(u64::from(!is_written), Ordering::Relaxed);
    }

    /// Counts records that are written, or that can never be.
    pub(crate) fn settle(&self, records: usize) {
        self.records.fetch_add(records as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> LogUse {
        let records = self.records.load(Ordering::Relaxed);
        LogUse {
            waiting: self.queued.load(Ordering::Relaxed).saturating_sub(records),
            records,
            writes: self.writes.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            time: Duration::from_nanos(self.nanos.load(Ordering::Relaxed)),
        }
    }
}
