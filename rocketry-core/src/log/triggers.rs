//! The runs that triggered starts, stored apart from the records.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Extra, Record, RunRef};

/// The runs that triggered starts that have no other details, with the numbers of their records, oldest first.
///
/// In a chain of tasks every start has such a run. A list takes a fifth of the memory that the details of each
/// record would take, and it grows without a call of the allocator for each.
#[derive(Debug, Default)]
pub(super) struct Triggers(VecDeque<(u64, RunRef)>);

impl Triggers {
    /// Takes the run that triggered a start out of its record, if the record has no other details. The numbers
    /// of the records increase.
    #[inline]
    pub(super) fn take(&mut self, number: u64, record: &mut Record) {
        if let Some(trigger) = sole_trigger(record).cloned() {
            record.extra = None;
            self.0.push_back((number, trigger));
        }
    }

    /// Returns a record with the run that triggered it, unless the record is stored with all its details.
    pub(super) fn restored(&self, number: u64, record: &Record) -> Option<Record> {
        let place = self.0.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        let mut record = record.clone();
        record.extra = Some(triggered_by(self.0[place].1.clone()));
        Some(record)
    }

    /// Gives the run that triggered the oldest record back to it.
    pub(super) fn give_back(&mut self, number: u64, record: &mut Record) {
        if self.0.front().is_some_and(|(oldest, _)| *oldest == number) {
            let trigger = self.0.pop_front().map(|(_, trigger)| trigger);
            record.extra = trigger.map(triggered_by);
        }
    }
}

fn triggered_by(trigger: RunRef) -> Arc<Extra> {
    Arc::new(Extra {
        upstream: Box::new([trigger]),
        ..Extra::default()
    })
}

#[inline]
fn sole_trigger(record: &Record) -> Option<&RunRef> {
    let Extra {
        process: None,
        params: None,
        result: None,
        version: None,
        cause: None,
        upstream,
    } = &**record.extra.as_ref()?
    else {
        return None;
    };
    match &**upstream {
        [trigger] => Some(trigger),
        _ => None,
    }
}
