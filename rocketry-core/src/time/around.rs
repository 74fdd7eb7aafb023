//! The occurrences around an instant, remembered from one question to the next.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use super::period::Period;
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// A period that remembers the occurrence at hand and the start of the next.
///
/// Equal statements share one: of many tasks that are due together, each asks several times about the same occurrence,
/// which is worked out once.
#[derive(Debug)]
pub(crate) struct Remembered {
    period: Period,
    known: Mutex<Option<Known>>,
}

/// What holds at all instants of a span.
#[derive(Clone, Copy, Debug)]
struct Known {
    during: Span,
    zone: Zone,
    current: Option<Span>,
    /// When the next occurrence starts; not known before somebody asks.
    next: Option<Timestamp>,
}

impl From<Period> for Remembered {
    fn from(period: Period) -> Self {
        let known = Mutex::default();
        Remembered { period, known }
    }
}

impl Deref for Remembered {
    type Target = Period;

    fn deref(&self) -> &Period {
        &self.period
    }
}

impl Remembered {
    /// The occurrence that contains an instant.
    pub(crate) fn current(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        if let Some(known) = self.known(at, zone) {
            return known.current;
        }
        let current = self.span_at(at, zone);
        if let Some(during) = current.filter(|_| self.is_steady()) {
            self.remember(Known {
                during,
                zone,
                current,
                next: None,
            });
        }
        current
    }

    /// Until when the occurrence lasts that contains an instant, as far as the passing of time alone ends it.
    pub(crate) fn end(&self, current: Span, at: Timestamp, zone: Zone) -> Timestamp {
        match () {
            () if self.is_steady() => current.end,
            () if self.is_moving() => self.shift(at, zone),
            () => current.end.min(self.shift(at, zone)),
        }
    }

    /// When the next occurrence starts, after the one that contains an instant if there is one.
    pub(crate) fn next(&self, current: Option<Span>, at: Timestamp, zone: Zone) -> Timestamp {
        if let Some(next) = self.known(at, zone).and_then(|known| known.next) {
            return next;
        }
        if self.is_moving() {
            return self.shift(at, zone);
        }
        let from = current.map_or(at, |current| current.end);
        let next = self.span_after(from, zone).map(|next| next.start.max(from));
        match next.filter(|_| self.is_steady()) {
            Some(next) => {
                self.remember(Known {
                    during: current.unwrap_or(Span::new(at, next)),
                    zone,
                    current,
                    next: Some(next),
                });
                next
            }
            None => next.unwrap_or(Timestamp::MAX).min(self.shift(at, zone)),
        }
    }

    fn shift(&self, at: Timestamp, zone: Zone) -> Timestamp {
        self.next_shift(at, zone).unwrap_or(Timestamp::MAX)
    }

    fn known(&self, at: Timestamp, zone: Zone) -> Option<Known> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|known| known.zone == zone && known.during.contains(at))
    }

    fn remember(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

impl Period {
    /// Whether each instant of an occurrence has the same occurrences around it. Rows of overlapping ones without an end
    /// have not, and what goes along with the present has not.
    pub(crate) fn is_steady(&self) -> bool {
        match self {
            Period::All(members) => members.iter().all(Period::is_steady),
            Period::Any(_) => false,
            period => !period.is_sliding(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rocketry_syntax::parse_period;

    use super::*;

    const HOUR: i64 = 3_600_000_000;

    /// Whatever was asked before, the answer is the period's own: through a spring, there and back, in two zones.
    #[test]
    fn what_is_remembered_is_what_the_period_says() {
        let zones: Vec<Zone> = ["UTC", "Europe/Helsinki"]
            .map(|name| name.parse().unwrap())
            .into();
        let start: Timestamp = "2024-03-28T20:00:00Z".parse().unwrap();
        for text in [
            "time of day between 02:30 and 03:30",
            "time of day starting 03:15",
            "time of week on Sunday & time of day after 22:00",
            "time of hour before 20:00 & time of day between 10:00 and 04:00",
            "time of month on 31st | time of day before 01:00",
            "crontime */20 3 * * *",
            "crontime 30 2 31 3 *",
            "past 90 minutes & time of day after 12:00",
        ] {
            let remembered = Remembered::from(Period::compile(&parse_period(text).unwrap()).unwrap());
            for step in 0..2_000_i64 {
                // Mostly on, now and then back by some hours.
                let ahead = step * HOUR / 8 - (step * 7 % 5) * HOUR;
                let at = Timestamp::from_micros(start.as_micros() + ahead);
                let zone = zones[usize::from(step % 3 == 0)];
                let current = remembered.current(at, zone);
                assert_eq!(current, remembered.span_at(at, zone), "{text} at {at} in {zone}");
                if step % 5 > 0 {
                    let fresh = Remembered::from(remembered.period.clone());
                    let next = remembered.next(current, at, zone);
                    assert_eq!(next, fresh.next(current, at, zone), "{text} at {at} in {zone}");
                }
            }
        }
    }

    #[test]
    fn occurrences_that_hardly_ever_meet_are_looked_for_once() {
        let text = "crontime 0 0 29 2 * & crontime 0 0 * * Mon";
        let period = Remembered::from(Period::compile(&parse_period(text).unwrap()).unwrap());
        let at: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        let next = period.next(None, at, Zone::UTC);
        assert_eq!(next, "2044-02-29T00:00:00Z".parse().unwrap());
        let known = period.known(at, Zone::UTC).expect("it is remembered");
        assert_eq!((known.during, known.next), (Span::new(at, next), Some(next)));
    }
}
