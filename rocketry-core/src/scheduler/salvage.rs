//! What is written where some of it can never be kept: the rest, without that.

use std::ops::Range;
use std::sync::Arc;

use crate::error::Error;
use crate::log::{Fact, Record, Write};

/// Records and facts that are written in one go, or in ever smaller parts once the log has said that it can never keep some
/// of them.
pub(super) struct Salvage {
    records: Vec<Record>,
    facts: Vec<Fact>,
    /// The parts that are not written yet, the next one last. Facts come after the records.
    left: Vec<Range<usize>>,
}

/// A record or a fact that can never be kept.
pub(super) struct Loss {
    /// The task of the record; `None` for a fact.
    pub(super) task: Option<Arc<str>>,
    /// What is lost, and why.
    pub(super) error: Error,
}

impl Salvage {
    pub(super) fn new(records: Vec<Record>, facts: Vec<Fact>) -> Self {
        let all = 0..records.len() + facts.len();
        Salvage {
            records,
            facts,
            left: vec![all],
        }
    }

    /// How many records there are in all.
    pub(super) fn record_count(&self) -> usize {
        self.records.len()
    }

    /// The next part; `None` once everything is written that can be.
    pub(super) fn part(&self, number: u64) -> Option<Write<'_>> {
        let part = self.left.last()?.clone();
        Some(Write {
            records: self.records_of(&part),
            facts: self.facts_of(&part),
            number: Some(number),
            term: None,
        })
    }

    fn records_of(&self, part: &Range<usize>) -> &[Record] {
        let end = self.records.len();
        &self.records[part.start.min(end)..part.end.min(end)]
    }

    fn facts_of(&self, part: &Range<usize>) -> &[Fact] {
        let before = self.records.len();
        &self.facts[part.start.saturating_sub(before)..part.end.saturating_sub(before)]
    }

    /// Notes that the next part is written.
    pub(super) fn is_written(&mut self) {
        self.left.pop();
    }

    /// Halves the next part, some of which can never be kept. If it is one record or fact, that is lost.
    pub(super) fn narrow(&mut self, error: Error) -> Option<Loss> {
        let Range { start, end } = self.left.pop()?;
        if end - start > 1 {
            let half = start.midpoint(end);
            self.left.extend([half..end, start..half]);
            return None;
        }
        let only = start..end;
        let (task, what) = match (self.records_of(&only), self.facts_of(&only)) {
            ([record], _) => {
                let Record {
                    task, run_id, action, ..
                } = record;
                (
                    Some(task.clone()),
                    format!("`{action}` of run {run_id} is not recorded"),
                )
            }
            (_, [fact]) => (None, format!("`{}` is not known after a restart", fact.key)),
            _ => return None,
        };
        let error = Error::unwritable(format!("{what}: {error}")).because(error);
        Some(Loss { task, error })
    }

    /// The records that are not written, and how many facts are not.
    pub(super) fn unwritten(&self) -> (Vec<&Record>, usize) {
        let records = self.left.iter().flat_map(|part| self.records_of(part));
        let facts = self.left.iter().map(|part| self.facts_of(part).len());
        (records.collect(), facts.sum())
    }
}
