//! The past that an app needs when it starts.

use std::collections::HashMap;
use std::sync::Arc;

use super::record::{Action, Record};
use super::tallies::Tally;
use crate::error::{Error, Result};
use crate::param::RunId;
use crate::time::Timestamp;

/// State that must survive a restart and is not a record: that a task is disabled, a queued run, a changed
/// parameter, the result of a task.
///
/// A log treats it as a key with a value. The core chooses the keys; a log keeps the last value of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key. It contains names of tasks and parameters, so it may be long and may contain any character.
    pub key: Arc<str>,
    /// The value as JSON; `None` removes the fact.
    pub value: Option<Arc<str>>,
}

/// The content of one write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Write<'a> {
    /// Records to add, in order.
    pub records: &'a [Record],
    /// Facts to set or remove, in order. If several have the same key, the last one counts.
    pub facts: &'a [Fact],
    /// The number of the write: greater than all before it, and unchanged when the write is retried. A log that
    /// can't know whether a failed write was stored after all, for instance over a network, remembers the
    /// number of its last write and ignores a repetition.
    pub number: Option<u64>,
    /// The term of the writing node, where several nodes share a log and one of them leads. It increases with
    /// each new leader. A log refuses a write whose term is lower than one that it has seen
    /// ([`Error::superseded`]), so that a replaced leader that has not noticed yet changes nothing. `None` for
    /// an app that does not share its log; such a write is never refused.
    pub term: Option<u64>,
}

impl<'a> Write<'a> {
    /// Creates a write of records only.
    pub const fn records(records: &'a [Record]) -> Self {
        Write {
            records,
            facts: &[],
            number: None,
            term: None,
        }
    }

    /// Creates a write of facts only.
    pub const fn facts(facts: &'a [Fact]) -> Self {
        Write {
            records: &[],
            facts,
            number: None,
            term: None,
        }
    }

    /// Returns whether there is nothing to write: no record, no fact and no term.
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty() && self.facts.is_empty() && self.term.is_none()
    }

    /// Checks the term against the highest term that the log has seen.
    ///
    /// # Errors
    ///
    /// [`Error::is_superseded`] is true if the term is lower.
    pub fn check_term(&self, highest: u64) -> Result<()> {
        match self.term {
            Some(term) if term < highest => Err(Error::superseded(term, highest)),
            _ => Ok(()),
        }
    }
}

/// Selects records to delete: from the oldest on, those that are too old or too many, up to the first that is
/// neither.
///
/// A record with an instant ahead of `now` was created while the clock was wrong. It counts as old as the
/// next record whose instant is not ahead, so it never keeps older records from being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The current time of the app's clock.
    pub now: Timestamp,
    /// Deletes records created before this instant.
    pub before: Option<Timestamp>,
    /// Keeps only this many of the newest records.
    pub keep: Option<u64>,
    /// The approximate number of records to delete at a time, if the log supports it.
    pub bite: usize,
}

/// The past that a log knows: everything that an app needs to continue where it was.
///
/// The time to load it must not depend on the number of records. A log keeps it up to date as it writes, for
/// instance with [`note`](Self::note).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The tasks that have a record of a run. Skipped starts belong to no run: only the numbers of their
    /// records count.
    pub tasks: HashMap<Arc<str>, TaskPast>,
    /// The current facts.
    pub facts: HashMap<Arc<str>, Arc<str>>,
    /// The greatest number of a run.
    pub last_run: Option<u64>,
    /// The highest [term](Write::term) of a write; 0 if no write had one.
    pub term: u64,
}

/// The past of a task, as stored in a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskPast {
    /// How often each action has happened and when it last happened, in the order of [`Action::OF_RUNS`].
    pub tallies: [Tally; 6],
    /// The last action.
    pub last: Option<Action>,
    /// When the last started run was due.
    pub last_due: Timestamp,
    /// How many runs in a row have failed, up to the last end.
    pub fails_in_row: u32,
    /// The start records of the runs that have not ended, in order.
    pub open: Vec<Record>,
}

impl Retention {
    /// Returns how many of the oldest records to delete, regardless of `bite`. `created` yields the instants of
    /// all records in order.
    pub fn count(&self, created: impl ExactSizeIterator<Item = Timestamp>) -> usize {
        let keep = self.keep.map(|keep| usize::try_from(keep).unwrap_or(usize::MAX));
        let too_many = keep.map_or(0, |keep| created.len().saturating_sub(keep));
        let Some(before) = self.before else {
            return too_many;
        };
        let mut count = too_many;
        for (index, created) in created.enumerate().skip(too_many) {
            match created {
                created if created > self.now => {}
                created if created < before => count = index + 1,
                _ => break,
            }
        }
        count
    }
}

impl Past {
    /// Applies a write.
    pub fn note(&mut self, write: &Write<'_>) {
        self.term = self.term.max(write.term.unwrap_or(0));
        for record in write.records {
            self.note_record(record);
        }
        for fact in write.facts {
            match &fact.value {
                Some(value) => self.facts.insert(fact.key.clone(), value.clone()),
                None => self.facts.remove(&fact.key),
            };
        }
    }

    fn note_record(&mut self, record: &Record) {
        if let RunId::Number(number) = record.run_id {
            self.last_run = self.last_run.max(Some(number));
        }
        if !record.action.is_of_run() {
            return;
        }
        if let Some(task) = self.tasks.get_mut(&record.task) {
            return task.note(record);
        }
        // A copy: the app keeps what shares the name of a deleted task.
        let name = Arc::from(&*record.task);
        self.tasks.entry(name).or_default().note(record);
    }
}

impl TaskPast {
    /// Applies a record of the task. A skipped start changes nothing.
    pub fn note(&mut self, record: &Record) {
        if !record.action.is_of_run() {
            return;
        }
        self.tallies[record.action as usize].note(record.created);
        self.last = Some(record.action);
        if record.action == Action::Run {
            self.last_due = record.due;
            self.open.push(record.clone());
            return;
        }
        if let Some(index) = self.open.iter().position(|run| run.run_id == record.run_id) {
            self.open.remove(index);
        }
        self.fails_in_row = match record.action {
            Action::Fail => self.fails_in_row + 1,
            _ => 0,
        };
    }
}
