//! The effect of a change of the clock on a start.

use std::fmt;

use chrono::{Datelike, NaiveDateTime, Timelike};
use serde::{Serialize, Serializer};

use super::period::Period;
use super::timestamp::Timestamp;
use super::wall::{Moment, Wall};
use super::zone::Zone;

/// How a change of the clock (daylight saving time) affects the start of a window.
///
/// ```
/// use rocketry::preview;
///
/// let mut starts = preview("daily at 02:30", "Europe/Berlin", "2026-03-28T12:00:00Z")?;
/// let remark = starts.next().and_then(|start| start.clock_change).unwrap();
/// assert_eq!(remark.to_string(), "02:30 does not exist on 29 March: starts at 03:00");
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClockChange {
    /// The clock skips the reading at which the window starts. It starts at the first reading after the gap.
    Skipped {
        /// The reading that does not exist.
        reading: NaiveDateTime,
        /// The reading at which the window starts.
        instead: NaiveDateTime,
    },
    /// The clock shows the reading twice. The window starts at the first.
    First {
        /// The reading.
        reading: NaiveDateTime,
    },
    /// The clock shows the reading twice. The window starts at the second.
    Second {
        /// The reading.
        reading: NaiveDateTime,
    },
}

impl fmt::Display for ClockChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockChange::Skipped { reading, instead } => {
                let (time, date) = (TimeOfDay(*reading), Date(*reading));
                write!(
                    f,
                    "{time} does not exist on {date}: starts at {}",
                    TimeOfDay(*instead)
                )?;
                if reading.date() == instead.date() {
                    return Ok(());
                }
                write!(f, " on {}", Date(*instead))
            }
            ClockChange::First { reading } => {
                write!(
                    f,
                    "{} comes twice on {}: the first",
                    TimeOfDay(*reading),
                    Date(*reading)
                )
            }
            ClockChange::Second { reading } => {
                write!(
                    f,
                    "{} comes twice on {}: the second",
                    TimeOfDay(*reading),
                    Date(*reading)
                )
            }
        }
    }
}

/// Serialised as its text.
impl Serialize for ClockChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `02:30`, with seconds where they matter.
struct TimeOfDay(NaiveDateTime);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = if self.0.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
        write!(f, "{}", self.0.format(format))
    }
}

/// `29 March`.
struct Date(NaiveDateTime);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.day(), self.0.format("%B"))
    }
}

impl Period {
    /// How a change of the clock affects an occurrence that starts at an instant; `None` if it does not.
    ///
    /// In UTC, whose clock is never changed, the period starts at the readings that it names. They are compared with
    /// what the clock of the zone skips or repeats.
    pub(crate) fn clock_change(&self, start: Timestamp, zone: Zone) -> Option<ClockChange> {
        match self {
            Period::All(members) | Period::Any(members) => {
                let mut changes = members.iter().map(|member| member.clock_change(start, zone));
                changes.find_map(|change| change)
            }
            Period::Zoned(zoned) => zoned.1.clock_change(start, zoned.0),
            // These follow the time that passes.
            Period::Elapsed(_) | Period::Ticks(_) | Period::Always | Period::Never | Period::Fixed(_) => None,
            period if period.is_sliding() => None,
            period => period.own_clock_change(start, zone),
        }
    }

    fn own_clock_change(&self, start: Timestamp, zone: Zone) -> Option<ClockChange> {
        let (before, reading) = (zone.wall(start.previous()), zone.wall(start));
        if let Moment::Twice(first, _) = zone.moment(reading) {
            let reading = self.names(reading, reading.plus(1))?.naive();
            return Some(if start == first {
                ClockChange::First { reading }
            } else {
                ClockChange::Second { reading }
            });
        }
        let gap = before.plus(1);
        if gap == reading || self.names(reading, reading.plus(1)).is_some() {
            return None;
        }
        let skipped = self.names(gap, reading)?;
        Some(ClockChange::Skipped {
            reading: skipped.naive(),
            instead: reading.naive(),
        })
    }

    /// The first reading from `from` until just before `until` at which an occurrence starts.
    fn names(&self, from: Wall, until: Wall) -> Option<Wall> {
        let [from, until] = [from, until].map(|reading| reading.at_offset(0));
        let mut after = from;
        loop {
            let span = self.own_after(after, Zone::UTC)?;
            if span.start >= from {
                return (span.start < until).then(|| Zone::UTC.wall(span.start));
            }
            after = span.end;
            if after >= until {
                return None;
            }
        }
    }
}
