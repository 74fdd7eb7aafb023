//! A single time span between two readings of the clock: `from 2026-11-28`, `until 2026-12-01 09:00`.

use super::span::Span;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall};
use super::zone::Zone;

/// A single time span, by the clock of a zone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Stretch {
    from: Option<Wall>,
    until: Option<Wall>,
}

impl Stretch {
    pub(super) const fn new(from: Option<Wall>, until: Option<Wall>) -> Self {
        Self { from, until }
    }

    /// The stretch by the clock of a zone. A start inside a gap moves to its end, and the end
    /// moves along unless it is the end of a day.
    pub(super) fn span(&self, zone: Zone) -> Option<Span> {
        let (start, shift) = match self.from.map(|from| (from, zone.moment(from))) {
            None => (Timestamp::MIN, 0),
            Some((from, Moment::Skipped(at))) => (at, zone.wall(at).micros() - from.micros()),
            Some((_, moment)) => (moment.first(), 0),
        };
        let end = self.until.map_or(Timestamp::MAX, |until| {
            let stays = until.is_midnight() && zone.moment(until).first() > start;
            let until = if stays { until } else { until.plus(shift) };
            zone.moment(until).end(until)
        });
        Span::new(start, end).filled()
    }
}
