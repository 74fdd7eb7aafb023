//! Stretches of time that are counted from a place: `every 2 weeks on Friday`, `every 15 minutes from 00:05`.

use super::{Anchored, Days, Delta, Moment, PeriodExpr};

/// A window in every so many units, on some days only: `daily at 09:30 on weekdays`, `every 2 weeks on Friday 17:00
/// from 2026-01-02`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// Every how many units there is a window; 1 is each.
    pub every: u32,
    /// The unit and its window.
    pub anchored: Anchored,
    /// The days on which a window may start; empty is any. Only with windows of a day.
    pub days: Vec<Days>,
    /// The first unit that counts is the one of this moment, and nothing starts before it.
    pub from: Option<Moment>,
    /// Nothing starts from this moment on.
    pub until: Option<Moment>,
}

/// Steps on the clock or in elapsed time: `every 90 minutes from 09:00 until 17:00`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Steps {
    /// The length of a step.
    pub step: Delta,
    /// Where they are counted from.
    pub from: StepsFrom,
}

/// Where steps are counted from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StepsFrom {
    /// A time of each day, as the clock reads.
    Clock {
        /// Microseconds since the start of the day.
        start: u64,
        /// Where they end; `None` is where they begin again the next day.
        end: Option<u64>,
        /// The days on which they begin; empty is any.
        days: Vec<Days>,
    },
    /// A moment, in elapsed time.
    Moment {
        /// The first step begins here.
        start: Moment,
        /// None begins from here on.
        end: Option<Moment>,
    },
}

/// A period in a zone of its own: `time of day after 09:30 in America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zoned {
    /// The name of the zone.
    pub zone: String,
    /// The period, which is no set and has no zone.
    pub period: PeriodExpr,
}
