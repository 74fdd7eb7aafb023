//! The records that fit, one by one.

use std::collections::VecDeque;

use super::RunLog;
use super::query::{Order, Query};
use super::record::Record;
use crate::error::Result;

/// How many records are read in one go.
const PAGE: usize = 1000;

/// Iterates over the records that fit a query, however many these are: they are read page by page.
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
/// After an error there is nothing more.
#[derive(Debug)]
#[must_use = "iterators do nothing until they are asked"]
pub struct Records<'a, L: ?Sized> {
    log: &'a L,
    query: Query,
    page: VecDeque<Record>,
    /// How many are still wanted besides those of the page.
    left: usize,
    more: bool,
}

impl<'a, L: RunLog + ?Sized> Records<'a, L> {
    /// The records of a log that fit, in the order of the query, at most as many as its limit says.
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
        // The oldest of the last ones comes first: there are no pages before all are known.
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
