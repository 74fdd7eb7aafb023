//! Writes as much as possible of a batch that contains records the log can never store.

use std::ops::Range;
use std::sync::Arc;

use crate::error::Error;
use crate::log::{Fact, Record, Write};

/// Records and facts that are written in one batch, or in ever smaller parts once the log has reported that
/// it can never store some of them.
pub(super) struct Salvage {
    records: Vec<Record>,
    facts: Vec<Fact>,
    /// The parts that are not written yet, the next one last. Facts follow the records.
    left: Vec<Range<usize>>,
}

/// A record or fact that the log can never store.
pub(super) struct Loss {
    /// The task of the record; `None` for a fact.
    pub(super) task: Option<Arc<str>>,
    /// The lost record or fact, and the reason.
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

    /// Returns the total number of records.
    pub(super) fn record_count(&self) -> usize {
        self.records.len()
    }

    /// Returns the next part; `None` once everything that can be written is written.
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

    /// Marks the next part as written.
    pub(super) fn is_written(&mut self) {
        self.left.pop();
    }

    /// Halves the next part, which contains something that can never be stored. If the part is a single
    /// record or fact, it is lost.
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

    /// Returns the records that are not written, and the number of facts that are not.
    pub(super) fn unwritten(&self) -> (Vec<&Record>, usize) {
        let records = self.left.iter().flat_map(|part| self.records_of(part));
        let facts = self.left.iter().map(|part| self.facts_of(part).len());
        (records.collect(), facts.sum())
    }
}
