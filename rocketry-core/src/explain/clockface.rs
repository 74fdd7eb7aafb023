//! Instants and durations in words.

use std::fmt::Write;
use std::time::Duration;

use crate::time::{Timestamp, Zone};

/// The units of a duration in words, from the longest, in milliseconds.
const UNITS: [(u128, &str); 5] = [
    (86_400_000, "d"),
    (3_600_000, "h"),
    (60_000, "min"),
    (1000, "s"),
    (1, "ms"),
];

/// The clock and time zone of the reader of an explanation. Instants are shown in that zone and relative to
/// the present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clockface {
    pub(super) now: Timestamp,
    pub(super) zone: Zone,
}

impl Clockface {
    /// `07:00:00`, with the date unless it is today.
    pub(super) fn instant(self, at: Timestamp) -> String {
        let (local, today) = (self.zone.local(at), self.zone.local(self.now));
        let format = if local.date() == today.date() {
            "%H:%M:%S"
        } else {
            "%Y-%m-%d %H:%M:%S"
        };
        local.format(format).to_string()
    }

    /// `in 3 h 12 min`, `4 min ago`, `now`.
    pub(super) fn distance(self, at: Timestamp) -> String {
        match at {
            at if at > self.now => format!("in {}", length(at.since(self.now))),
            at if at < self.now => format!("{} ago", length(self.now.since(at))),
            _ => "now".to_owned(),
        }
    }

    /// `07:00:00 (in 3 h 12 min)`.
    pub(super) fn both(self, at: Timestamp) -> String {
        format!("{} ({})", self.instant(at), self.distance(at))
    }
}

/// The two longest units of a duration: `3 h 12 min`. Less than a minute is shown in seconds: `4.1 s`, `44
/// s`.
pub(super) fn length(length: Duration) -> String {
    let mut left = length.as_millis();
    match left {
        1000..10_000 if left % 1000 >= 100 => return format!("{}.{} s", left / 1000, left % 1000 / 100),
        1000..60_000 => return format!("{} s", left / 1000),
        _ => {}
    }
    let mut text = String::new();
    let first = UNITS.iter().position(|(unit, _)| left >= *unit);
    let Some(first) = first else {
        return "less than 1 ms".to_owned();
    };
    for (unit, name) in UNITS.iter().skip(first).take(2) {
        let count = left / unit;
        left %= unit;
        if count > 0 {
            let blank = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{blank}{count} {name}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Clockface, length};

    #[test]
    fn a_length_has_its_two_longest_units() {
        let cases = [
            (0, "less than 1 ms"),
            (999, "999 ms"),
            (1000, "1 s"),
            (4131, "4.1 s"),
            (44_113, "44 s"),
            (61_500, "1 min 1 s"),
            (3 * 3_600_000 + 12 * 60_000 + 59_000, "3 h 12 min"),
            (2 * 86_400_000 + 5000, "2 d"),
        ];
        for (millis, text) in cases {
            assert_eq!(length(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn an_instant_of_another_day_has_its_date() {
        let at = |text: &str| text.parse().unwrap();
        let face = Clockface {
            now: at("2026-01-01T23:30:00Z"),
            zone: "Europe/Helsinki".parse().unwrap(),
        };
        assert_eq!(face.both(at("2026-01-02T05:00:00Z")), "07:00:00 (in 5 h 30 min)");
        assert_eq!(
            face.both(at("2026-01-01T21:59:59Z")),
            "2026-01-01 23:59:59 (1 h 30 min ago)"
        );
        assert_eq!(face.both(face.now), "01:30:00 (now)");
    }
}
