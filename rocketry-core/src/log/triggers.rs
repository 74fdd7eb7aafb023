//! The runs that triggered starts, stored apart from the records.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::{Cause, Extra, Record, RunRef};

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

    /// Returns a record with the run that triggered it, if that was taken.
    pub(super) fn whole<'a>(&self, number: u64, record: &'a Record) -> Cow<'a, Record> {
        let Ok(place) = self.0.binary_search_by_key(&number, |(number, _)| *number) else {
            return Cow::Borrowed(record);
        };
        let mut record = record.clone();
        record.extra = Extra::of_start(Cause::Statement, vec![self.0[place].1.clone()]);
        Cow::Owned(record)
    }

    /// Drops the run that triggered the oldest record, if that was taken.
    pub(super) fn drop_oldest(&mut self, number: u64) {
        if self.0.front().is_some_and(|(oldest, _)| *oldest == number) {
            self.0.pop_front();
        }
    }
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
