//! Questions to the run log, and their answers.

use std::fmt;
use std::num::ParseIntError;
use std::ops::{Bound, Range, RangeBounds};
use std::str::FromStr;
use std::time::Duration;

use super::record::{Action, Record};
use crate::param::RunId;
use crate::time::{Span, Timestamp};

/// Which records to find, and in which order. Everything left out admits all.
///
/// The methods are for those who ask; the fields are for a [`RunLog`](super::RunLog) that answers.
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
    /// Of one of these tasks; none admits all.
    pub tasks: Vec<String>,
    /// With one of these actions; none admits all.
    pub actions: Vec<Action>,
    /// Of this run.
    pub run_id: Option<RunId>,
    /// When it happened.
    pub created: Option<Span>,
    /// When the run was due.
    pub due: Option<Span>,
    /// When the run started.
    pub start: Option<Span>,
    /// When the run ended; the record of a start has no end, and is not admitted.
    pub end: Option<Span>,
    /// How long the run took; the record of a start does not know it, and is not admitted.
    pub runtime: Option<Range<Duration>>,
    /// How much later than due the run started.
    pub lateness: Option<Range<Duration>>,
    /// Whose message has this text in it.
    pub message: Option<String>,
    /// Whose process has printed this text, as far as that is kept.
    pub output: Option<String>,
    /// Whose parameters, as JSON, have this text in them.
    pub params: Option<String>,
    /// Whose result, as JSON, has this text in it.
    pub result: Option<String>,
    /// That have a result, or that have none.
    pub has_result: Option<bool>,
    /// Whose process ended with this code.
    pub exit_code: Option<i32>,
    /// Whose process was ended by this signal.
    pub exit_signal: Option<i32>,
    /// Made by this version of the app.
    pub version: Option<String>,
    /// Which records come first.
    pub order: Order,
    /// At most so many records.
    pub limit: Option<usize>,
    /// Only what comes after this place, in the order of the query.
    pub after: Option<Cursor>,
}

/// Which records of a log come first. The order is that in which they were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The oldest: the default.
    #[default]
    Oldest,
    /// The newest.
    Newest,
    /// The newest are chosen, and the oldest of those come first: what [`Query::last`] asks for.
    Last,
}

/// A place in a log: that of one of its records.
///
/// Its number rises from record to record, and is that record's for good. As text it can be handed to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(u64);

/// Some of the records that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The records, in the order of the query.
    pub records: Vec<Record>,
    /// The place of the record that was chosen last: [`Query::after`] it come those of the next page, now or
    /// later. `None` where the page is empty.
    pub cursor: Option<Cursor>,
    /// Whether there are further records that fit.
    pub more: bool,
}

impl Query {
    /// Every record.
    pub fn new() -> Self {
        Query::default()
    }

    /// Of this task, or one of those asked for before.
    #[must_use]
    pub fn task(mut self, name: impl Into<String>) -> Self {
        self.tasks.push(name.into());
        self
    }

    /// With this action, or one of those asked for before.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// Of one run only.
    #[must_use]
    pub fn run_id(mut self, run_id: RunId) -> Self {
        self.run_id = Some(run_id);
        self
    }

    /// Of what happened at such an instant.
    #[must_use]
    pub fn created<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.created = Some(span(&instants));
        self
    }

    /// Of runs that were due at such an instant.
    #[must_use]
    pub fn due<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.due = Some(span(&instants));
        self
    }

    /// Of runs that started at such an instant.
    #[must_use]
    pub fn start<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.start = Some(span(&instants));
        self
    }

    /// The ends of runs that ended at such an instant.
    #[must_use]
    pub fn end<T: Into<Timestamp> + Clone>(mut self, instants: impl RangeBounds<T>) -> Self {
        self.end = Some(span(&instants));
        self
    }

    /// The ends of runs that took so long.
    #[must_use]
    pub fn runtime(mut self, lengths: impl RangeBounds<Duration>) -> Self {
        self.runtime = Some(range(&lengths));
        self
    }

    /// Of runs that started so much later than they were due.
    #[must_use]
    pub fn lateness(mut self, lengths: impl RangeBounds<Duration>) -> Self {
        self.lateness = Some(range(&lengths));
        self
    }

    /// With this text in the message: that of an error, or why a run was terminated.
    #[must_use]
    pub fn message(mut self, text: impl Into<String>) -> Self {
        self.message = Some(text.into());
        self
    }

    /// With this text in what the process has printed, as far as that is kept.
    #[must_use]
    pub fn output(mut self, text: impl Into<String>) -> Self {
        self.output = Some(text.into());
        self
    }

    /// With this text in the parameters, as they are written in JSON: `"day":"2026-01-01"`.
    #[must_use]
    pub fn params(mut self, text: impl Into<String>) -> Self {
        self.params = Some(text.into());
        self
    }

    /// With this text in the result, as it is written in JSON.
    #[must_use]
    pub fn result(mut self, text: impl Into<String>) -> Self {
        self.result = Some(text.into());
        self
    }

    /// With a result, or without one.
    #[must_use]
    pub fn has_result(mut self, has: bool) -> Self {
        self.has_result = Some(has);
        self
    }

    /// The ends of processes that ended by themselves with this code.
    #[must_use]
    pub fn exit_code(mut self, code: i32) -> Self {
        self.exit_code = Some(code);
        self
    }

    /// The ends of processes that were ended by this signal.
    #[must_use]
    pub fn exit_signal(mut self, signal: i32) -> Self {
        self.exit_signal = Some(signal);
        self
    }

    /// Made by this version of the app.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Only the newest `count` of those that fit, the oldest of them first.
    #[must_use]
    pub fn last(mut self, count: usize) -> Self {
        self.order = Order::Last;
        self.limit = Some(count);
        self
    }

    /// The newest record first.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.order = Order::Newest;
        self
    }

    /// At most `count` records: the length of a page.
    #[must_use]
    pub fn limit(mut self, count: usize) -> Self {
        self.limit = Some(count);
        self
    }

    /// Goes on after a page.
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

    /// Whether a record fits, whatever its place.
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

    /// Whether a place comes after that of the cursor, in the order of the query.
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
    /// The place with this number.
    pub const fn new(number: u64) -> Self {
        Cursor(number)
    }

    /// The number of the place.
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
    /// A page of the records that were chosen, each with its place, the one chosen first leading.
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
