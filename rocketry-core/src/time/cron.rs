//! The instants a cron expression matches.

use std::cmp;

use croner::parser::{CronParser, Seconds, Year};
use rocketry_syntax::ast::{self, Delta};

use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Wall, WallClock};
use super::zone::Zone;

const SECOND: i64 = 1_000_000;

/// A compiled cron expression: each match is one occurrence.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cron {
    pattern: croner::Cron,
    /// The minute or second of a match.
    unit: Delta,
    grace: Option<Delta>,
}

impl Cron {
    /// Compiles an expression; `None` when no date ever matches it, as in `0 0 31 2 *`.
    pub(super) fn compile(expr: &ast::Cron) -> Result<Option<Self>, croner::errors::CronError> {
        let seconds = if expr.seconds {
            Seconds::Required
        } else {
            Seconds::Disallowed
        };
        let parser = CronParser::builder()
            .seconds(seconds)
            .year(Year::Disallowed)
            .build();
        let unit = if expr.seconds { SECOND } else { 60 * SECOND };
        let cron = Self {
            pattern: parser.parse(&expr.pattern())?,
            unit: Delta(unit.unsigned_abs()),
            grace: expr.grace,
        };
        // The calendar repeats after 400 years, and so does every pattern.
        let epoch = Timestamp::from_micros(0);
        Ok(cron.next_match(epoch, Zone::UTC).is_some().then_some(cron))
    }

    /// The latest match at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let start = self.current(&WallClock::new(zone, at)).or_else(|| {
            let at = whole_second(at).in_zone(&zone);
            self.pattern
                .find_previous_occurrence(&at, true)
                .ok()
                .map(Timestamp::from)
        });
        start.map(|start| self.span(start, zone))
    }

    /// The earliest match that is not over at `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let clock = WallClock::new(zone, at);
        let current = if self.grace.is_none() && clock.steady_offset().is_some() {
            self.current(&clock).map(|start| self.span(start, zone))
        } else {
            self.before(at, zone).filter(|span| span.end > at)
        };
        current.or_else(|| Some(self.span(self.next_match(at, zone)?, zone)))
    }

    /// The match in the minute or second that the clock shows, known without a search while the clock is not moved.
    fn current(&self, clock: &WallClock) -> Option<Timestamp> {
        let offset = clock.steady_offset()?;
        let unit = self.unit.0.cast_signed();
        let start = Wall::new(clock.now().micros().div_euclid(unit) * unit);
        let matches = self.pattern.is_time_matching(&start.naive()).unwrap_or(false);
        matches.then(|| start.at_offset(offset))
    }

    /// The first match later than `at`.
    fn next_match(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let at = whole_second(at).in_zone(&zone);
        self.pattern
            .find_next_occurrence(&at, false)
            .ok()
            .map(Timestamp::from)
    }

    fn span(&self, start: Timestamp, zone: Zone) -> Span {
        let Some(grace) = self.grace else {
            return Span::new(start, start.saturating_add(self.unit));
        };
        let end = start.saturating_add(cmp::max(grace, Delta(1)));
        let next = self.next_match(start, zone).unwrap_or(Timestamp::MAX);
        Span::new(start, end.min(next))
    }
}

/// Matches lie on whole seconds; croner does not look at fractions.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_micros().div_euclid(SECOND) * SECOND)
}
