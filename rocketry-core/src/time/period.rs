//! A series of stretches of time.

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

    /// Tells whether the period is a window that goes along with the present.
    pub const fn is_sliding(&self) -> bool {
        matches!(self, Self::Past(_) | Self::Delta { .. } | Self::Age(_))
    }
}

/// Several periods. An occurrence is one of a member, which ends where the next one starts.
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
