//! An instant.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use rocketry_syntax::ast::Delta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: microseconds since the Unix epoch, in UTC.
///
/// # Examples
///
/// ```
/// use rocketry::time::Timestamp;
///
/// let at: Timestamp = "2024-02-29T12:00:00Z".parse()?;
/// assert_eq!(at.as_micros(), 1_709_208_000_000_000);
/// assert_eq!(at.to_string(), "2024-02-29T12:00:00.000000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant. In a span, it represents an unlimited start.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest instant. It also represents "never".
    pub const MAX: Self = Self(i64::MAX);

    /// Creates an instant from microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the instant `delta` later, or [`MAX`](Self::MAX).
    #[must_use]
    pub const fn saturating_add(self, delta: Delta) -> Self {
        Self(self.0.saturating_add_unsigned(delta.0))
    }

    /// Returns the instant `delta` earlier, or [`MIN`](Self::MIN).
    #[must_use]
    pub const fn saturating_sub(self, delta: Delta) -> Self {
        Self(self.0.saturating_sub_unsigned(delta.0))
    }

    /// Returns the duration since `earlier`, or zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        if self.0 <= earlier.0 {
            return Duration::ZERO;
        }
        Duration::from_micros(self.0.abs_diff(earlier.0))
    }

    /// Returns the instant as a `chrono` date and time, clamped to the range of `chrono`.
    pub fn to_utc(self) -> DateTime<Utc> {
        let limit = if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        };
        DateTime::from_timestamp_micros(self.0).unwrap_or(limit)
    }

    /// The instant on a clock that was set by a number of microseconds. `MIN` and `MAX` are unchanged.
    pub(crate) const fn shifted(self, micros: i64) -> Self {
        match self {
            Self::MIN | Self::MAX => self,
            Self(at) => Self(at.saturating_add(micros)),
        }
    }

    /// The next instant.
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The instant before.
    pub(super) const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    fn from(at: DateTime<Tz>) -> Self {
        Self(at.timestamp_micros())
    }
}

impl From<SystemTime> for Timestamp {
    fn from(at: SystemTime) -> Self {
        let micros = |distance: Duration| i64::try_from(distance.as_micros()).unwrap_or(i64::MAX);
        match at.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self(micros(after)),
            Err(before) => Self(-micros(before.duration())),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// Same as [`Display`](fmt::Display), so that records are readable.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Serialised as RFC 3339 in UTC, such as `2024-02-29T12:00:00.000000Z`.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Deserialized from RFC 3339.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    /// Parses RFC 3339 (`2024-02-29T12:00:00+02:00`). A text without an offset is in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let with_offset = DateTime::parse_from_rfc3339(text).map(Self::from);
        with_offset
            .or_else(|_| {
                text.parse::<NaiveDateTime>()
                    .map(|naive| Self::from(naive.and_utc()))
            })
            .map_err(|_| InvalidTimestamp {
                text: text.to_owned(),
            })
    }
}

/// Parses a text like [`FromStr`].
impl TryFrom<&str> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The error for a text that is not an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp {
    text: String,
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "'{}' is not an instant such as '2024-02-29T12:00:00Z'",
            self.text
        )
    }
}

impl Error for InvalidTimestamp {}
