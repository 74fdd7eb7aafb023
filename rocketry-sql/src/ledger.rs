//! What the writer of a log knows without asking the database: numbers of records and tasks, runs that are open, and
//! what has happened since the tallies were written last.
//!
//! A write adds records and nothing else. Every [`FOLD`] records, what they come to is added to the tallies of their
//! tasks, so that a start-up reads those and the few records since.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rocketry_core::{Action, Record, RunId};

use crate::drift::Drifts;

use crate::tally::{Noted, Since, index};

/// After so many records the tallies are brought up to date, if there is time for that.
pub(crate) const FOLD: usize = if cfg!(test) { 50 } else { 10_000 };

/// A write of so many records belongs to a burst, which must not wait for the tallies.
pub(crate) const BURST: usize = if cfg!(test) { 30 } else { 1000 };

/// After so many records the tallies are brought up to date in a burst, too. A start-up reads as many at the most.
pub(crate) const MOST: usize = if cfg!(test) { 100 } else { 500_000 };

/// So many records are a block.
pub(crate) const BLOCK: usize = if cfg!(test) { 16 } else { 8192 };

/// Numbers of records end here, long before those of the type.
pub(crate) const LAST_PLACE: i64 = 1 << 62;

/// What the database says about the log as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The tallies count the records up to this number.
    pub(crate) folded: i64,
    /// How many records there are up to that number.
    pub(crate) records: i64,
    pub(crate) drifts: Drifts,
    /// The greatest number that a run had, bit by bit.
    pub(crate) last_run: Option<i64>,
    /// The highest term of a write.
    pub(crate) term: i64,
}

/// A run that has started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenRun {
    /// The number of the record of its start.
    pub(crate) record: i64,
    pub(crate) run_id: RunId,
    /// Whether the database knows that it is open.
    pub(crate) stored: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) state: State,
    tasks: HashMap<Arc<str>, i64>,
    last_task: i64,
    /// The number of the last record.
    pub(crate) last_record: i64,
    block: Block,
    /// The open runs of each task, whose number is the place here.
    open: Vec<VecDeque<OpenRun>>,
    since: Since,
}

/// The block that records are added to.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    number: i64,
    records: usize,
}

/// The numbers that a write gets.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Those of each record.
    pub(crate) records: Vec<Numbers>,
    pub(crate) new_tasks: Vec<(i64, Arc<str>)>,
    /// New blocks, each with its first record.
    pub(crate) new_blocks: Vec<(i64, i64)>,
    block: Block,
    /// How far instants are from their numbers, if that is more than ever before.
    pub(crate) drifts: Option<Drifts>,
}

/// The numbers that a record gets: its own, and those of its block and its task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    pub(crate) record: i64,
    pub(crate) block: i64,
    pub(crate) task: i64,
}

impl Ledger {
    pub(crate) fn new(state: State) -> Self {
        Ledger {
            state,
            last_record: state.folded,
            ..Ledger::default()
        }
    }

    /// Takes over a task that the database knows.
    pub(crate) fn know_task(&mut self, number: i64, name: Arc<str>) {
        self.last_task = self.last_task.max(number);
        self.tasks.insert(name, number);
    }

    /// Takes over a run that the database takes to be open.
    pub(crate) fn know_open(&mut self, task: i64, record: i64, run_id: RunId) {
        if !self.knows(task) {
            return;
        }
        self.open_runs(task).push_back(OpenRun {
            record,
            run_id,
            stored: true,
        });
    }

    /// Whether there is such a task: a row that is no record may say anything.
    fn knows(&self, task: i64) -> bool {
        (1..=self.last_task).contains(&task)
    }

    fn open_runs(&mut self, task: i64) -> &mut VecDeque<OpenRun> {
        let index = index(task);
        if self.open.len() <= index {
            self.open.resize_with(index + 1, VecDeque::new);
        }
        &mut self.open[index]
    }

    /// Takes over the last block, which has so many records.
    pub(crate) fn know_block(&mut self, number: i64, records: usize) {
        self.block = Block { number, records };
    }

    /// Gives numbers to what is to be written. Nothing is noted before it is written.
    pub(crate) fn plan(&self, records: &[Record]) -> Plan {
        let mut plan = Plan {
            records: Vec::with_capacity(records.len()),
            block: self.block,
            ..Plan::default()
        };
        let mut new: HashMap<&Arc<str>, i64> = HashMap::new();
        let mut place = self.last_record;
        let mut drifts = self.state.drifts;
        for record in records {
            let created = record.created.as_micros();
            place = place.saturating_add(1).max(created.min(LAST_PLACE));
            drifts.note(record, place);
            let task = self.tasks.get(&record.task).copied().unwrap_or_else(|| {
                if new.is_empty() {
                    // If one is new, most are: the app has just begun.
                    new.reserve(records.len());
                }
                let next = self.last_task + 1 + i64::try_from(new.len()).unwrap_or(i64::MAX);
                *new.entry(&record.task).or_insert_with(|| {
                    plan.new_tasks.push((next, record.task.clone()));
                    next
                })
            });
            plan.add(place, task);
        }
        plan.drifts = (drifts != self.state.drifts).then_some(drifts);
        plan
    }

    /// Notes what was written.
    pub(crate) fn note(&mut self, plan: Plan, records: &[Record]) {
        for (number, name) in plan.new_tasks {
            self.know_task(number, name);
        }
        self.state.drifts = plan.drifts.unwrap_or(self.state.drifts);
        self.block = plan.block;
        for (record, numbers) in records.iter().zip(plan.records) {
            let what = Noted {
                task: numbers.task,
                action: record.action,
                created: record.created.as_micros(),
                due: record.due.as_micros(),
            };
            self.note_record(numbers.record, what, &record.run_id);
        }
    }

    /// Notes a record that is in the database.
    pub(crate) fn note_record(&mut self, place: i64, what: Noted, run_id: &RunId) {
        self.last_record = self.last_record.max(place);
        self.since.records += 1;
        if !self.knows(what.task) {
            return;
        }
        if let RunId::Number(number) = *run_id {
            let last = self.state.last_run.map(i64::cast_unsigned).max(Some(number));
            self.state.last_run = last.map(u64::cast_signed);
        }
        self.since.note(what);
        if what.action == Action::Run {
            self.open_runs(what.task).push_back(OpenRun {
                record: place,
                run_id: run_id.clone(),
                stored: false,
            });
        } else {
            self.close(what.task, run_id);
        }
    }

    fn close(&mut self, task: i64, run_id: &RunId) {
        let runs = self.open_runs(task);
        let index = runs.iter().position(|run| run.run_id == *run_id);
        let Some(run) = index.and_then(|index| runs.remove(index)) else {
            return;
        };
        if runs.is_empty() {
            // Most tasks have none most of the time, and there are many.
            *runs = VecDeque::new();
        }
        if run.stored {
            self.since.ended.push(run.record);
        }
    }

    /// Whether it is time to bring the tallies up to date, after a write of so many records.
    pub(crate) fn is_full(&self, written: usize) -> bool {
        self.since.records >= if written < BURST { FOLD } else { MOST }
    }

    /// What has happened since the tallies were written.
    pub(crate) fn since(&self) -> &Since {
        &self.since
    }

    /// The state when the tallies are brought up to date.
    pub(crate) fn state_folded(&self) -> State {
        let records = i64::try_from(self.since.records).unwrap_or(i64::MAX);
        State {
            folded: self.last_record,
            records: self.state.records.saturating_add(records),
            ..self.state
        }
    }

    /// The records of the starts of those open runs of which the database does not know.
    pub(crate) fn newly_open(&self) -> Vec<i64> {
        let runs = self.since.started().flat_map(|task| &self.open[index(task)]);
        runs.filter(|run| !run.stored).map(|run| run.record).collect()
    }

    /// Notes that the tallies are up to date.
    pub(crate) fn folded(&mut self) {
        self.state = self.state_folded();
        for task in std::mem::take(&mut self.since).started() {
            for run in &mut self.open[index(task)] {
                run.stored = true;
            }
        }
    }

    /// Notes that records were forgotten, with the tallies up to date.
    pub(crate) fn forgotten(&mut self, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.state.records = self.state.records.saturating_sub(count);
    }
}

impl Plan {
    fn add(&mut self, record: i64, task: i64) {
        if self.block.number == 0 || self.block.records >= BLOCK {
            self.block.number += 1;
            self.block.records = 0;
            self.new_blocks.push((self.block.number, record));
        }
        self.block.records += 1;
        let block = self.block.number;
        self.records.push(Numbers { record, block, task });
    }
}
