//! Steps on the clock, and steps of elapsed time: `every 15 minutes from 00:05`.

use super::civil::DAY;
use super::days::Days;
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Wall, first_where};
use super::wall_clock::WallClock;
use super::zone::Zone;
use rocketry_syntax::ast::Delta;

/// How far ahead the offset of a zone is checked at once: no clock is set forward and back within that time.
const LEAP: Delta = Delta(20 * DAY.unsigned_abs());

/// How many leaps one question takes: more than forty years.
const LEAPS: usize = 800;

/// Steps that begin at the same time of each day, as the clock reads.
///
/// A step begins as often as the clock reads its start: twice in a repeat, never in a gap.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Steps {
    /// Microseconds from the start of a step to that of the next.
    pub(super) step: i64,
    /// Microseconds from the start of the day to that of the first step.
    pub(super) start: i64,
    /// Microseconds from the start of the first step to the end of the last: a day at most.
    pub(super) length: i64,
    /// The days on which they begin.
    pub(super) days: Option<Days>,
}

impl Steps {
    /// The latest step that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let mut at = at;
        for _ in 0..LEAPS {
            let offset = zone.offset(at);
            let start = self.last_reading(zone.wall(at))?.at_offset(offset);
            let horizon = start.max(at.saturating_sub(LEAP));
            if zone.offset(horizon) != offset {
                let jump = first_where(horizon, at, |at| zone.offset(at) == offset);
                if start >= jump {
                    return self.span(start, zone);
                }
                at = jump.previous();
            } else if horizon == start {
                return self.span(start, zone);
            } else {
                at = horizon;
            }
        }
        None
    }

    /// The earliest step that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let current = self.before(at, zone).filter(|span| span.end > at);
        current.or_else(|| self.span(self.next_start(at, zone)?, zone))
    }

    /// The first start of a step later than `at`.
    fn next_start(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let mut at = at.next();
        for _ in 0..LEAPS {
            let offset = zone.offset(at);
            let start = self.next_reading(zone.wall(at))?.at_offset(offset);
            let horizon = start.min(at.saturating_add(LEAP));
            if zone.offset(horizon) != offset {
                let jump = first_where(at, horizon, |at| zone.offset(at) != offset);
                if start < jump {
                    return Some(start);
                }
                at = jump;
            } else if horizon == start {
                return Some(start);
            } else {
                at = horizon;
            }
        }
        None
    }

    /// The step that starts at an instant; it ends with the row, and where the next one starts.
    fn span(&self, start: Timestamp, zone: Zone) -> Option<Span> {
        let gone = (zone.wall(start).micros() - self.start).rem_euclid(DAY);
        let length = self.step.min(self.length - gone);
        let end = start.saturating_add(Delta(length.unsigned_abs()));
        let next = self.next_start(start, zone).unwrap_or(Timestamp::MAX);
        Span::new(start, end.min(next)).filled()
    }

    /// The first reading at which a step starts, from `wall` on.
    fn next_reading(&self, wall: Wall) -> Option<Wall> {
        let row = (wall.micros() - self.start).div_euclid(DAY);
        let first = self.next_row(row)?;
        if first > row {
            return Some(self.reading(first, 0));
        }
        let gone = wall.micros() - self.reading(row, 0).micros();
        let number = (gone + self.step - 1) / self.step;
        if number * self.step < self.length {
            return Some(self.reading(row, number));
        }
        Some(self.reading(self.next_row(row + 1)?, 0))
    }

    /// The last reading at which a step starts, up to `wall`.
    fn last_reading(&self, wall: Wall) -> Option<Wall> {
        let row = (wall.micros() - self.start).div_euclid(DAY);
        let last = (self.length - 1) / self.step;
        let found = match &self.days {
            None => row,
            Some(days) => days.last(row)?,
        };
        if found < row {
            return Some(self.reading(found, last));
        }
        let gone = wall.micros() - self.reading(row, 0).micros();
        Some(self.reading(row, (gone / self.step).min(last)))
    }

    fn next_row(&self, row: i64) -> Option<i64> {
        match &self.days {
            None => Some(row),
            Some(days) => days.next(row),
        }
    }

    fn reading(&self, row: i64, number: i64) -> Wall {
        Wall::new(row * DAY + self.start + number * self.step)
    }

    /// The maximum number of days between the starts of two steps, if known.
    pub(super) fn longest_gap_in_days(&self) -> Option<u64> {
        match &self.days {
            None => Some(3),
            Some(days) => days.longest_gap().map(|gap| gap + 3),
        }
    }
}

/// Steps of elapsed time, starting at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ticks {
    /// Microseconds from the start of a step to that of the next.
    pub(super) step: i64,
    /// The reading at which the first step starts.
    pub(super) from: Wall,
    /// The reading from which on none starts.
    pub(super) until: Option<Wall>,
}

impl Ticks {
    /// The latest step that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let (first, limit) = self.limits(&clock);
        let last = Timestamp::from_micros(at.as_micros().min(limit.as_micros().saturating_sub(1)));
        let number = (last >= first).then(|| (last.as_micros() - first.as_micros()) / self.step)?;
        self.span(number, &clock)
    }

    /// The earliest step that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let (first, _) = self.limits(&clock);
        let number = if at < first {
            0
        } else {
            (at.as_micros() - first.as_micros()) / self.step
        };
        self.span(number, &clock).filter(|span| span.end > at)
    }

    fn limits(&self, clock: &WallClock) -> (Timestamp, Timestamp) {
        let until = self
            .until
            .map_or(Timestamp::MAX, |until| clock.moment(until).end(until));
        (clock.moment(self.from).first(), until)
    }

    fn span(&self, number: i64, clock: &WallClock) -> Option<Span> {
        let (first, limit) = self.limits(clock);
        let at = |number: i64| {
            let gone = number.checked_mul(self.step)?;
            Some(Timestamp::from_micros(first.as_micros().checked_add(gone)?))
        };
        let start = at(number)?;
        let end = at(number + 1).unwrap_or(Timestamp::MAX).min(limit);
        Span::new(start, end).filled()
    }
}
