//! The in-memory run log, which keeps the newest records only.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::past::{Past, Retention, Write};
use super::query::{Cursor, Order, Page, Query};
use super::triggers::Triggers;
use super::{Record, RunLog};
use crate::error::Result;

/// The most output of processes kept, in bytes. Older records lose their output first.
const OUTPUT_CAPACITY: usize = 32 * 1024 * 1024;

/// The default number of records kept.
pub const DEFAULT_CAPACITY: usize = 100_000;

/// A run log in memory that keeps the newest records. This is the default.
///
/// The output of processes is kept for the newest records, up to 32 MiB in total. Records that exceed the
/// capacity are dropped, and [`load`](RunLog::load) does not count them.
///
/// The records of one task are chained, so that a query for a task touches no other records. Records are added
/// to their chains when a task is first queried, because most are dropped before that.
#[derive(Debug)]
pub struct MemoryLog {
    ring: Mutex<Ring>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Ring {
    /// The number of the front record.
    first: u64,
    records: VecDeque<Chained>,
    /// The newest chained record of each task. All records before `chained` are in their chains.
    newest: HashMap<Arc<str>, u64>,
    chained: u64,
    /// The numbers of the records that still have their output, oldest first, and the total length of that
    /// output.
    printed: VecDeque<u64>,
    output: usize,
    triggers: Triggers,
    /// The facts, and the past of the records deleted by retention.
    forgotten: Past,
}

#[derive(Debug)]
struct Chained {
    record: Record,
    /// The previous record of the same task, once this record is chained. It may have left the ring.
    previous: Option<u64>,
}

impl From<Record> for Chained {
    fn from(record: Record) -> Self {
        Chained {
            record,
            previous: None,
        }
    }
}

impl Default for MemoryLog {
    fn default() -> Self {
        MemoryLog::new(DEFAULT_CAPACITY)
    }
}

impl MemoryLog {
    /// Creates a log that keeps the newest `capacity` records, at least one.
    pub fn new(capacity: usize) -> Self {
        MemoryLog {
            ring: Mutex::default(),
            capacity: capacity.max(1),
        }
    }

    /// Creates a log whose first record has this position. It keeps all records until they are
    /// [forgotten](RunLog::forget). Such a log serves as the index of a log that is stored elsewhere and
    /// whose earlier records are forgotten.
    pub fn starting_at(first: u64) -> Self {
        let ring = Ring {
            first,
            chained: first,
            ..Ring::default()
        };
        MemoryLog {
            ring: Mutex::new(ring),
            capacity: usize::MAX,
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunLog for MemoryLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        let mut ring = self.ring();
        write.check_term(ring.forgotten.term)?;
        for record in write.records {
            ring.push(record.clone(), self.capacity);
        }
        ring.forgotten.note(&Write {
            records: &[],
            ..*write
        });
        Ok(())
    }

    #[inline]
    fn write_records(&self, records: &mut Vec<Record>) -> Result<()> {
        let mut ring = self.ring();
        for record in records.drain(..) {
            ring.push(record, self.capacity);
        }
        Ok(())
    }

    fn query(&self, query: &Query) -> Result<Page> {
        let ring = &mut *self.ring();
        ring.chain_for(query);
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut fitting = ring
            .in_order(query)
            .filter(|(number, record)| query.reaches(Cursor::new(*number)) && query.admits(record));
        let chosen = fitting.by_ref().take(limit);
        let chosen = chosen.map(|(number, record)| {
            let record = ring.triggers.whole(number, record);
            (Cursor::new(number), record.into_owned())
        });
        let chosen = chosen.collect();
        Ok(Page::of(query, chosen, fitting.next().is_some()))
    }

    fn count(&self, query: &Query) -> Result<u64> {
        let ring = &mut *self.ring();
        ring.chain_for(query);
        let all = ring.in_order(query);
        let matching = all.filter(|(_, record)| query.admits(record));
        Ok(matching.take(query.limit.unwrap_or(usize::MAX)).count() as u64)
    }

    fn load(&self) -> Result<Past> {
        let ring = self.ring();
        let mut past = ring.forgotten.clone();
        ring.note_oldest(ring.records.len(), &mut past);
        Ok(past)
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        Ok(self.ring().forget(retention))
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

impl Ring {
    #[inline]
    fn push(&mut self, mut record: Record, capacity: usize) {
        if self.records.len() == capacity {
            self.drop_oldest();
        }
        self.triggers.take(self.end(), &mut record);
        let length = record.output_length();
        self.records.push_back(record.into());
        if length > 0 {
            self.printed.push_back(self.end() - 1);
            self.output += length;
            self.forget_outputs();
        }
    }

    /// The number of the next record.
    fn end(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// Adds the remaining records to their chains.
    fn chain_all(&mut self) {
        self.chained = self.chained.max(self.first);
        let index = usize::try_from(self.chained - self.first).unwrap_or(usize::MAX);
        for (number, Chained { record, previous }) in (self.chained..).zip(self.records.range_mut(index..)) {
            *previous = match self.newest.get_mut(&record.task) {
                Some(newest) => Some(std::mem::replace(newest, number)),
                None => self.newest.insert(record.task.clone(), number),
            };
        }
        self.chained = self.end();
    }

    /// Drops the oldest outputs until the rest fits.
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
        let Some(Chained { record, .. }) = self.records.pop_front() else {
            return;
        };
        if self.first < self.chained && self.newest.get(&record.task) == Some(&self.first) {
            self.newest.remove(&record.task);
        }
        if self.printed.front() == Some(&self.first) {
            self.printed.pop_front();
            self.output -= record.output_length();
        }
        self.triggers.drop_oldest(self.first);
        self.first += 1;
    }

    /// Adds the oldest records to a past.
    fn note_oldest(&self, count: usize, past: &mut Past) {
        for (number, Chained { record, .. }) in (self.first..).zip(self.records.iter().take(count)) {
            let record = self.triggers.whole(number, record);
            past.note(&Write::records(std::slice::from_ref(&*record)));
        }
    }

    /// Deletes records from the oldest on, up to the first that is kept.
    fn forget(&mut self, retention: &Retention) -> u64 {
        let created = self.records.iter().map(|chained| chained.record.created);
        let count = retention.count(created).min(retention.bite);
        let mut forgotten = std::mem::take(&mut self.forgotten);
        self.note_oldest(count, &mut forgotten);
        self.forgotten = forgotten;
        for _ in 0..count {
            self.drop_oldest();
        }
        count as u64
    }

    fn at(&self, number: u64) -> Option<&Chained> {
        self.records
            .get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Prepares the chain that [`in_order`](Self::in_order) follows.
    fn chain_for(&mut self, query: &Query) {
        if task_of_chain(query).is_some() {
            self.chain_all();
        }
    }

    /// The records that may match, each with its number, without the runs in `triggers`.
    fn in_order(&self, query: &Query) -> Box<dyn Iterator<Item = (u64, &Record)> + '_> {
        if let Some(task) = task_of_chain(query) {
            return Box::new(self.chain(task));
        }
        let all = self.records.iter().enumerate();
        let all = all.map(|(index, chained)| (self.first + index as u64, &chained.record));
        match query.order {
            Order::Oldest => Box::new(all),
            Order::Newest | Order::Last => Box::new(all.rev()),
        }
    }

    /// The records of a task, newest first.
    fn chain<'a>(&'a self, task: &str) -> impl Iterator<Item = (u64, &'a Record)> + use<'a> {
        let at = |number| Some((number, self.at(number)?));
        let newest = self.newest.get(task).copied().and_then(at);
        let chain = std::iter::successors(newest, move |(_, chained)| at(chained.previous?));
        chain.map(|(number, chained)| (number, &chained.record))
    }
}

/// Returns the task whose chain answers a query.
fn task_of_chain(query: &Query) -> Option<&str> {
    match (query.order, &*query.tasks) {
        (Order::Newest | Order::Last, [task]) => Some(task),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MemoryLog, OUTPUT_CAPACITY};
    use crate::log::{Action, Exit, Extra, ProcessEnd, Query, Record, RunLog, RunRef, Write};
    use crate::param::RunId;
    use crate::time::Timestamp;

    fn record(number: u64, output: &str) -> Record {
        let at = Timestamp::from_micros(0);
        let process = ProcessEnd {
            exit: Exit::Code(0),
            output: output.into(),
        };
        let extra = Extra {
            process: Some(process),
            ..Extra::default()
        };
        Record {
            task: "print".into(),
            run_id: RunId::Number(number),
            action: Action::Success,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: Some(extra.into()),
        }
    }

    fn lengths(log: &MemoryLog) -> Vec<usize> {
        let records = log.query(&Query::new()).unwrap().records;
        records.iter().map(Record::output_length).collect()
    }

    #[test]
    fn only_so_much_output_is_kept() {
        let log = MemoryLog::new(100);
        let third = "x".repeat(OUTPUT_CAPACITY / 3);
        for number in 0..5 {
            log.write(&Write::records(&[record(number, &third)])).unwrap();
        }
        assert_eq!(lengths(&log), [0, 0, third.len(), third.len(), third.len()]);
        let whole = "x".repeat(OUTPUT_CAPACITY);
        log.write(&Write::records(&[record(5, &whole), record(6, "")]))
            .unwrap();
        assert_eq!(lengths(&log), [0, 0, 0, 0, 0, OUTPUT_CAPACITY, 0]);
    }

    #[test]
    fn a_start_keeps_the_run_that_triggered_it() {
        let log = MemoryLog::new(3);
        let upstream = |number| RunRef {
            task: "fetch".into(),
            run_id: RunId::Number(number),
        };
        let records: Vec<Record> = (0..7)
            .map(|number| {
                let runs: Vec<RunRef> = (0..number % 3).map(|other| upstream(number + other)).collect();
                let extra = Extra {
                    upstream: runs.into(),
                    ..Extra::default()
                };
                let mut start = record(number, "");
                start.action = Action::Run;
                start.extra = Some(extra.into()).filter(|_| number % 3 > 0);
                start
            })
            .collect();
        for (count, start) in (1..).zip(&records) {
            log.write(&Write::records(std::slice::from_ref(start))).unwrap();
            let mut kept = records[..count].iter().rev().take(3).cloned().collect::<Vec<_>>();
            let newest = Query::new().newest_first();
            assert_eq!(log.query(&newest).unwrap().records, kept);
            assert_eq!(log.query(&newest.task("print")).unwrap().records, kept);
            kept.reverse();
            assert_eq!(log.load().unwrap().tasks["print"].open, kept);
            assert_eq!(log.query(&Query::new()).unwrap().records, kept);
        }
    }

    #[test]
    fn output_goes_with_its_record() {
        let log = MemoryLog::new(2);
        let third = "x".repeat(OUTPUT_CAPACITY / 3);
        for number in 0..50 {
            log.write(&Write::records(&[record(number, &third)])).unwrap();
        }
        assert_eq!(lengths(&log), [third.len(), third.len()]);
    }
}
