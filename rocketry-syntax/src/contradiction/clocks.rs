//! The effect of changes of the clock on a range of time.

use std::ops::Range;

use crate::duration::{DAY, HOUR};

/// The hours of a day that the clock of some zone skips or repeats.
const HOURS: [Range<u64>; 6] = [0..1, 1..3, 3..4, 21..22, 22..23, 23..24];

/// The readings that a window may cover.
///
/// A window that starts at a reading which is skipped keeps its length. One that starts or ends at a reading which is
/// repeated covers all that is repeated. What ends with a day ends with that day.
pub(super) fn covered(window: Range<u64>) -> Range<u64> {
    let Range { start, end } = window;
    let moved = moved_hours(start).map_or(0, |hours| hours.end - start);
    let kept = if end.is_multiple_of(DAY) { end } else { end + moved };
    earliest(start)..latest(end).max(kept)
}

/// The first reading that may come after a reading has come.
pub(super) fn earliest(start: u64) -> u64 {
    moved_hours(start).map_or(start, |hours| hours.start)
}

/// The last reading that may come before a reading has come for the last time; midnight ends a day the first time.
pub(super) fn latest(end: u64) -> u64 {
    let hours = moved_hours(end).filter(|_| !end.is_multiple_of(DAY));
    hours.map_or(end, |hours| hours.end)
}

/// The hours around a reading that may be skipped or repeated.
fn moved_hours(reading: u64) -> Option<Range<u64>> {
    let day = reading / DAY * DAY;
    let mut all = HOURS
        .into_iter()
        .map(|hours| day + hours.start * HOUR..day + hours.end * HOUR);
    all.find(|hours| hours.contains(&reading))
}
