//! The wall clock of a zone, as seen from an instant.

use chrono::{DateTime, NaiveDateTime};
use rocketry_syntax::ast::Delta;

use super::civil::DAY;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// A reading of a wall clock: microseconds since 1970-01-01 00:00 on that clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Wall(i64);

impl Wall {
    pub(super) const fn new(micros: i64) -> Self {
        Self(micros)
    }

    pub(super) const fn micros(self) -> i64 {
        self.0
    }

    /// The day of the reading, counted from 1970-01-01.
    pub(super) const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The reading that is `micros` later.
    pub(super) const fn plus(self, micros: i64) -> Self {
        Self(self.0 + micros)
    }

    /// The instant of this reading on a clock that is ahead of UTC by `offset`.
    pub(super) const fn at_offset(self, offset: i64) -> Timestamp {
        Timestamp::from_micros(self.0 - offset)
    }

    /// The reading as chrono knows it.
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
    /// The clock is put back over the reading: the first and the last instant.
    Twice(Timestamp, Timestamp),
    /// The clock is put forward over the reading: the first instant after it.
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
}

/// How far around an instant the offset is looked at. Wide enough for every window of a day, and no zone
/// ever moved its clock there and back within twice that time.
const STEADY: i64 = 3 * DAY;

/// The wall clock of a zone, near an instant.
///
/// Nearly always the clock is not moved in the days around the instant. It then costs three look-ups to know
/// that, and none to resolve readings on those days.
#[derive(Clone, Copy)]
pub(super) struct WallClock {
    zone: Zone,
    now: Wall,
    offset: i64,
    steady: bool,
}

impl WallClock {
    pub(super) fn new(zone: Zone, at: Timestamp) -> Self {
        let offset = zone.offset(at);
        let reach = Delta(STEADY.unsigned_abs());
        let steady = zone == Zone::UTC
            || offset == zone.offset(at.saturating_sub(reach))
                && offset == zone.offset(at.saturating_add(reach));
        Self {
            zone,
            now: Wall(at.as_micros() + offset),
            offset,
            steady,
        }
    }

    /// What the clock reads at the instant.
    pub(super) const fn now(&self) -> Wall {
        self.now
    }

    /// How far the clock is ahead of UTC at the instant, if that holds for days before and after it.
    pub(super) fn steady_offset(&self) -> Option<i64> {
        self.steady.then_some(self.offset)
    }

    /// The instants of a reading.
    pub(super) fn moment(&self, wall: Wall) -> Moment {
        // A day less than what is steady: offsets differ by less than a day.
        let near = self.steady && self.now.0.abs_diff(wall.0) <= (STEADY - DAY).unsigned_abs();
        if near {
            Moment::Once(wall.at_offset(self.offset))
        } else {
            self.zone.moment(wall)
        }
    }

    /// What the clock reads at another instant.
    pub(super) fn wall(&self, at: Timestamp) -> Wall {
        self.zone.wall(at)
    }
}

/// The first instant that fulfils a condition, given one (`before`) that does not and a later one (`after`)
/// that does.
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
