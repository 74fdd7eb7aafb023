//! An in-memory run log that nodes share.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use rocketry_core::cluster::SharedLog;
use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::{Action, Error, MemoryLog, Query, Record, Result, RunLog};

/// An in-memory run log that several nodes share, and that is written like a log over a network. Clones refer
/// to the same log.
///
/// ```
/// use rocketry::cluster::SharedLog;
/// use rocketry::log::Write;
/// use rocketry_cluster::twin::TwinLog;
///
/// let log = TwinLog::default();
/// let write = Write { term: Some(1), ..Write::default() };
/// log.write_claiming(&write, &["fetch@1".into()])?;
/// assert!(log.write_claiming(&write, &["fetch@1".into()]).unwrap_err().is_superseded());
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct TwinLog(Arc<Shared>);

#[derive(Default)]
struct Shared {
    log: MemoryLog,
    written: Mutex<Written>,
}

#[derive(Default)]
struct Written {
    claims: HashSet<Arc<str>>,
    last: Option<u64>,
    /// The number of writes.
    count: u64,
}

impl SharedLog for TwinLog {
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()> {
        let mut written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        if write.number.is_some() && write.number == written.last {
            return Ok(());
        }
        let past = self.0.log.load()?;
        write.check_term(past.term)?;
        if let Some(end) = closed(write.records, &past) {
            return Err(Error::ended_elsewhere(&end.run_id.to_string()));
        }
        if let Some(claim) = claims.iter().find(|claim| written.claims.contains(*claim)) {
            return Err(Error::claimed(claim));
        }
        self.0.log.write(write)?;
        written.claims.extend(claims.iter().cloned());
        written.last = write.number.or(written.last);
        written.count += 1;
        Ok(())
    }

    fn writes(&self) -> Result<Option<u64>> {
        let written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(written.count))
    }
}

/// The first record that ends a run that is not open and does not start in the same write.
fn closed<'a>(records: &'a [Record], past: &Past) -> Option<&'a Record> {
    let is_of = |start: &Record, end: &Record| start.run_id == end.run_id && start.task == end.task;
    let mut ends = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.action.is_end());
    let found = ends.find(|(place, end)| {
        let open = past.tasks.get(&end.task).map_or(&[][..], |task| &task.open);
        let here = records[..*place]
            .iter()
            .filter(|record| record.action == Action::Run);
        !open.iter().chain(here).any(|start| is_of(start, end))
    });
    found.map(|(_, end)| end)
}

impl RunLog for TwinLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.write_claiming(write, &[])
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.0.log.query(query)
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.0.log.count(query)
    }

    fn load(&self) -> Result<Past> {
        self.0.log.load()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        self.0.log.forget(retention)
    }
}
