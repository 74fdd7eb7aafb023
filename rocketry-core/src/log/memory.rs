//! The run log in memory: the newest records, and nothing on disk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Query, Record, RunLog};
use crate::error::Result;

/// How many records are kept unless told otherwise.
pub const DEFAULT_CAPACITY: usize = 100_000;

/// A run log in memory that keeps the newest records: the default.
///
/// Records of one task are chained, so that asking for a task touches no other's records.
#[derive(Debug)]
pub struct MemoryLog {
    ring: Mutex<Ring>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Ring {
    /// The number of the record at the front.
    first: u64,
    records: VecDeque<Chained>,
    /// The newest record of each task.
    newest: HashMap<Arc<str>, u64>,
}

#[derive(Debug)]
struct Chained {
    record: Record,
    /// The record before it of the same task; it may have left the ring.
    previous: Option<u64>,
}

impl Default for MemoryLog {
    fn default() -> Self {
        MemoryLog::new(DEFAULT_CAPACITY)
    }
}

impl MemoryLog {
    /// A log that keeps the newest `capacity` records, at least one.
    pub fn new(capacity: usize) -> Self {
        MemoryLog {
            ring: Mutex::default(),
            capacity: capacity.max(1),
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunLog for MemoryLog {
    fn append(&self, records: &[Record]) -> Result<()> {
        let mut ring = self.ring();
        for record in records {
            ring.push(record.clone(), self.capacity);
        }
        Ok(())
    }

    fn query(&self, query: &Query) -> Result<Vec<Record>> {
        let ring = self.ring();
        let limit = query.last.unwrap_or(usize::MAX);
        let mut found: Vec<Record> = ring
            .newest_first(query)
            .filter(|record| query.admits(record))
            .take(limit)
            .cloned()
            .collect();
        found.reverse();
        Ok(found)
    }
}

impl Ring {
    fn push(&mut self, record: Record, capacity: usize) {
        if self.records.len() == capacity {
            self.drop_oldest();
        }
        let number = self.first + self.records.len() as u64;
        let previous = match self.newest.get_mut(&record.task) {
            Some(newest) => Some(std::mem::replace(newest, number)),
            None => self.newest.insert(record.task.clone(), number),
        };
        self.records.push_back(Chained { record, previous });
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.records.pop_front() else {
            return;
        };
        if self.newest.get(&oldest.record.task) == Some(&self.first) {
            self.newest.remove(&oldest.record.task);
        }
        self.first += 1;
    }

    fn at(&self, number: u64) -> Option<&Chained> {
        self.records
            .get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    fn newest_first(&self, query: &Query) -> Box<dyn Iterator<Item = &Record> + '_> {
        let Some(task) = &query.task else {
            return Box::new(self.records.iter().rev().map(|chained| &chained.record));
        };
        let newest = self.newest.get(task.as_str()).and_then(|number| self.at(*number));
        let chain = std::iter::successors(newest, |chained| self.at(chained.previous?));
        Box::new(chain.map(|chained| &chained.record))
    }
}
