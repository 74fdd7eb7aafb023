//! Counts the writes to the run log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How the run log is used: see [`Session::log_use`](crate::Session::log_use). The counts start with the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogUse {
    /// The number of records that wait to be written, including those of a write in progress.
    pub waiting: u64,
    /// The number of written records.
    pub records: u64,
    /// The number of attempted writes. One write takes all records that arrived during the previous one.
    pub writes: u64,
    /// The number of failed writes.
    pub failed: u64,
    /// The total duration of the writes.
    pub time: Duration,
}

/// The counters. They are independent: a reader may see one of them ahead of another.
#[derive(Debug, Default)]
pub(crate) struct LogMeter {
    queued: AtomicU64,
    records: AtomicU64,
    writes: AtomicU64,
    failed: AtomicU64,
    nanos: AtomicU64,
}

impl LogMeter {
    /// Counts records that have to be written.
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

    /// Counts records that are written, or can never be.
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
