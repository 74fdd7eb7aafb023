//! Tests of the writer thread with a log that goes away while there is nothing to write.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{SharedQueue, Stage};
use crate::dispatch::log_meter::LogMeter;
use crate::error::{Error, Result};
use crate::log::{Page, Past, Query, Retention, RunLog, Write};

/// A log that is missing after a long rest, and back at the next attempt.
#[derive(Default)]
struct Gone {
    writes: AtomicUsize,
}

impl RunLog for Gone {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        assert!(write.records.is_empty() && write.facts.is_empty());
        match self.writes.fetch_add(1, Ordering::SeqCst) {
            0 => Err(Error::log("it was deleted")),
            _ => Ok(()),
        }
    }

    fn query(&self, _: &Query) -> Result<Page> {
        Err(Error::log("it is not asked"))
    }

    fn load(&self) -> Result<Past> {
        Ok(Past::default())
    }

    fn forget(&self, _: &Retention) -> Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_log_that_is_left_alone_is_looked_after() {
    let (shared, log) = (SharedQueue::default(), Gone::default());
    thread::scope(|threads| {
        threads.spawn(|| shared.serve(1, &log, &LogMeter::default(), &|| ()));
        while shared.queue().stage != Stage::Stuck {
            thread::yield_now();
        }
        let error = shared.queue().error.take().expect("it has told why");
        assert_eq!(error.to_string(), "it was deleted");
        shared.queue().stage = Stage::Writing;
        shared.changed.notify_one();
        while log.writes.load(Ordering::SeqCst) < 3 {
            thread::yield_now();
        }
        assert!(!shared.queue().is_failing);
        shared.queue().closing = true;
        shared.changed.notify_one();
    });
}
