//! What an app has to know of its past when it starts.

use std::collections::HashMap;
use std::sync::Arc;

use super::history::Tally;
use super::record::{Action, Record};
use crate::error::{Error, Result};
use crate::param::RunId;
use crate::time::Timestamp;

/// Something that is to be known after a restart and is no record: that a task is disabled, a run that was asked for,
/// a parameter that was changed, the result of a task.
///
/// To a log it is a name with a value. Names are the core's; a log keeps what was written last under each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about. It has the names of tasks and parameters in it, so it may be long, and may have any character.
    pub key: Arc<str>,
    /// The value as JSON; `None` if it is no longer so.
    pub value: Option<Arc<str>>,
}

/// What is written in one go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Write<'a> {
    /// Records to be added, in their order.
    pub records: &'a [Record],
    /// Facts to be set or removed, in their order: the last of several with one key counts.
    pub facts: &'a [Fact],
    /// The number of the write: greater than those before it, and the same when it is tried again. A log that can't
    /// know whether a write that failed was kept after all, such as one at the far end of a connection, remembers
    /// the number of its last write and keeps none twice.
    pub number: Option<u64>,
    /// The term of the node that writes, where several nodes share a log and one of them leads: it rises with each new
    /// leader. A log refuses a write whose term is lower than one that it has seen ([`Error::superseded`]), so that a
    /// leader that was replaced and does not know it yet changes nothing. `None` for an app without other nodes, whose
    /// writes are always taken.
    pub term: Option<u64>,
}

impl<'a> Write<'a> {
    /// Records and nothing else.
    pub const fn records(records: &'a [Record]) -> Self {
        Write {
            records,
            facts: &[],
            number: None,
            term: None,
        }
    }

    /// Facts and nothing else.
    pub const fn facts(facts: &'a [Fact]) -> Self {
        Write {
            records: &[],
            facts,
            number: None,
            term: None,
        }
    }

    /// Refuses a term that is lower than the highest that the log has seen.
    ///
    /// # Errors
    ///
    /// [`Error::is_superseded`] holds if it is.
    pub fn check_term(&self, highest: u64) -> Result<()> {
        match self.term {
            Some(term) if term < highest => Err(Error::superseded(term, highest)),
            _ => Ok(()),
        }
    }
}

/// Which records are to be forgotten: those that are too old, and those that are too many, from the oldest on up to
/// the first that is neither.
///
/// A record whose instant lies ahead of `now` was made while the clock was wrong. It is as old as the first record after
/// it whose instant does not lie ahead, so that it never keeps older records from being forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The present, by the clock of the app.
    pub now: Timestamp,
    /// Those created before this instant.
    pub before: Option<Timestamp>,
    /// All but so many of the newest.
    pub keep: Option<u64>,
    /// About so many in one go, if the log can do that.
    pub bite: usize,
}

/// What a log knows of the past: what an app needs to go on where it was.
///
/// It must not take longer with the number of records: a log keeps it current as it writes, for instance with
/// [`note`](Self::note).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Each task that has a record.
    pub tasks: HashMap<Arc<str>, TaskPast>,
    /// The facts that hold.
    pub facts: HashMap<Arc<str>, Arc<str>>,
    /// The greatest number that a run had.
    pub last_run: Option<u64>,
    /// The highest [term](Write::term) of a write; 0 if none had one.
    pub term: u64,
}

/// What a log knows of the past of a task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskPast {
    /// How often each action has happened and when it did last, in the order of [`Action::ALL`].
    pub tallies: [Tally; 6],
    /// What happened last.
    pub last: Option<Action>,
    /// When the run that started last was due.
    pub last_due: Timestamp,
    /// How many ends up to the last are failures.
    pub fails_in_row: u32,
    /// The records of the runs that have started and not ended, in their order.
    pub open: Vec<Record>,
}

impl Retention {
    /// How many of the oldest records are to be forgotten, whatever the bite is. `created` has the instants of all
    /// records in their order.
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
    /// Notes what is written.
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
        match self.tasks.get_mut(&record.task) {
            Some(task) => task.note(record),
            None => self.tasks.entry(record.task.clone()).or_default().note(record),
        }
    }
}

impl TaskPast {
    /// Notes a record of the task.
    pub fn note(&mut self, record: &Record) {
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
