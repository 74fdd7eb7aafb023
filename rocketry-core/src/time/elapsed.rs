//! Windows in a second, a minute or an hour.

use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::first_where;
use super::wall_clock::WallClock;
use super::zone::Zone;

/// A window that repeats every second, minute or hour.
///
/// The units are elapsed time, aligned with the wall clock: in Kolkata (+05:30) an hour starts at half past
/// in UTC. A *stretch* is the time between two jumps of the clock that shift this alignment; occurrences are
/// cut where a stretch ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Elapsed {
    /// Microseconds until it repeats.
    unit: i64,
    /// Where in the unit the window starts.
    start: i64,
    /// How long the window is: at most the unit.
    length: i64,
}

impl Elapsed {
    pub(super) const fn new(unit: i64, start: i64, length: i64) -> Self {
        Self { unit, start, length }
    }

    /// The length of the unit in microseconds.
    pub(super) const fn unit_length(&self) -> u64 {
        self.unit.unsigned_abs()
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        if let Some(offset) = WallClock::new(zone, at).steady_offset() {
            return Some(self.latest(at, offset));
        }
        // Every step goes back over one jump of the clock.
        let mut at = at;
        loop {
            let stretch = self.stretch(at, zone);
            let span = self.latest(at, zone.offset(at)).intersection(&stretch);
            if span.is_some() {
                return span;
            }
            at = stretch.start.previous();
        }
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        if let Some(offset) = WallClock::new(zone, at).steady_offset() {
            return Some(self.earliest(at, offset));
        }
        let mut at = at;
        loop {
            let stretch = self.stretch(at, zone);
            let span = self.earliest(at, zone.offset(at)).intersection(&stretch);
            if span.is_some() {
                return span;
            }
            at = stretch.end;
        }
    }

    /// The latest start at `at` or earlier, on a clock that always had this offset.
    fn latest(&self, at: Timestamp, offset: i64) -> Span {
        let since_start = (at.as_micros() + offset - self.start).rem_euclid(self.unit);
        self.span(at.as_micros() - since_start)
    }

    /// The earliest end after `at`, on a clock that always had this offset.
    fn earliest(&self, at: Timestamp, offset: i64) -> Span {
        let since_end = (at.as_micros() + offset - self.start - self.length).rem_euclid(self.unit);
        self.span(at.as_micros() - since_end + self.unit - self.length)
    }

    fn span(&self, start: i64) -> Span {
        Span::new(
            Timestamp::from_micros(start),
            Timestamp::from_micros(start + self.length),
        )
    }

    /// The time around `at` in which units start at the same second, up to one unit either way.
    fn stretch(&self, at: Timestamp, zone: Zone) -> Span {
        let aligned = |other: Timestamp| (zone.offset(at) - zone.offset(other)) % self.unit == 0;
        let before = Timestamp::from_micros(at.as_micros() - self.unit);
        let after = Timestamp::from_micros(at.as_micros() + self.unit);
        let start = if aligned(before) {
            before
        } else {
            first_where(before, at, aligned)
        };
        let end = if aligned(after) {
            after
        } else {
            first_where(at, after, |it| !aligned(it))
        };
        Span::new(start, end)
    }
}
