//! Windows in a day, a week, a month or a year.

use rocketry_syntax::ast::Day;

use super::civil::{DAY, first_day, month_of};
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall, WallClock};
use super::zone::Zone;

/// How many units in a row are looked at for an occurrence. There may be eight years between leap days.
const PATIENCE: i64 = 16;

/// A window that repeats every day, week, month or year of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Calendar {
    cycle: Cycle,
    start: Place,
    end: End,
}

/// The unit that repeats. Units are numbered: a day from 1970-01-01, a week from the one of that day, a month
/// from January of the year 0, a year from the year 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Cycle {
    Day,
    Week,
    Month,
    Year,
}

impl Cycle {
    /// The number of the unit a reading lies in.
    fn index(self, wall: Wall) -> i64 {
        match self {
            Self::Day => wall.day(),
            // 1970-01-01 was a Thursday.
            Self::Week => (wall.day() + 3).div_euclid(7),
            Self::Month => month_of(wall.day()),
            Self::Year => month_of(wall.day()).div_euclid(12),
        }
    }

    /// The first reading of a unit.
    fn start(self, index: i64) -> Wall {
        let day = match self {
            Self::Day => index,
            Self::Week => index * 7 - 3,
            Self::Month => first_day(index),
            Self::Year => first_day(index * 12),
        };
        Wall::new(day * DAY)
    }

    /// The number of the first month of a unit that consists of months.
    const fn first_month(self, index: i64) -> i64 {
        if matches!(self, Self::Year) {
            index * 12
        } else {
            index
        }
    }
}

/// A place in a unit. It may lie in the next one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
}

/// Where a window ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum End {
    /// Where the next occurrence starts.
    NextStart,
    /// With the unit.
    Unit,
    /// At a place.
    Place(Place),
    /// This many microseconds after the start, which has to exist.
    Length(i64),
}

impl Calendar {
    pub(super) const fn new(cycle: Cycle, start: Place, end: End) -> Self {
        Self { cycle, start, end }
    }

    /// How many days there are between the starts of two occurrences, at the most.
    pub(super) const fn longest_gap_in_days(&self) -> u64 {
        match self.cycle {
            // A zone may leave out a day.
            Cycle::Day => 3,
            Cycle::Week => 15,
            // The 31st of July comes after that of May.
            Cycle::Month => 63,
            // There may be eight years between leap days.
            Cycle::Year => 9 * 366,
        }
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let current = self.cycle.index(clock.now());
        // Where the clock is put back over midnight, the next day may have begun already.
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
        // The occurrence of an earlier unit may not have ended yet.
        let earliest = self.cycle.index(clock.now()) - self.reach();
        let mut occurrences = (0..PATIENCE).filter_map(|ahead| self.occurrence(earliest + ahead, &clock));
        occurrences.find(|span| span.end > at)
    }

    /// How many units an occurrence may reach beyond its own. A full cycle passes over those without its day.
    const fn reach(&self) -> i64 {
        match (self.end, self.cycle) {
            (End::NextStart, Cycle::Month) => 2,
            _ => 1,
        }
    }

    /// The occurrence that starts in a unit. A unit without the day on which it would start has none.
    fn occurrence(&self, index: i64, clock: &WallClock) -> Option<Span> {
        let wall = self.start_in(index)?;
        let start = clock.moment(wall);
        let unit_end = self.cycle.start(index + 1);
        if matches!(start, Moment::Skipped(at) if wall < unit_end && at >= clock.moment(unit_end).first()) {
            // The rest of the unit is skipped as well.
            return None;
        }
        let end = match self.end {
            End::NextStart => return Span::new(start.first(), self.next_start(index, clock)).filled(),
            End::Unit => unit_end,
            End::Place(place) => self.wall(place, index).0,
            End::Length(length) => wall.plus(length),
        };
        if end == unit_end {
            return Span::new(start.first(), clock.moment(end).first()).filled();
        }
        let shift = match start {
            Moment::Skipped(at) => clock.wall(at).micros() - wall.micros(),
            Moment::Once(_) | Moment::Twice(..) => 0,
        };
        if end <= wall {
            return None;
        }
        Span::new(start.first(), self.end_before_next(end.plus(shift), index, clock)).filled()
    }

    /// The instant of an end, which is no later than the start of the next occurrence.
    fn end_before_next(&self, end: Wall, index: i64, clock: &WallClock) -> Timestamp {
        let moment = clock.moment(end);
        let certain = !matches!(moment, Moment::Twice(..)) && end <= self.wall(self.start, index + 1).0;
        if certain {
            moment.last()
        } else {
            moment.last().min(self.next_start(index, clock))
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
        let (wall, exists) = self.wall(self.start, index);
        let moves = self.cycle == Cycle::Year && !matches!(self.end, End::Length(_));
        (exists || moves).then_some(wall)
    }

    /// The reading of a place, and whether it exists: a day the month lacks stands for the end of the month.
    fn wall(&self, place: Place, index: i64) -> (Wall, bool) {
        match place {
            Place::Offset(micros) => (self.cycle.start(index).plus(micros), true),
            Place::Date { month, day, time } => {
                let month = self.cycle.first_month(index) + i64::from(month);
                let (first, next) = (first_day(month), first_day(month + 1));
                let date = match day {
                    Day::Nth(nth) => first + i64::from(nth) - 1,
                    Day::Last => next - 1,
                };
                if date < next {
                    (Wall::new(date * DAY + time), true)
                } else {
                    (Wall::new(next * DAY), false)
                }
            }
        }
    }
}
