//! The run log in memory: the newest records, and nothing on disk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Query, Record, RunLog};
use crate::error::Result;

/// How much is kept of what processes have printed, in bytes: older records keep everything else.
const OUTPUT_CAPACITY: usize = 32 * 1024 * 1024;

/// How many records are kept unless told otherwise.
pub const DEFAULT_CAPACITY: usize = 100_000;

/// A run log in memory that keeps the newest records: the default.
///
/// What processes have printed is kept for the newest of them, up to 32 MiB in all.
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
    /// The numbers of the records that have their output, oldest first, and how much that is in all.
    printed: VecDeque<u64>,
    output: usize,
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
        let length = record.output_length();
        self.records.push_back(Chained { record, previous });
        if length > 0 {
            self.printed.push_back(number);
            self.output += length;
            self.forget_outputs();
        }
    }

    /// Lets go of the oldest outputs until the others fit.
    fn forget_outputs(&mut self) {
        while self.output > OUTPUT_CAPACITY
            && let Some(oldest) = self.printed.pop_front()
        {
            let index = oldest.checked_sub(self.first).map(usize::try_from);
            if let Some(Ok(index)) = index
                && let Some(Chained { record, .. }) = self.records.get_mut(index)
            {
                self.output -= record.output_length();
                record.forget_output();
            }
        }
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.records.pop_front() else {
            return;
        };
        if self.newest.get(&oldest.record.task) == Some(&self.first) {
            self.newest.remove(&oldest.record.task);
        }
        if self.printed.front() == Some(&self.first) {
            self.printed.pop_front();
            self.output -= oldest.record.output_length();
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

#[cfg(test)]
mod tests {
    use super::{MemoryLog, OUTPUT_CAPACITY};
    use crate::log::{Action, Exit, ProcessEnd, Query, Record, RunLog};
    use crate::param::RunId;
    use crate::time::Timestamp;

    fn record(number: u64, output: &str) -> Record {
        let at = Timestamp::from_micros(0);
        let process = ProcessEnd {
            exit: Exit::Code(0),
            output: output.into(),
        };
        Record {
            task: "print".into(),
            run_id: RunId::Number(number),
            action: Action::Success,
            created: at,
            due: at,
            start: at,
            message: None,
            process: Some(process.into()),
        }
    }

    fn lengths(log: &MemoryLog) -> Vec<usize> {
        let records = log.query(&Query::new()).unwrap();
        records.iter().map(Record::output_length).collect()
    }

    #[test]
    fn only_so_much_output_is_kept() {
        let log = MemoryLog::new(100);
        let third = "x".repeat(OUTPUT_CAPACITY / 3);
        for number in 0..5 {
            log.append(&[record(number, &third)]).unwrap();
        }
        assert_eq!(lengths(&log), [0, 0, third.len(), third.len(), third.len()]);
        let whole = "x".repeat(OUTPUT_CAPACITY);
        log.append(&[record(5, &whole), record(6, "")]).unwrap();
        assert_eq!(lengths(&log), [0, 0, 0, 0, 0, OUTPUT_CAPACITY, 0]);
    }

    #[test]
    fn output_goes_with_its_record() {
        let log = MemoryLog::new(2);
        let third = "x".repeat(OUTPUT_CAPACITY / 3);
        for number in 0..50 {
            log.append(&[record(number, &third)]).unwrap();
        }
        assert_eq!(lengths(&log), [third.len(), third.len()]);
    }
}
