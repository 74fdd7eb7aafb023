//! An iterator over the records that match a query.

use std::collections::VecDeque;

use super::RunLog;
use super::query::{Order, Query};
use super::record::Record;
use crate::error::Result;

/// The number of records to read at a time.
const PAGE: usize = 1000;

/// Iterates over the records that match a query. They are read page by page.
///
/// ```
/// use rocketry::log::Records;
/// use rocketry::{Action, MemoryLog, Query};
///
/// let log = MemoryLog::default();
/// let mut longest = None;
/// for record in Records::new(&log, Query::new().action(Action::Success)) {
///     longest = longest.max(record?.runtime());
/// }
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// After an error, the iterator is exhausted.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are asked"]
pub struct Records<'a, L: ?Sized> {
    log: &'a L,
    query: Query,
    page: VecDeque<Record>,
    /// The number of records still wanted after this page.
    left: usize,
    more: bool,
}

impl<'a, L: RunLog + ?Sized> Records<'a, L> {
    /// Creates an iterator over the matching records, in the order of the query and up to its limit.
    pub fn new(log: &'a L, query: Query) -> Self {
        Records {
            log,
            left: query.limit.unwrap_or(usize::MAX),
            query,
            page: VecDeque::new(),
            more: true,
        }
    }

    fn read_on(&mut self) -> Result<()> {
        // With `Order::Last` the oldest of the last records comes first, so all of them are read at once.
        let most = if self.query.order == Order::Last {
            usize::MAX
        } else {
            PAGE
        };
        self.query.limit = Some(self.left.min(most));
        let page = self.log.query(&self.query)?;
        self.left -= page.records.len().min(self.left);
        self.more = page.more && page.cursor.is_some() && self.left > 0;
        self.query.after = page.cursor.or(self.query.after);
        self.page = page.records.into();
        Ok(())
    }
}

impl<L: RunLog + ?Sized> Iterator for Records<'_, L> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Result<Record>> {
        while self.page.is_empty() && self.more {
            if let Err(error) = self.read_on() {
                self.more = false;
                return Some(Err(error));
            }
        }
        self.page.pop_front().map(Ok)
    }
}
