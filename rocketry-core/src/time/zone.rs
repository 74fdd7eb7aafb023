//! A time zone.

use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use rocketry_syntax::ast::Delta;
use rocketry_syntax::suggest;

use super::timestamp::Timestamp;
use super::wall::{Moment, Wall, first_where};

/// A day, in microseconds. No clock changes twice within a day.
const DAY: u64 = 24 * 60 * 60 * 1_000_000;

/// More than any wall clock has ever differed from UTC, and more than any change.
const SWING: i64 = 26 * 60 * 60 * 1_000_000;

/// A time zone of the IANA database.
///
/// # Examples
///
/// ```
/// use rocketry::time::Zone;
///
/// let zone: Zone = "Europe/Helsinki".parse()?;
/// let noon = "2024-07-01T12:00:00".parse()?;
/// assert_eq!(zone.first(noon), "2024-07-01T09:00:00Z".parse()?);
///
/// let error = "Europe/Helsinky".parse::<Zone>().unwrap_err();
/// assert!(error.to_string().contains("Europe/Helsinki"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Zone(Tz);

/// A change of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClockJump {
    pub(crate) at: Timestamp,
    /// The readings that are skipped or repeated.
    pub(crate) readings: Range<NaiveDateTime>,
    /// Whether they are skipped.
    pub(crate) forward: bool,
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Returns the zone of the system, or UTC if it is unknown.
    pub fn system() -> Self {
        let name = iana_time_zone::get_timezone().ok();
        name.and_then(|name| name.parse().ok()).unwrap_or(Self::UTC)
    }

    /// Returns the zone as a `chrono-tz` zone.
    pub const fn tz(self) -> Tz {
        self.0
    }

    /// Returns the reading of the wall clock at an instant.
    pub fn local(self, at: Timestamp) -> NaiveDateTime {
        at.in_zone(&self).naive_local()
    }

    /// Returns the first instant at which the wall clock reads `local`. If the clock skips that reading,
    /// returns the first instant after the gap.
    pub fn first(self, local: NaiveDateTime) -> Timestamp {
        self.moment(Wall::from(local)).first()
    }

    /// Returns the last instant at which the wall clock reads `local`. If the clock skips that reading,
    /// returns the first instant after the gap.
    pub fn last(self, local: NaiveDateTime) -> Timestamp {
        self.moment(Wall::from(local)).last()
    }

    /// How far the wall clock is ahead of UTC, in microseconds.
    pub(super) fn offset(self, at: Timestamp) -> i64 {
        if self == Self::UTC {
            return 0;
        }
        micros(&self.0.offset_from_utc_datetime(&at.to_utc().naive_utc()))
    }

    /// The changes of the clock from one instant until another.
    pub(crate) fn clock_jumps(self, from: Timestamp, until: Timestamp) -> Vec<ClockJump> {
        let mut jumps = Vec::new();
        let mut before = from;
        while before < until {
            let after = before.saturating_add(Delta(DAY)).min(until);
            let [old, new] = [before, after].map(|at| self.offset(at));
            if old != new {
                let at = first_where(before, after, |at| self.offset(at) != old);
                let (first, last) = (self.local(at), Wall::on(at, old).naive());
                jumps.push(ClockJump {
                    at,
                    readings: first.min(last)..first.max(last),
                    forward: new > old,
                });
            }
            before = after;
        }
        jumps
    }

    /// What the wall clock reads at an instant.
    pub(super) fn wall(self, at: Timestamp) -> Wall {
        Wall::on(at, self.offset(at))
    }

    /// The instants of a reading of the wall clock.
    pub(super) fn moment(self, wall: Wall) -> Moment {
        if self == Self::UTC {
            return Moment::Once(wall.at_offset(0));
        }
        let instant = |offset| wall.at_offset(micros(&offset));
        match self.0.offset_from_local_datetime(&wall.naive()) {
            chrono::LocalResult::Single(offset) => Moment::Once(instant(offset)),
            chrono::LocalResult::Ambiguous(first, last) => Moment::Twice(instant(first), instant(last)),
            chrono::LocalResult::None => Moment::Skipped(self.end_of_gap(wall)),
        }
    }

    fn end_of_gap(self, wall: Wall) -> Timestamp {
        let (before, after) = (wall.at_offset(SWING), wall.at_offset(-SWING));
        first_where(before, after, |at| self.wall(at) >= wall)
    }
}

impl Timestamp {
    /// Returns the instant in a zone, clamped like [`to_utc`](Self::to_utc) and by one more day, so that
    /// clocks ahead of UTC or behind it can show it too.
    pub fn in_zone(self, zone: &Zone) -> DateTime<chrono_tz::Tz> {
        let room = TimeDelta::microseconds(SWING);
        let (first, last) = (NaiveDateTime::MIN + room, NaiveDateTime::MAX - room);
        zone.tz()
            .from_utc_datetime(&self.to_utc().naive_utc().clamp(first, last))
    }
}

fn micros(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()) * 1_000_000
}

/// Serialised as the name of the zone.
impl serde::Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Deserialized from the name.
impl<'de> serde::Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::choice::read(from)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self).map_err(|_| UnknownZone::new(name))
    }
}

/// Finds a zone by its name, like [`FromStr`].
impl TryFrom<&str> for Zone {
    type Error = UnknownZone;

    fn try_from(name: &str) -> Result<Self, Self::Error> {
        name.parse()
    }
}

/// The error for an unknown name of a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone {
    name: String,
    nearest: Option<&'static str>,
}

impl UnknownZone {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nearest: nearest(name),
        }
    }

    /// Returns the most similar zone name, if any.
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no time zone '{}'", self.name)?;
        self.nearest
            .map_or(Ok(()), |name| write!(f, ": did you mean '{name}'?"))
    }
}

impl Error for UnknownZone {}

/// The zone with the most similar name. The city alone suffices.
fn nearest(name: &str) -> Option<&'static str> {
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    suggest::nearest(name, names()).or_else(|| {
        let meant = suggest::nearest(name, names().map(city))?;
        names().find(|name| city(name) == meant)
    })
}
