//! Readable instants, in the zone of a task and relative to the present.

use std::cmp::Ordering;
use std::time::Duration;

use chrono::Datelike;
use rocketry_core::{Timestamp, Zone};

use super::length::length;

/// Instants closer than this are shown as now.
const NOW: Duration = Duration::from_millis(100);

/// The present, and the zone in which instants are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When {
    pub(crate) now: Timestamp,
    pub(crate) zone: Zone,
}

impl When {
    /// A short form of an instant: `07:00:00` today, `Fri 07:00:00` within six days, otherwise with the date.
    pub(crate) fn short(self, at: Timestamp) -> String {
        let (there, here) = (at.in_zone(&self.zone), self.now.in_zone(&self.zone));
        let days = there.date_naive().num_days_from_ce() - here.date_naive().num_days_from_ce();
        let format = match days {
            0 => "%H:%M:%S",
            -6..=6 => "%a %H:%M:%S",
            _ if there.year() == here.year() => "%b %d %H:%M",
            _ => "%Y-%m-%d %H:%M",
        };
        there.format(format).to_string()
    }

    /// A short form of an instant, with its zone unless it is the usual one.
    pub(crate) fn short_in(self, at: Timestamp, usual: Zone) -> String {
        let short = self.short(at);
        if self.zone == usual {
            return short;
        }
        format!("{short} {}", at.in_zone(&self.zone).format("%Z"))
    }

    /// An instant with its date and zone: `Fri 2026-01-02 07:00:00 CET`.
    pub(crate) fn full(self, at: Timestamp) -> String {
        let there = at.in_zone(&self.zone);
        let format = if at.as_micros() % 1_000_000 == 0 {
            "%a %Y-%m-%d %H:%M:%S %Z"
        } else {
            "%a %Y-%m-%d %H:%M:%S%.3f %Z"
        };
        there.format(format).to_string()
    }

    /// The distance of an instant: `in 3h 12m`, `4m ago`, `now`.
    pub(crate) fn relative(self, at: Timestamp) -> String {
        let distance = at.since(self.now).max(self.now.since(at));
        match at.cmp(&self.now) {
            _ if distance < NOW => "now".to_owned(),
            Ordering::Greater => format!("in {}", length(at.since(self.now))),
            Ordering::Less => format!("{} ago", length(self.now.since(at))),
            Ordering::Equal => "now".to_owned(),
        }
    }

    /// An instant with its date, zone and distance.
    pub(crate) fn both(self, at: Timestamp) -> String {
        format!("{} ({})", self.full(at), self.relative(at))
    }
}
