//! Readings of a wall clock.

use chrono::{DateTime, NaiveDateTime};

use super::civil::DAY;
use super::timestamp::Timestamp;

/// A reading of a wall clock: microseconds since 1970-01-01 00:00 on that clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Wall(i64);

impl Wall {
    pub(super) const fn new(micros: i64) -> Self {
        Self(micros)
    }

    /// What a clock that is ahead of UTC by `offset` reads at an instant.
    pub(super) const fn on(at: Timestamp, offset: i64) -> Self {
        Self(at.as_micros().saturating_add(offset))
    }

    pub(super) const fn micros(self) -> i64 {
        self.0
    }

    /// The day of the reading, counted from 1970-01-01.
    pub(super) const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Whether a day ends here and the next one starts.
    pub(super) const fn is_midnight(self) -> bool {
        self.0.rem_euclid(DAY) == 0
    }

    /// The reading that is `micros` later.
    pub(super) const fn plus(self, micros: i64) -> Self {
        Self(self.0 + micros)
    }

    /// The instant of this reading on a clock that is ahead of UTC by `offset`.
    pub(super) const fn at_offset(self, offset: i64) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_sub(offset))
    }

    /// The reading as a `chrono` date and time.
    pub(super) fn naive(self) -> NaiveDateTime {
        Timestamp::from_micros(self.0).to_utc().naive_utc()
    }
}

impl From<NaiveDateTime> for Wall {
    fn from(naive: NaiveDateTime) -> Self {
        Self(DateTime::timestamp_micros(&naive.and_utc()))
    }
}

/// The instants at which a wall clock has a reading.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// The usual case.
    Once(Timestamp),
    /// The clock is set back over the reading: the first and the last instant.
    Twice(Timestamp, Timestamp),
    /// The clock is set forward over the reading: the first instant after it.
    Skipped(Timestamp),
}

impl Moment {
    pub(super) const fn first(self) -> Timestamp {
        let (Self::Once(at) | Self::Twice(at, _) | Self::Skipped(at)) = self;
        at
    }

    pub(super) const fn last(self) -> Timestamp {
        let (Self::Once(at) | Self::Twice(_, at) | Self::Skipped(at)) = self;
        at
    }

    /// The instant at which something ends that lasts until the reading: the last of its instants, but a day
    /// ends at the first midnight.
    pub(super) const fn end(self, reading: Wall) -> Timestamp {
        if reading.is_midnight() {
            self.first()
        } else {
            self.last()
        }
    }
}

/// The first instant that satisfies a condition, between one (`before`) that does not and a later one
/// (`after`) that does.
pub(super) fn first_where(
    before: Timestamp,
    after: Timestamp,
    holds: impl Fn(Timestamp) -> bool,
) -> Timestamp {
    let (mut before, mut after) = (before.as_micros(), after.as_micros());
    while after - before > 1 {
        let middle = i64::midpoint(before, after);
        if holds(Timestamp::from_micros(middle)) {
            after = middle;
        } else {
            before = middle;
        }
    }
    Timestamp::from_micros(after)
}
