//! Parses instants as people write them.

use std::fmt;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use rocketry_core::{Timestamp, Zone};
use rocketry_syntax::Delta;

/// The context of an instant: the present, the time zone, and the direction of a bare duration.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The present.
    pub now: Timestamp,
    /// The time zone of dates and times of day.
    pub zone: Zone,
    /// Whether `2h` means two hours ago or in two hours.
    pub side: Side,
}

/// The direction of a bare duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `2h` means two hours ago.
    Past,
    /// `2h` means in two hours.
    Future,
}

/// The error for a text that is not an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInstant {
    text: String,
}

impl fmt::Display for NoInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an instant: expected a date and time such as `2026-01-31 07:00` or `2026-01-31T07:00:00Z`, a date, a \
             time of day such as `07:00`, a length of time such as `2h`, `2h ago` or `in 2h`, or `now`, `today`, \
             `yesterday`, `tomorrow`",
            self.text
        )
    }
}

impl std::error::Error for NoInstant {}

impl Reading {
    /// Parses an instant.
    ///
    /// ```
    /// # use rocketry_api::instant::{Reading, Side};
    /// use rocketry::Zone;
    ///
    /// let reading = Reading {
    ///     now: "2026-03-01T12:00:00Z".parse().unwrap(),
    ///     zone: Zone::UTC,
    ///     side: Side::Past,
    /// };
    /// assert_eq!(reading.instant("2h"), Ok("2026-03-01T10:00:00Z".parse().unwrap()));
    /// assert_eq!(reading.instant("in 2h"), Ok("2026-03-01T14:00:00Z".parse().unwrap()));
    /// assert_eq!(reading.instant("yesterday"), Ok("2026-02-28T00:00:00Z".parse().unwrap()));
    /// assert_eq!(reading.instant("07:30"), Ok("2026-03-01T07:30:00Z".parse().unwrap()));
    /// assert!(reading.instant("yesteday").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error that describes what was expected if the text is not an instant.
    pub fn instant(&self, text: &str) -> Result<Timestamp, NoInstant> {
        let text = text.trim();
        let found = self
            .word(text)
            .or_else(|| {
                text.parse::<chrono::DateTime<chrono::FixedOffset>>()
                    .ok()
                    .map(Timestamp::from)
            })
            .or_else(|| self.on_the_wall(text))
            .or_else(|| self.relative(text));
        found.ok_or_else(|| NoInstant {
            text: text.to_owned(),
        })
    }

    /// Returns the first and the last moment of a text: a date stands for its whole day, anything else for
    /// one instant.
    ///
    /// # Errors
    ///
    /// Returns an error that describes what was expected if the text is not an instant.
    pub fn span(&self, text: &str) -> Result<(Timestamp, Option<Timestamp>), NoInstant> {
        match self.day(text.trim()) {
            Some(day) => Ok((self.midnight(day), Some(self.midnight(next(day))))),
            None => Ok((self.instant(text)?, None)),
        }
    }

    fn today(&self) -> NaiveDate {
        self.zone.local(self.now).date()
    }

    fn midnight(&self, day: NaiveDate) -> Timestamp {
        self.zone.first(day.and_time(NaiveTime::MIN))
    }

    fn word(&self, text: &str) -> Option<Timestamp> {
        if text == "now" {
            return Some(self.now);
        }
        self.day(text).map(|day| self.midnight(day))
    }

    fn day(&self, text: &str) -> Option<NaiveDate> {
        match text {
            "today" => Some(self.today()),
            "yesterday" => self.today().checked_sub_days(Days::new(1)),
            "tomorrow" => Some(next(self.today())),
            date => NaiveDate::parse_from_str(date, "%Y-%m-%d").ok(),
        }
    }

    /// A date and time, or a time of today.
    fn on_the_wall(&self, text: &str) -> Option<Timestamp> {
        const FORMATS: [&str; 4] = [
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M:%S%.f",
        ];
        let both = FORMATS
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let time = || {
            let formats = ["%H:%M", "%H:%M:%S"];
            let time = formats
                .iter()
                .find_map(|format| NaiveTime::parse_from_str(text, format).ok());
            time.map(|time| self.today().and_time(time))
        };
        both.or_else(time).map(|local| self.zone.first(local))
    }

    fn relative(&self, text: &str) -> Option<Timestamp> {
        let (text, side) = if let Some(text) = text.strip_suffix(" ago") {
            (text, Side::Past)
        } else if let Some(text) = text.strip_prefix("in ") {
            (text, Side::Future)
        } else {
            (text, self.side)
        };
        let length: Delta = text.trim().parse().ok()?;
        Some(match side {
            Side::Past => self.now.saturating_sub(length),
            Side::Future => self.now.saturating_add(length),
        })
    }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}
