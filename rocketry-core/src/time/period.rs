//! A series of stretches of time.

use std::ops::Range;
use std::sync::Arc;

use rocketry_syntax::ast::{Age, Delta, PeriodExpr};

use super::calendar::Calendar;
use super::compile::{self, InvalidPeriod};
use super::cron::Cron;
use super::dates::Dates;
use super::each::Each;
use super::elapsed::Elapsed;
use super::search::{Search, Sliding};
use super::series::Series;
use super::span::Span;
use super::steps::{Steps, Ticks};
use super::stretch::Stretch;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// The instants at which the calendar is known: some 36 000 years around 1970. Nothing repeats beyond.
const KNOWN: Range<Timestamp> = Timestamp::from_micros(-(1 << 60))..Timestamp::from_micros(1 << 60);

/// A series of stretches of time, its *occurrences*: ordered, never overlapping.
///
/// Most periods are compiled from the tree of a statement, see [`Period::compile`].
///
/// # Examples
///
/// ```
/// use rocketry::time::{Period, Zone};
/// use rocketry_syntax::ast::{Anchored, Bound, PeriodExpr, Unit, Window};
///
/// // Daily after 07:00.
/// let window = Window::After(Bound::Clock(7 * 3_600_000_000));
/// let period = Period::compile(&PeriodExpr::Anchored(Anchored { unit: Unit::Day, window }))?;
///
/// let at = "2024-07-01T03:00:00Z".parse()?;
/// let helsinki = "Europe/Helsinki".parse()?;
/// assert!(!period.contains(at, helsinki));
/// assert_eq!(period.next_change(at, helsinki), Some("2024-07-01T04:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Period {
    /// All time: one occurrence without end.
    Always,
    /// No time.
    Never,
    /// One stretch of time.
    Fixed(Span),
    /// From so long ago until now. Half-open, `(now - delta, now]`: what happened exactly `delta` ago is
    /// no longer in it.
    Past(Delta),
    /// Around now, from `past` ago until `future` ahead, both ends included.
    Delta {
        /// How far back the window reaches.
        past: Delta,
        /// How far ahead the window reaches.
        future: Delta,
    },
    /// What lies at least `more_than` and at most `less_than` from now: before now when looking back,
    /// after now when looking ahead.
    Age(Age),
    /// A window in every second, minute or hour.
    Elapsed(Elapsed),
    /// A window in every day, week, month, quarter or year.
    Calendar(Calendar),
    /// The matches of a cron expression.
    Cron(Cron),
    /// A window in some days, weeks, months, quarters or years.
    Series(Arc<Series>),
    /// Several windows, each of which ends where the next one starts.
    Each(Each),
    /// Steps that begin at the same time of each day.
    Steps(Arc<Steps>),
    /// Steps of elapsed time from a moment on.
    Ticks(Arc<Ticks>),
    /// One stretch of time, as the clock reads.
    Stretch(Arc<Stretch>),
    /// A period by the clock of a zone of its own.
    Zoned(Arc<(Zone, Period)>),
    /// The time that belongs to every member: an occurrence is where one of each member overlap.
    All(Box<[Period]>),
    /// The time that belongs to some member: an occurrence is a row of overlapping ones. Those that merely
    /// touch stay apart. Where the row has no end (after hundreds of steps), an occurrence is what the
    /// nearest ones of each member make together.
    Any(Box<[Period]>),
}

impl Period {
    /// Compiles the tree of a period.
    ///
    /// # Errors
    ///
    /// A tree that the parser would not build: a bound that does not fit its unit, or a day that no month has.
    pub fn compile(expr: &PeriodExpr) -> Result<Self, InvalidPeriod> {
        Self::compile_with(expr, &|name: &str| Err(format!("there is no calendar '{name}'")))
    }

    /// Compiles the tree of a period in which calendars are named; `calendars` finds them.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile), and a name that `calendars` does not know.
    pub fn compile_with(
        expr: &PeriodExpr,
        calendars: &dyn Fn(&str) -> Result<Dates, String>,
    ) -> Result<Self, InvalidPeriod> {
        compile::period(expr, calendars)
    }

    /// The time that belongs to every one of `members`; all time without any.
    pub fn all(members: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for member in members {
            match member {
                Self::Always => {}
                Self::All(nested) => kept.extend(nested),
                member => kept.push(member),
            }
        }
        match kept.len() {
            _ if kept.contains(&Self::Never) => Self::Never,
            0 => Self::Always,
            1 => kept.remove(0),
            _ => Self::All(kept.into()),
        }
    }

    /// The time that belongs to some of `members`; no time without any.
    pub fn any(members: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for member in members {
            match member {
                Self::Never => {}
                Self::Any(nested) => kept.extend(nested),
                member => kept.push(member),
            }
        }
        match kept.len() {
            _ if kept.contains(&Self::Always) => Self::Always,
            0 => Self::Never,
            1 => kept.remove(0),
            _ => Self::Any(kept.into()),
        }
    }

    /// Tells whether an instant belongs to the period. Sliding windows are seen from that same instant.
    pub fn contains(&self, at: Timestamp, zone: Zone) -> bool {
        match self {
            Self::Always => true,
            Self::All(members) => members.iter().all(|member| member.contains(at, zone)),
            Self::Any(members) => members.iter().any(|member| member.contains(at, zone)),
            _ => self.span_at(at, zone).is_some(),
        }
    }

    /// Tells whether an instant belongs to the period, sliding windows being seen from `now`.
    ///
    /// # Examples
    ///
    /// ```
    /// use rocketry::time::{Period, Timestamp, Zone};
    /// use rocketry_syntax::ast::Delta;
    ///
    /// let period = Period::Past(Delta(10));
    /// let now = Timestamp::from_micros(100);
    /// assert!(period.contains_from(Timestamp::from_micros(91), now, Zone::UTC));
    /// assert!(!period.contains_from(Timestamp::from_micros(90), now, Zone::UTC));
    /// ```
    pub fn contains_from(&self, at: Timestamp, now: Timestamp, zone: Zone) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.contains_from(at, now, zone)),
            Self::Any(members) => members.iter().any(|member| member.contains_from(at, now, zone)),
            Self::Age(age) if at > now => ahead(*age, now).contains(at),
            _ => self
                .window(now)
                .map_or_else(|| self.contains(at, zone), |window| window.contains(at)),
        }
    }

    /// The occurrence that contains an instant.
    pub fn span_at(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).at(self, at)
    }

    /// The latest occurrence that starts at `at` or earlier, uncut: it may reach beyond `at`.
    pub fn span_before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).before(self, at)
    }

    /// The earliest occurrence that ends after `at`, uncut: it may have started already.
    pub fn span_after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).after(self, at)
    }

    /// The earliest instant after `at` at which an occurrence starts or ends; `None` is never.
    ///
    /// Sliding windows go along with the instant and so never change.
    pub fn next_change(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let span = Search::new(zone, Sliding::Along).after(self, at)?;
        let change = if span.start > at { span.start } else { span.end };
        (change < Timestamp::MAX).then_some(change)
    }

    /// Tells whether the period is a window that goes along with the present.
    pub const fn is_sliding(&self) -> bool {
        matches!(self, Self::Past(_) | Self::Delta { .. } | Self::Age(_))
    }

    /// The window of a sliding period as seen from `now`.
    pub(super) fn window(&self, now: Timestamp) -> Option<Span> {
        match *self {
            Self::Past(delta) => Some(Span::new(now.saturating_sub(delta).next(), now.next())),
            Self::Delta { past, future } => Some(Span::new(
                now.saturating_sub(past),
                now.saturating_add(future).next(),
            )),
            Self::Age(age) => {
                let start = age
                    .less_than
                    .map_or(Timestamp::MIN, |far| now.saturating_sub(far));
                let end = now.saturating_sub(age.more_than.unwrap_or_default()).next();
                Some(Span::new(start, end))
            }
            _ => None,
        }
    }

    /// The latest own occurrence that starts at `at` or earlier. Sets and sliding periods have none.
    pub(super) fn own_before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        match self {
            Self::Always => Some(Span::ALWAYS),
            Self::Fixed(span) => span.filled().filter(|span| span.start <= at),
            Self::Stretch(stretch) => stretch.span(zone).filter(|span| span.start <= at),
            _ if !KNOWN.contains(&at) => None,
            Self::Elapsed(window) => window.before(at, zone),
            Self::Calendar(window) => window.before(at, zone),
            Self::Cron(cron) => Some(cron.before(at, zone)),
            Self::Series(series) => series.before(at, zone),
            Self::Each(each) => each.before(at, zone),
            Self::Steps(steps) => steps.before(at, zone),
            Self::Ticks(ticks) => ticks.before(at, zone),
            Self::Zoned(zoned) => zoned.1.own_before(at, zoned.0),
            _ => None,
        }
    }

    /// The earliest own occurrence that ends after `at`. Sets and sliding periods have none.
    pub(super) fn own_after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        match self {
            Self::Always => Some(Span::ALWAYS),
            Self::Fixed(span) => span.filled().filter(|span| span.end > at),
            Self::Stretch(stretch) => stretch.span(zone).filter(|span| span.end > at),
            _ if !KNOWN.contains(&at) => None,
            Self::Elapsed(window) => window.after(at, zone),
            Self::Calendar(window) => window.after(at, zone),
            Self::Cron(cron) => Some(cron.after(at, zone)),
            Self::Series(series) => series.after(at, zone),
            Self::Each(each) => each.after(at, zone),
            Self::Steps(steps) => steps.after(at, zone),
            Self::Ticks(ticks) => ticks.after(at, zone),
            Self::Zoned(zoned) => zoned.1.own_after(at, zoned.0),
            _ => None,
        }
    }
}

/// The window of an age when looking ahead.
pub(super) fn ahead(age: Age, now: Timestamp) -> Span {
    let start = now.saturating_add(age.more_than.unwrap_or_default());
    let end = age
        .less_than
        .map_or(Timestamp::MAX, |far| now.saturating_add(far).next());
    Span::new(start, end)
}
