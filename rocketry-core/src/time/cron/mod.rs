//! The instants a cron expression matches.

mod days;
mod readings;
mod toward;

use std::cmp;

use rocketry_syntax::ast::{self, Delta};
use rocketry_syntax::{CronSets, SyntaxError};

use self::toward::Toward;
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall, WallClock, first_where};
use super::zone::Zone;

const SECOND: i64 = 1_000_000;

/// A compiled cron expression: each match is one occurrence.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cron {
    sets: CronSets,
    /// The minute or second of a match.
    unit: Delta,
    grace: Option<Delta>,
}

impl Cron {
    /// Compiles an expression; `None` when no date ever matches it, as in `0 0 31 2 *`.
    pub(super) fn compile(expr: &ast::Cron) -> Result<Option<Self>, SyntaxError> {
        let unit = if expr.seconds { SECOND } else { 60 * SECOND };
        let cron = Self {
            sets: expr.sets()?,
            unit: Delta(unit.unsigned_abs()),
            grace: expr.grace,
        };
        Ok((!cron.sets.is_never()).then_some(cron))
    }

    /// The latest match at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Span {
        self.span(self.nearest(Toward::Past, at.next(), zone), zone)
    }

    /// The earliest match that is not over at `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Span {
        let latest = self.before(at, zone);
        if latest.end > at {
            latest
        } else {
            self.span(self.next_match(at, zone), zone)
        }
    }

    /// The first match later than `at`.
    fn next_match(&self, at: Timestamp, zone: Zone) -> Timestamp {
        self.nearest(Toward::Future, at.next(), zone)
    }

    fn span(&self, start: Timestamp, zone: Zone) -> Span {
        let Some(grace) = self.grace else {
            return Span::new(start, start.saturating_add(self.unit));
        };
        let end = start.saturating_add(cmp::max(grace, Delta(1)));
        Span::new(start, end.min(self.next_match(start, zone)))
    }

    /// The last match before `border`, or the first one from there on.
    ///
    /// A single time of day comes once on a day: at the first of two instants that have its reading, and at the end of a
    /// gap if that day matches, too. Anything else comes whenever the clock reads so.
    fn nearest(&self, toward: Toward, border: Timestamp, zone: Zone) -> Timestamp {
        let first = toward.first_from(border);
        let clock = WallClock::new(zone, first);
        let nearest = |from| readings::nearest(&self.sets, toward, from);
        let mut reading = nearest(clock.now());
        if let Some(change) = repeat_ahead(toward, first, &clock) {
            let beyond = toward.first_from(change);
            let at = Timestamp::from_micros(first.as_micros() + reading.micros() - clock.now().micros());
            if !self.sets.fixed_time && !toward.reaches(beyond, at) {
                return at;
            }
            reading = nearest(clock.wall(beyond));
        }
        loop {
            reading = nearest(match clock.moment(reading) {
                Moment::Once(at) => return at,
                Moment::Twice(earlier, later) => {
                    let later = if self.sets.fixed_time { earlier } else { later };
                    let mut instants = toward.ordered([earlier, later]).into_iter();
                    if let Some(at) = instants.find(|at| toward.reaches(first, *at)) {
                        return at;
                    }
                    reading.plus(toward.step() * SECOND)
                }
                Moment::Skipped(end) if self.is_made_up_for(reading, end, &clock) => return end,
                Moment::Skipped(end) => clock.wall(toward.first_from(end)),
            });
        }
    }

    /// Whether a match in a gap comes at its end. There is none on a day that is left out as a whole.
    fn is_made_up_for(&self, reading: Wall, end: Timestamp, clock: &WallClock) -> bool {
        let [before, after] = [end.previous(), end].map(|at| clock.wall(at).day());
        self.sets.fixed_time
            && (reading.day() == before || reading.day() == after)
            && readings::matches_day(&self.sets, after)
    }
}

/// The instant at which the clock goes back over what it reads at `at`, if that lies ahead.
fn repeat_ahead(toward: Toward, at: Timestamp, clock: &WallClock) -> Option<Timestamp> {
    if clock.steady_offset().is_some() {
        return None;
    }
    let Moment::Twice(earlier, later) = clock.moment(clock.now()) else {
        return None;
    };
    let [near, _] = toward.ordered([earlier, later]);
    let unmoved = |at: Timestamp| clock.now().plus(at.as_micros() - earlier.as_micros());
    (at == near).then(|| first_where(earlier, later, |at| clock.wall(at) != unmoved(at)))
}
