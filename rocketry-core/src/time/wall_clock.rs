//! The wall clock of a zone, as seen from an instant.

use rocketry_syntax::ast::Delta;

use super::civil::DAY;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall};
use super::zone::Zone;

/// How far around an instant the offset is checked. This covers every window of a day, and no zone ever set
/// its clock forward and back within twice that time.
const STEADY: i64 = 3 * DAY;

/// The wall clock of a zone, near an instant.
///
/// Almost always, the clock does not change in the days around the instant. Detecting this takes three
/// look-ups; resolving readings on those days then takes none.
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
            now: Wall::on(at, offset),
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
        // A day less than the steady range, because offsets differ by less than a day.
        let near = self.steady && self.now.micros().abs_diff(wall.micros()) <= (STEADY - DAY).unsigned_abs();
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
