//! Periods: series of time spans.

use std::sync::Arc;

use rocketry_syntax::ast::{Age, Delta};

use super::calendar::Calendar;
use super::cron::Cron;
use super::elapsed::Elapsed;
use super::series::Series;
use super::span::Span;
use super::steps::{Steps, Ticks};
use super::stretch::Stretch;
use super::zone::Zone;

/// A series of time spans, its *occurrences*, which are ordered and never overlap.
///
/// Most periods are compiled from the expression tree of a statement: see [`Period::compile`].
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
    /// All time: one occurrence without an end.
    Always,
    /// No time.
    Never,
    /// A single time span.
    Fixed(Span),
    /// From a duration ago until now. Half-open, `(now - delta, now]`: an event exactly `delta` ago is
    /// excluded.
    Past(Delta),
    /// Around the present, from `past` ago until `future` ahead, both ends included.
    Delta {
        /// How far the window extends into the past.
        past: Delta,
        /// How far the window extends into the future.
        future: Delta,
    },
    /// Instants that are at least `more_than` and at most `less_than` away from the present: before it when
    /// looking back, after it when looking ahead.
    Age(Age),
    /// A window in every second, minute or hour.
    Elapsed(Elapsed),
    /// A window in every day, week, month, quarter or year.
    Calendar(Calendar),
    /// The matches of a cron expression.
    Cron(Cron),
    /// A window in some of the days, weeks, months, quarters or years.
    Series(Arc<Series>),
    /// Several windows, each of which ends where the next one starts.
    Each(Each),
    /// Steps that begin at the same time each day.
    Steps(Arc<Steps>),
    /// Steps of elapsed time, starting at a moment.
    Ticks(Arc<Ticks>),
    /// A single time span, by the wall clock.
    Stretch(Arc<Stretch>),
    /// A period by the clock of its own zone.
    Zoned(Arc<(Zone, Period)>),
    /// The intersection of all members: an occurrence is the overlap of one occurrence of each member.
    All(Box<[Period]>),
    /// The union of all members: an occurrence is a row of overlapping occurrences. Occurrences that only
    /// touch stay separate. If a row has no end (after hundreds of steps), an occurrence is the union of the
    /// nearest occurrences of the members.
    Any(Box<[Period]>),
}

impl Period {
    /// Creates the intersection of `members`; all time if there are none.
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

    /// Creates the union of `members`; no time if there are none.
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

    /// Returns whether the period is a window that moves with the present.
    pub const fn is_sliding(&self) -> bool {
        matches!(self, Self::Past(_) | Self::Delta { .. } | Self::Age(_))
    }
}

/// Several periods. Each occurrence is that of a member and ends where the next one starts.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Each(Arc<[Period]>);

impl Each {
    pub(super) fn new(members: Vec<Period>) -> Self {
        Self(members.into())
    }

    pub(super) fn members(&self) -> &[Period] {
        &self.0
    }
}
