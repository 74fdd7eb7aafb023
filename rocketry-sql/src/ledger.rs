//! The state of a log's writer in memory: the numbers of records and tasks, the open runs, and what has
//! happened since the last roll-up.
//!
//! A write only inserts records. Every [`ROLLUP_AFTER`] records they are rolled up: added to the tallies of
//! their tasks. A start-up reads the tallies and the few records after them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rocketry_core::{Action, Record, RunId};

use crate::drift::{Drifts, LAST_PLACE};
use crate::tally::{Noted, Since, index};

/// How many records trigger a roll-up outside of a burst.
pub(crate) const ROLLUP_AFTER: usize = if cfg!(test) { 50 } else { 10_000 };

/// A write of this many records is part of a burst, which a roll-up must not delay.
pub(crate) const BURST: usize = if cfg!(test) { 30 } else { 1000 };

/// How many records trigger a roll-up even in a burst. A start-up reads at most this many.
pub(crate) const ROLLUP_AT_LATEST: usize = if cfg!(test) { 100 } else { 500_000 };

/// How many consecutive records form a block.
pub(crate) const BLOCK: usize = if cfg!(test) { 16 } else { 8192 };

/// The state of the log as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The number of the last record that is rolled up.
    pub(crate) rolled_up: i64,
    /// How many records there are up to that number.
    pub(crate) records: i64,
    pub(crate) drifts: Drifts,
    /// The greatest number of a run, as the same bits.
    pub(crate) last_run: Option<i64>,
    /// The highest term of a write.
    pub(crate) term: i64,
}

/// A run that has started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenRun {
    /// The number of its start record.
    pub(crate) record: i64,
    pub(crate) run_id: RunId,
    /// Whether the database lists it as open.
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
    /// The open runs of each task, indexed by the number of the task.
    open: Vec<VecDeque<OpenRun>>,
    since: Since,
}

/// The block to which records are added.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    number: i64,
    records: usize,
}

/// The numbers assigned to a write.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The numbers of each record.
    pub(crate) records: Vec<Numbers>,
    pub(crate) new_tasks: Vec<(i64, Arc<str>)>,
    /// New blocks, each with its first record.
    pub(crate) new_blocks: Vec<(i64, i64)>,
    block: Block,
    /// The new drifts, if they have grown.
    pub(crate) drifts: Option<Drifts>,
}

/// The numbers of a record, its block and its task.
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
            last_record: state.rolled_up,
            ..Ledger::default()
        }
    }

    /// Adds a task that the database has.
    pub(crate) fn know_task(&mut self, number: i64, name: Arc<str>) {
        self.last_task = self.last_task.max(number);
        self.tasks.insert(name, number);
    }

    /// Adds a run that the database lists as open.
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

    /// Returns whether the task exists. Invalid rows may contain any number.
    fn knows(&self, task: i64) -> bool {
        (1..=self.last_task).contains(&task)
    }

    /// Returns true if a run of a task has started and not ended.
    #[cfg(feature = "postgres")]
    pub(crate) fn is_open(&self, task: &Arc<str>, run_id: &RunId) -> bool {
        let runs = self.tasks.get(task).and_then(|task| self.open.get(index(*task)));
        runs.is_some_and(|runs| runs.iter().any(|run| run.run_id == *run_id))
    }

    fn open_runs(&mut self, task: i64) -> &mut VecDeque<OpenRun> {
        let index = index(task);
        if self.open.len() <= index {
            self.open.resize_with(index + 1, VecDeque::new);
        }
        &mut self.open[index]
    }

    /// Sets the last block and how many records it has.
    pub(crate) fn know_block(&mut self, number: i64, records: usize) {
        self.block = Block { number, records };
    }

    /// Assigns numbers to a write. The ledger does not change until the write has succeeded.
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
                    // If one task is new, most are: the app has just started.
                    new.reserve(records.len());
                }
                let next = self.last_task + 1 + i64::try_from(new.len()).unwrap_or(i64::MAX);
                *new.entry(&record.task).or_insert_with(|| {
                    // A copy: the app keeps what shares the name of a deleted task.
                    plan.new_tasks.push((next, Arc::from(&*record.task)));
                    next
                })
            });
            plan.add(place, task);
        }
        plan.drifts = (drifts != self.state.drifts).then_some(drifts);
        plan
    }

    /// Applies a write that has succeeded.
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

    /// Applies a record that is in the database.
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
        if !what.action.is_of_run() {
            return;
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
            // Most of the many tasks have no open run most of the time.
            *runs = VecDeque::new();
        }
        if run.stored {
            self.since.ended.push(run.record);
        }
    }

    /// Returns whether a roll-up is due after a write of `written` records.
    pub(crate) fn is_full(&self, written: usize) -> bool {
        self.since.records
            >= if written < BURST {
                ROLLUP_AFTER
            } else {
                ROLLUP_AT_LATEST
            }
    }

    /// What has happened since the last roll-up.
    pub(crate) fn since(&self) -> &Since {
        &self.since
    }

    /// The state after a roll-up.
    pub(crate) fn state_rolled_up(&self) -> State {
        let records = i64::try_from(self.since.records).unwrap_or(i64::MAX);
        State {
            rolled_up: self.last_record,
            records: self.state.records.saturating_add(records),
            ..self.state
        }
    }

    /// The start records of the open runs that the database does not list.
    pub(crate) fn newly_open(&self) -> Vec<i64> {
        let runs = self.since.started().flat_map(|task| &self.open[index(task)]);
        runs.filter(|run| !run.stored).map(|run| run.record).collect()
    }

    /// Applies a roll-up.
    pub(crate) fn rolled_up(&mut self) {
        self.state = self.state_rolled_up();
        for task in std::mem::take(&mut self.since).started() {
            for run in &mut self.open[index(task)] {
                run.stored = true;
            }
        }
    }

    /// Applies the deletion of records that are rolled up.
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
