//! Series of windows counted from an anchor: `every 2 weeks on Friday`, `every 15 minutes from 00:05`.

use super::{Anchored, Days, Delta, Moment, PeriodExpr};

/// A window in every n-th unit, on some days only: `daily at 09:30 on weekdays`, `every 2 weeks on Friday 17:00
/// from 2026-01-02`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// The number of units between windows; 1 is every unit.
    pub every: u32,
    /// The unit and its window.
    pub anchored: Anchored,
    /// The days on which a window may start; empty is every day. Only with daily windows.
    pub days: Vec<Days>,
    /// Counting starts with the unit that contains this moment. No window starts before the moment.
    pub from: Option<Moment>,
    /// No window starts at or after this moment.
    pub until: Option<Moment>,
}

/// Steps on the clock or in elapsed time: `every 90 minutes from 09:00 until 17:00`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Steps {
    /// The length of a step.
    pub step: Delta,
    /// The anchor of the steps.
    pub from: StepsFrom,
}

/// The anchor of steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StepsFrom {
    /// A time of each day, by the wall clock.
    Clock {
        /// Microseconds since the start of the day.
        start: u64,
        /// The end of the steps; `None` is their start on the next day.
        end: Option<u64>,
        /// The days on which the steps start; empty is every day.
        days: Vec<Days>,
    },
    /// A moment, in elapsed time.
    Moment {
        /// The start of the first step.
        start: Moment,
        /// No step starts at or after this moment.
        end: Option<Moment>,
    },
}

/// A period in another time zone: `time of day after 09:30 in America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zoned {
    /// The name of the zone.
    pub zone: String,
    /// The period, which is not a set and has no zone.
    pub period: PeriodExpr,
}
