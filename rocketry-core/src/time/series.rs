//! Windows in some of the days, weeks, months or years: `daily at 09:30 on weekdays`, `every 2 weeks on
//! Friday`.

use super::calendar::Calendar;
use super::days::Days;
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::Wall;
use super::wall_clock::WallClock;
use super::zone::Zone;

/// The maximum number of consecutive units to search for an occurrence.
const PATIENCE: usize = 64;

/// The maximum number of consecutive days to search for one that counts.
const DAYS: usize = 4_096;

/// A window that occurs in some units of the calendar.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Series {
    pub(super) window: Calendar,
    pub(super) units: Units,
    /// Whether an occurrence lasts until the next one starts.
    pub(super) lasting: bool,
    /// The reading before which no occurrence starts.
    pub(super) from: Option<Wall>,
    /// The reading from which no occurrence starts.
    pub(super) until: Option<Wall>,
}

/// The units that count.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Units {
    /// The distance between two units that count.
    pub(super) every: i64,
    /// One of those that count.
    pub(super) phase: i64,
    /// The first of them that does.
    pub(super) first: i64,
    /// The days that count, where the units are days.
    pub(super) days: Option<Days>,
}

impl Units {
    /// The first unit that counts, from `unit` on.
    fn next(&self, unit: i64) -> Option<i64> {
        let mut unit = unit.max(self.first);
        for _ in 0..DAYS {
            unit += (self.phase - unit).rem_euclid(self.every);
            match &self.days {
                None => return Some(unit),
                Some(days) => match days.next(unit)? {
                    day if day == unit => return Some(unit),
                    day => unit = day,
                },
            }
        }
        None
    }

    /// The last unit that counts, up to `unit`.
    fn last(&self, mut unit: i64) -> Option<i64> {
        for _ in 0..DAYS {
            unit -= (unit - self.phase).rem_euclid(self.every);
            if unit < self.first {
                return None;
            }
            match &self.days {
                None => return Some(unit),
                Some(days) => match days.last(unit)? {
                    day if day == unit => return Some(unit),
                    day => unit = day,
                },
            }
        }
        None
    }
}

impl Series {
    /// The maximum number of days between the starts of two occurrences, if known.
    pub(super) fn longest_gap_in_days(&self) -> Option<u64> {
        let unit = match self.window.longest_gap_in_days() {
            // Many of the months that count may lack the day.
            months if months > 15 && self.units.every > 1 => months.max(9 * 366),
            days => days,
        };
        let every = unit * self.units.every.unsigned_abs();
        match &self.units.days {
            _ if self.until.is_some() => None,
            None => Some(every),
            Some(days) if self.units.every == 1 => days.longest_gap().map(|gap| gap + unit),
            Some(_) => None,
        }
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let mut unit = self
            .units
            .last(self.window.index(&clock) + 1 + self.window.spill())?;
        for _ in 0..PATIENCE {
            let span = self.occurrence(unit, &clock);
            if let Some(span) = span.filter(|span| span.start <= at) {
                return Some(self.whole(span, unit, &clock));
            }
            unit = self.units.last(unit - 1)?;
        }
        None
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let current = self.before(at, zone).filter(|span| span.end > at);
        if current.is_some() {
            return current;
        }
        let clock = WallClock::new(zone, at);
        let mut unit = self
            .units
            .next(self.window.index(&clock) - 1 - self.window.spill())?;
        for _ in 0..PATIENCE {
            let span = self.occurrence(unit, &clock);
            if let Some(span) = span.filter(|span| span.start > at) {
                return Some(self.whole(span, unit, &clock));
            }
            unit = self.units.next(unit + 1)?;
        }
        None
    }

    /// The occurrence that starts in a unit that counts, as long as its window alone would be.
    fn occurrence(&self, unit: i64, clock: &WallClock) -> Option<Span> {
        let span = self.window.occurrence(unit, clock)?;
        let begun = self
            .from
            .is_none_or(|from| span.start >= clock.moment(from).first());
        let open = self
            .until
            .is_none_or(|until| span.start < clock.moment(until).end(until));
        (begun && open).then_some(span)
    }

    /// The occurrence with its own end.
    fn whole(&self, span: Span, unit: i64, clock: &WallClock) -> Span {
        if !self.lasting {
            return span;
        }
        let mut next = self.units.next(unit + 1);
        let start = (0..PATIENCE).find_map(|_| {
            let unit = next?;
            next = self.units.next(unit + 1);
            self.window.occurrence(unit, clock).map(|next| next.start)
        });
        let end = start.unwrap_or(Timestamp::MAX);
        let last = self.until.map_or(end, |until| clock.moment(until).end(until));
        Span::new(span.start, end.min(last))
    }
}
