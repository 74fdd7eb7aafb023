//! The instants that a cron expression matches.

mod readings;
mod toward;

use std::cmp;
use std::sync::Arc;

use rocketry_syntax::CronSets;
use rocketry_syntax::ast::{self, Delta};

use self::toward::Toward;
use super::civil::DAY;
use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall, first_where};
use super::wall_clock::WallClock;
use super::zone::Zone;

const SECOND: i64 = 1_000_000;

/// A compiled cron expression: each match is one occurrence.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cron {
    sets: Arc<CronSets>,
    /// The minute or second of a match.
    unit: Delta,
    grace: Option<Delta>,
}

impl Cron {
    pub(super) fn new(expr: &ast::Cron) -> Self {
        let unit = if expr.has_seconds() { SECOND } else { 60 * SECOND };
        Self {
            sets: Arc::clone(expr.sets()),
            unit: Delta(unit.unsigned_abs()),
            grace: expr.grace(),
        }
    }

    /// The latest match at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Span {
        self.span(self.nearest(Toward::Past, at.next(), zone), zone)
    }

    /// The earliest match that is not over at `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Span {
        let open = match self.grace {
            // Each match lasts as long as any other, so the first one that may be open is.
            None => self.span(self.next_match(at.saturating_sub(self.unit), zone), zone),
            Some(_) => self.before(at, zone),
        };
        if open.end > at {
            open
        } else {
            self.span(self.next_match(at, zone), zone)
        }
    }

    /// The first match later than `at`.
    fn next_match(&self, at: Timestamp, zone: Zone) -> Timestamp {
        self.nearest(Toward::Future, at.next(), zone)
    }

    fn span(&self, start: Timestamp, zone: Zone) -> Span {
        let length = self.grace.map_or(self.unit, |grace| cmp::max(grace, Delta(1)));
        let end = start.saturating_add(length);
        // A start that was moved to the end of a gap may lie within a minute.
        let is_alone = self.grace.is_none() && start.as_micros().unsigned_abs().is_multiple_of(self.unit.0);
        Span::new(
            start,
            if is_alone {
                end
            } else {
                end.min(self.next_match(start, zone))
            },
        )
    }

    /// The last match before `border`, or the first one from there on.
    ///
    /// A fixed time of day comes once: at the first of two instants that have its reading, or at the end of the gap that
    /// skips it. Anything else comes whenever the clock reads so.
    fn nearest(&self, toward: Toward, border: Timestamp, zone: Zone) -> Timestamp {
        let first = toward.first_from(border);
        let clock = WallClock::new(zone, first);
        let nearest = |from| readings::nearest(&self.sets, toward, from);
        let mut reading = nearest(first_reading(toward, first, &clock));
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
                Moment::Skipped(end) if self.sets.fixed_time && !skips_a_day(end, &clock) => return end,
                Moment::Skipped(end) => clock.wall(toward.first_from(end)),
            });
        }
    }
}

/// The reading that a search begins with. At the end of a gap that is the first one of the gap.
fn first_reading(toward: Toward, first: Timestamp, clock: &WallClock) -> Wall {
    match toward {
        Toward::Future if clock.steady_offset().is_none() => {
            clock.now().min(clock.wall(first.previous()).plus(1))
        }
        _ => clock.now(),
    }
}

/// Whether the gap that ends at an instant leaves out a whole day, on which nothing was to run then.
fn skips_a_day(end: Timestamp, clock: &WallClock) -> bool {
    clock.wall(end).micros() - clock.wall(end.previous()).micros() > DAY
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
