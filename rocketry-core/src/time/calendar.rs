//! Windows in a day, a week, a month, a quarter or a year.

use std::ops::Range;
use std::sync::Arc;

use rocketry_syntax::ast::Day;

use super::civil::{DAY, first_day, month_of};
use super::pick::Pick;
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall};
use super::wall_clock::WallClock;
use super::zone::Zone;

/// The maximum number of consecutive units to search for an occurrence. There may be eight years between leap
/// days, and forty between two that are Fridays.
const PATIENCE: i64 = 41;

/// The maximum distance, in units, between a unit and the day that a rule picks for it.
const SPILL: i64 = 3;

/// A window that repeats every day, week, month, quarter or year of the calendar.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Calendar {
    cycle: Cycle,
    start: Place,
    end: End,
}

/// The unit that repeats. Units are numbered: a day from 1970-01-01, a week from the one of that day, a month
/// from January of the year 0, a quarter and a year from the year 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Cycle {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Cycle {
    /// The number of the unit a reading lies in.
    pub(super) fn index(self, wall: Wall) -> i64 {
        match self {
            Self::Day => wall.day(),
            // 1970-01-01 was a Thursday.
            Self::Week => (wall.day() + 3).div_euclid(7),
            Self::Month => month_of(wall.day()),
            Self::Quarter => month_of(wall.day()).div_euclid(3),
            Self::Year => month_of(wall.day()).div_euclid(12),
        }
    }

    /// The first reading of a unit.
    fn start(self, index: i64) -> Wall {
        let day = match self {
            Self::Day => index,
            Self::Week => index * 7 - 3,
            Self::Month => first_day(index),
            Self::Quarter => first_day(index * 3),
            Self::Year => first_day(index * 12),
        };
        Wall::new(day * DAY)
    }

    /// The number of the first month of a unit that consists of months.
    const fn first_month(self, index: i64) -> i64 {
        match self {
            Self::Year => index * 12,
            Self::Quarter => index * 3,
            Self::Day | Self::Week | Self::Month => index,
        }
    }
}

/// A place in a unit. It may lie in the next one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Place {
    /// Microseconds since the start of a day or week.
    Offset(i64),
    /// A day of a month or year.
    Date {
        /// Months since the start of the unit.
        month: i32,
        day: Day,
        /// Microseconds since the start of that day, up to and including its end.
        time: i64,
    },
    /// A day of a month, quarter or year that a rule picks.
    Picked(Arc<Picked>),
}

/// A day that a rule picks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Picked {
    /// Months since the start of the unit.
    pub(super) month: i64,
    /// Out of how many months it is picked.
    pub(super) months: i64,
    pub(super) pick: Pick,
    /// Microseconds since the start of that day, up to and including its end.
    pub(super) time: i64,
}

/// Where a window ends.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum End {
    /// Where the next occurrence starts.
    NextStart,
    /// With the unit.
    Unit,
    /// At a place.
    Place(Place),
    /// At a place, or that of the next unit where it does not come after the start.
    Following(Place),
    /// This many microseconds after the start, which has to exist.
    Length(i64),
}

impl Calendar {
    pub(super) const fn new(cycle: Cycle, start: Place, end: End) -> Self {
        Self { cycle, start, end }
    }

    /// The maximum number of days between the starts of two occurrences.
    pub(super) const fn longest_gap_in_days(&self) -> u64 {
        match self.cycle {
            // There may be forty years between two leap days that are Fridays.
            _ if matches!(self.start, Place::Picked(_)) => 41 * 366,
            // A zone may leave out a day.
            Cycle::Day => 3,
            Cycle::Week => 15,
            // The 31st of July comes after that of May.
            Cycle::Month => 63,
            // There may be eight years between leap days.
            Cycle::Quarter | Cycle::Year => 9 * 366,
        }
    }

    /// The number of the unit that the clock is in.
    pub(super) fn index(&self, clock: &WallClock) -> i64 {
        self.cycle.index(clock.now())
    }

    /// The number of the unit that a day is in.
    pub(super) fn unit_of(&self, day: i64) -> i64 {
        self.cycle.index(Wall::new(day * DAY))
    }

    /// The maximum distance, in units, between a unit and the start of its occurrence.
    pub(super) fn spill(&self) -> i64 {
        match &self.start {
            Place::Picked(picked) if picked.pick.leaves() => SPILL,
            _ => 0,
        }
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let current = self.index(&clock) + self.spill();
        // If the clock is set back over midnight, the next day may already have begun.
        let latest = if clock.steady_offset().is_some() {
            current
        } else {
            current + 1
        };
        let mut occurrences = (0..PATIENCE).filter_map(|back| self.occurrence(latest - back, &clock));
        occurrences.find(|span| span.start <= at)
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let current = self.index(&clock);
        if self.is_picked() {
            let latest = self.before(at, zone).filter(|span| span.end > at);
            let mut later = self.occurrences(current - self.spill() - 1, &clock);
            return latest.or_else(|| later.find(|span| span.start > at));
        }
        // The occurrence of an earlier unit may not have ended yet.
        self.occurrences(current - self.reach(), &clock)
            .find(|span| span.end > at)
    }

    /// The occurrences from a unit on.
    fn occurrences(&self, unit: i64, clock: &WallClock) -> impl Iterator<Item = Span> {
        (0..PATIENCE).filter_map(move |ahead| self.occurrence(unit + ahead, clock))
    }

    /// Whether a rule picks the day on which an occurrence starts or ends.
    fn is_picked(&self) -> bool {
        matches!(self.start, Place::Picked(_)) || matches!(self.end, End::Following(_))
    }

    /// How many units an occurrence may extend beyond its own. A full cycle skips those without its day.
    const fn reach(&self) -> i64 {
        match (&self.end, self.cycle) {
            (End::NextStart, Cycle::Month) => 2,
            _ => 1,
        }
    }

    /// The occurrence that starts in a unit. A unit without the day on which it would start has none.
    pub(super) fn occurrence(&self, index: i64, clock: &WallClock) -> Option<Span> {
        let wall = self.start_in(index)?;
        let start = clock.moment(wall);
        let unit_end = self.cycle.start(index + 1);
        if matches!(start, Moment::Skipped(at) if wall < unit_end && at >= clock.moment(unit_end).first()) {
            // The rest of the unit is skipped as well.
            return None;
        }
        let end = match &self.end {
            End::NextStart => return Span::new(start.first(), self.next_start(index, clock)).filled(),
            End::Unit => unit_end,
            End::Place(place) => self.wall(place, index).0,
            End::Following(place) => self.following(place, index, wall),
            End::Length(length) => wall.plus(*length),
        };
        if end == unit_end {
            let mut end = clock.moment(end).first();
            if self.spill() > 0 {
                end = end.min(self.next_start(index, clock));
            }
            return Span::new(start.first(), end).filled();
        }
        let shift = match start {
            // What ends with a day ends with that day, unless the day is skipped as well.
            Moment::Skipped(at) if !end.is_midnight() || clock.moment(end).first() <= at => {
                clock.wall(at).micros() - wall.micros()
            }
            _ => 0,
        };
        if end <= wall {
            return None;
        }
        Span::new(start.first(), self.end_before_next(end.plus(shift), index, clock)).filled()
    }

    /// The reading of a place after a start.
    fn following(&self, place: &Place, index: i64, start: Wall) -> Wall {
        let ends = (0..=2).map(|ahead| self.wall(place, index + ahead).0);
        ends.into_iter().find(|end| *end > start).unwrap_or(start)
    }

    /// The instant of an end, which is no later than the start of the next occurrence.
    fn end_before_next(&self, end: Wall, index: i64, clock: &WallClock) -> Timestamp {
        let moment = clock.moment(end);
        let certain = !matches!(moment, Moment::Twice(..)) && end <= self.wall(&self.start, index + 1).0;
        if certain {
            moment.end(end)
        } else {
            moment.end(end).min(self.next_start(index, clock))
        }
    }

    /// The instant at which the next occurrence starts after the one in a unit.
    fn next_start(&self, index: i64, clock: &WallClock) -> Timestamp {
        let mut later = (1..=PATIENCE).filter_map(|ahead| self.start_in(index + ahead));
        later
            .next()
            .map_or(Timestamp::MAX, |wall| clock.moment(wall).first())
    }

    /// The reading at which the occurrence in a unit starts, if the unit has that day.
    ///
    /// In a common year a window from the 29th of February starts with March, unless it is that day alone.
    fn start_in(&self, index: i64) -> Option<Wall> {
        let (wall, exists) = self.wall(&self.start, index);
        let moves = self.cycle == Cycle::Year && !matches!(self.end, End::Length(_));
        (exists || moves).then_some(wall)
    }

    /// The reading of a place, and whether it exists: a day the month lacks stands for the end of the month.
    fn wall(&self, place: &Place, index: i64) -> (Wall, bool) {
        match place {
            Place::Offset(micros) => (self.cycle.start(index).plus(*micros), true),
            Place::Date { month, day, time } => {
                let month = self.cycle.first_month(index) + i64::from(*month);
                let (first, next) = (first_day(month), first_day(month + 1));
                let date = match day {
                    Day::Nth(nth) => first + i64::from(*nth) - 1,
                    Day::Last => next - 1,
                };
                at(&(first..next), Some(date).filter(|date| *date < next), *time)
            }
            Place::Picked(picked) => {
                let month = self.cycle.first_month(index) + picked.month;
                let days = first_day(month)..first_day(month + picked.months);
                at(&days, picked.pick.day(&days), picked.time)
            }
        }
    }
}

/// A time on a day out of some days, and whether there is that day; the end of the days stands for it if not.
const fn at(days: &Range<i64>, day: Option<i64>, time: i64) -> (Wall, bool) {
    match day {
        Some(day) => (Wall::new(day * DAY + time), true),
        None => (Wall::new(days.end * DAY), false),
    }
}
