//! Queries of the run log and their results.

use std::fmt;
use std::num::ParseIntError;
use std::ops::{Bound, Range, RangeBounds};
use std::str::FromStr;
use std::time::Duration;

use super::record::{Action, Record};
use crate::param::RunId;
use crate::time::{Span, Timestamp};

/// Selects records and their order. A field that is not set matches all records.
///
/// The methods build a query; the fields are for implementations of [`RunLog`](super::RunLog).
///
/// ```
/// use rocketry::Timestamp;
/// use rocketry::log::{Action, Query};
///
/// let last_failures = Query::new().task("fetch").action(Action::Fail).last(3);
///
/// let day: Timestamp = "2026-01-01T00:00:00Z".parse()?;
/// let since_then = Query::new().created(day..).limit(100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// Matches records of these tasks; if empty, of all tasks.
    pub tasks: Vec<String>,
    /// Matches records with these actions; if empty, with all actions.
    pub actions: Vec<Action>,
    /// Matches records of this run.
    pub run_id: Option<RunId>,
    /// Matches when the action happened.
    pub created: Option<Span>,
    /// Matches when the run was due.
    pub due: Option<Span>,
    /// Matches when the run started.
    pub start: Option<Span>,
    /// Matches when the run ended. Records of starts never match.
    pub end: Option<Span>,
    /// Matches how long the run took. Records of starts never match.
    pub runtime: Option<Range<Duration>>,
    /// Matches how long after its due time the run started.
    pub lateness: Option<Range<Duration>>,
    /// Matches messages that contain this text.
    pub message: Option<String>,
    /// Matches output of processes that contains this text, as far as output is kept.
    pub output: Option<String>,
    /// Matches parameters that contain this text in their JSON.
    pub params: Option<String>,
    /// Matches results that contain this text in their JSON.
    pub result: Option<String>,
    /// Matches records with a result, or without one.
    pub has_result: Option<bool>,
    /// Matches processes that exited with this code.
    pub exit_code: Option<i32>,
    /// Matches processes that were ended by this signal.
    pub exit_signal: Option<i32>,
    /// Matches records made by this version of the app.
    pub version: Option<String>,
    /// The order of the result.
    pub order: Order,
    /// The most records to return.
    pub limit: Option<usize>,
    /// Returns only records after this place, in the order of the query.
    pub after: Option<Cursor>,
}

/// The order of the records in a result, by when they were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Oldest first. This is the default.
    #[default]
    Oldest,
    /// Newest first.
    Newest,
    /// The newest records, in ascending order, as [`Query::last`] requests.
    Last,
}

/// The position of a record in a log.
///
/// Its number increases from record to record and never changes. It can be converted to a string and parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(u64);

/// A page of matching records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The records, in the order of the query.
    pub records: Vec<Record>,
    /// The position of the last record in the page. Pass it to [`Query::after`] to get the next page, at any
    /// later time. `None` if the page is empty.
    pub cursor: Option<Cursor>,
    /// Whether more records match.
    pub more: bool,
}

impl Query {
    /// Creates a query that matches all records.
    pub fn new() -> Self {
        Query::default()
    }

    /// Also matches records of this task.
    #[must_use]
    pub fn task(mut self, name: impl Into<String>) -> Self {
        self.tasks.push(name.into());
        self
    }

    /// Also matches records with this action.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// Matches records of this run.
    #[must_use]
    pub fn run_id(mut self, run_id: RunId) -> Self {
        self.run_id = Some(run_id);
        self
    }

    /// Matches actions that happened in this range.
    #[must_use]
    pub fn created<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.created = Some(span(&instants));
        self
    }

    /// Matches runs that were due in this range.
    #[must_use]
    pub fn due<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.due = Some(span(&instants));
        self
    }

    /// Matches runs that started in this range.
    #[must_use]
    pub fn start<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.start = Some(span(&instants));
        self
    }

    /// Matches ends of runs that ended in this range.
    #[must_use]
    pub fn end<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.end = Some(span(&instants));
        self
    }

    /// Matches ends of runs that took this long.
    #[must_use]
    pub fn runtime(mut self, lengths: impl RangeBounds<Duration>) -> Self {
        self.runtime = Some(range(&lengths));
        self
    }

    /// Matches runs that started this long after they were due.
    #[must_use]
    pub fn lateness(mut self, lengths: impl RangeBounds<Duration>) -> Self {
        self.lateness = Some(range(&lengths));
        self
    }

    /// Matches messages that contain this text: the error, or the reason of a termination.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> Self {
        self.message = Some(text.into());
        self
    }

    /// Matches output of processes that contains this text, as far as output is kept.
    #[must_use]
    pub fn output(mut self, text: impl Into<String>) -> Self {
        self.output = Some(text.into());
        self
    }

    /// Matches parameters that contain this text in their JSON, such as `"day":"2026-01-01"`.
    #[must_use]
    pub fn params(mut self, text: impl Into<String>) -> Self {
        self.params = Some(text.into());
        self
    }

    /// Matches results that contain this text in their JSON.
    #[must_use]
    pub fn result(mut self, text: impl Into<String>) -> Self {
        self.result = Some(text.into());
        self
    }

    /// Matches records with a result, or without one.
    #[must_use]
    pub fn has_result(mut self, has: bool) -> Self {
        self.has_result = Some(has);
        self
    }

    /// Matches ends of processes that exited with this code.
    #[must_use]
    pub fn exit_code(mut self, code: i32) -> Self {
        self.exit_code = Some(code);
        self
    }

    /// Matches ends of processes that were ended by this signal.
    #[must_use]
    pub fn exit_signal(mut self, signal: i32) -> Self {
        self.exit_signal = Some(signal);
        self
    }

    /// Matches records made by this version of the app.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Returns only the newest `count` matching records, in ascending order.
    #[must_use]
    pub fn last(mut self, count: usize) -> Self {
        self.order = Order::Last;
        self.limit = Some(count);
        self
    }

    /// Returns the newest record first.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.order = Order::Newest;
        self
    }

    /// Returns at most `count` records per page.
    #[must_use]
    pub fn limit(mut self, count: usize) -> Self {
        self.limit = Some(count);
        self
    }

    /// Continues after a page.
    ///
    /// ```
    /// use rocketry::{MemoryLog, Query, RunLog};
    ///
    /// let log = MemoryLog::default();
    /// let query = Query::new().task("fetch").limit(100);
    /// let first = log.query(&query)?;
    /// if let Some(cursor) = first.cursor {
    ///     let second = log.query(&query.after(cursor))?;
    /// }
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Returns whether a record matches, regardless of its position.
    pub fn admits(&self, record: &Record) -> bool {
        (self.tasks.is_empty() || self.tasks.iter().any(|task| **task == *record.task))
            && (self.actions.is_empty() || self.actions.contains(&record.action))
            && self.run_id.as_ref().is_none_or(|run_id| *run_id == record.run_id)
            && admits(self.created, Some(record.created))
            && admits(self.due, Some(record.due))
            && admits(self.start, Some(record.start))
            && admits(self.end, record.end())
            && self.admits_details(record)
    }

    fn admits_details(&self, record: &Record) -> bool {
        let exit = || record.process().map(|process| process.exit);
        let output = || record.process().map(|process| &*process.output);
        is_long(self.runtime.as_ref(), || record.runtime())
            && is_long(self.lateness.as_ref(), || Some(record.lateness()))
            && has_text(self.message.as_deref(), || record.message.as_deref())
            && has_text(self.output.as_deref(), output)
            && has_text(self.params.as_deref(), || record.params())
            && has_text(self.result.as_deref(), || record.result())
            && self.has_result.is_none_or(|has| has == record.result().is_some())
            && self
                .exit_code
                .is_none_or(|code| exit() == Some(super::Exit::Code(code)))
            && self
                .exit_signal
                .is_none_or(|signal| exit() == Some(super::Exit::Signal(signal)))
            && self
                .version
                .as_deref()
                .is_none_or(|version| record.version() == Some(version))
    }

    /// Returns whether a position comes after the cursor in the order of the query.
    pub fn reaches(&self, place: Cursor) -> bool {
        self.after.is_none_or(|after| match self.order {
            Order::Oldest => place > after,
            Order::Newest | Order::Last => place < after,
        })
    }
}

fn admits(span: Option<Span>, at: Option<Timestamp>) -> bool {
    span.is_none_or(|span| at.is_some_and(|at| span.contains(at)))
}

fn is_long(wanted: Option<&Range<Duration>>, length: impl FnOnce() -> Option<Duration>) -> bool {
    wanted.is_none_or(|lengths| length().is_some_and(|length| lengths.contains(&length)))
}

fn has_text<'a>(wanted: Option<&str>, text: impl FnOnce() -> Option<&'a str>) -> bool {
    wanted.is_none_or(|wanted| text().is_some_and(|text| text.contains(wanted)))
}

fn range(lengths: &impl RangeBounds<Duration>) -> Range<Duration> {
    const INSTANT: Duration = Duration::from_micros(1);
    let start = match lengths.start_bound() {
        Bound::Included(least) => *least,
        Bound::Excluded(less) => less.saturating_add(INSTANT),
        Bound::Unbounded => Duration::ZERO,
    };
    let end = match lengths.end_bound() {
        Bound::Included(most) => most.saturating_add(INSTANT),
        Bound::Excluded(more) => *more,
        Bound::Unbounded => Duration::MAX,
    };
    start..end
}

fn span<T: Into<Timestamp> + Clone>(instants: &impl RangeBounds<T>) -> Span {
    let start = match instants.start_bound() {
        Bound::Included(from) => from.clone().into(),
        Bound::Excluded(before) => before.clone().into().next(),
        Bound::Unbounded => Timestamp::MIN,
    };
    let end = match instants.end_bound() {
        Bound::Included(last) => last.clone().into().next(),
        Bound::Excluded(until) => until.clone().into(),
        Bound::Unbounded => Timestamp::MAX,
    };
    Span::new(start, end)
}

impl Cursor {
    /// Creates a position from its number.
    pub const fn new(number: u64) -> Self {
        Cursor(number)
    }

    /// Returns the number of the position.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Cursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Cursor)
    }
}

impl Page {
    /// Creates a page from the selected records and their positions, in the order in which they were
    /// selected.
    pub fn of(query: &Query, chosen: Vec<(Cursor, Record)>, more: bool) -> Self {
        let cursor = chosen.last().map(|(place, _)| *place);
        let mut records: Vec<Record> = chosen.into_iter().map(|(_, record)| record).collect();
        if query.order == Order::Last {
            records.reverse();
        }
        Page {
            records,
            cursor,
            more,
        }
    }
}
