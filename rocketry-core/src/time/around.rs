//! The occurrences around an instant, cached between calls.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use super::dates::replaced;
use super::period::Period;
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// A period that caches the current occurrence and the start of the next one.
///
/// Equal statements share one cache. Many tasks that are due together ask several times about the same
/// occurrence, which is computed once.
#[derive(Debug)]
pub(crate) struct Remembered {
    period: Period,
    known: Mutex<Option<Known>>,
}

/// The facts that hold at all instants of a span.
#[derive(Clone, Copy, Debug)]
struct Known {
    during: Span,
    zone: Zone,
    /// Whether the span is an occurrence. If not, it contains none.
    occurs: bool,
    /// When the next occurrence starts. Unknown until it is needed.
    next: Option<Timestamp>,
    /// The number of calendar replacements at that time.
    replaced: u64,
}

impl Known {
    fn current(&self) -> Option<Span> {
        self.occurs.then_some(self.during)
    }
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
    /// The occurrences around an instant. Anything that is not cached is computed on demand.
    pub(crate) fn around(&self, at: Timestamp, zone: Zone) -> Around<'_> {
        let (current, next) = match self.known(at, zone) {
            Some((current, next)) => (current, next),
            None => (self.find_current(at, zone), None),
        };
        Around {
            period: self,
            at,
            zone,
            current,
            next,
        }
    }

    /// The current occurrence and the start of the next one, as far as they are cached.
    #[inline]
    fn known(&self, at: Timestamp, zone: Zone) -> Option<(Option<Span>, Option<Timestamp>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        let holds = known.zone == zone && known.during.contains(at) && known.replaced == replaced();
        holds.then(|| (known.current(), known.next))
    }

    fn find_current(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let current = self.span_at(at, zone);
        if let Some(during) = current.filter(|_| self.is_steady()) {
            self.remember(Known {
                during,
                zone,
                occurs: true,
                next: None,
                replaced: replaced(),
            });
        }
        current
    }

    fn remember(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// The occurrences of a period around an instant.
pub(crate) struct Around<'a> {
    period: &'a Remembered,
    at: Timestamp,
    zone: Zone,
    /// The occurrence that contains the instant.
    pub(crate) current: Option<Span>,
    next: Option<Timestamp>,
}

impl Around<'_> {
    /// The end of the occurrence that contains the instant, as far as it ends by time alone.
    pub(crate) fn end(&self) -> Timestamp {
        let end = self.current.map_or(Timestamp::MAX, |current| current.end);
        match () {
            () if self.period.is_steady() => end,
            () if self.period.is_moving() => self.shift(),
            () => end.min(self.shift()),
        }
    }

    /// The start of the next occurrence, after the current one if there is one.
    pub(crate) fn next(&self) -> Timestamp {
        self.next.unwrap_or_else(|| self.find_next())
    }

    fn find_next(&self) -> Timestamp {
        if self.period.is_moving() {
            return self.shift();
        }
        let from = self.current.map_or(self.at, |current| current.end);
        let next = self.period.span_after(from, self.zone);
        let next = next.map(|next| next.start.max(from));
        let start = next.unwrap_or(Timestamp::MAX);
        if !self.period.is_steady() {
            return start.min(self.shift());
        }
        self.period.remember(Known {
            during: self.current.unwrap_or(Span::new(self.at, start)),
            zone: self.zone,
            occurs: self.current.is_some(),
            next: Some(start),
            replaced: replaced(),
        });
        start
    }

    fn shift(&self) -> Timestamp {
        let shift = self.period.next_shift(self.at, self.zone);
        shift.unwrap_or(Timestamp::MAX)
    }
}

impl Period {
    /// Returns true if each instant of an occurrence has the same occurrences around it. This is not the case
    /// for endless rows of overlapping occurrences, and for occurrences relative to the present.
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

    /// The answer is that of the period itself, regardless of earlier calls: through a spring, forwards and
    /// backwards, in two zones.
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
                // Mostly forwards, occasionally back by some hours.
                let ahead = step * HOUR / 8 - (step * 7 % 5) * HOUR;
                let at = Timestamp::from_micros(start.as_micros() + ahead);
                let zone = zones[usize::from(step % 3 == 0)];
                let around = remembered.around(at, zone);
                assert_eq!(
                    around.current,
                    remembered.span_at(at, zone),
                    "{text} at {at} in {zone}"
                );
                if step % 5 > 0 {
                    let fresh = Remembered::from(remembered.period.clone());
                    let next = fresh.around(at, zone).next();
                    assert_eq!(around.next(), next, "{text} at {at} in {zone}");
                }
            }
        }
    }

    #[test]
    fn occurrences_that_hardly_ever_meet_are_looked_for_once() {
        let text = "crontime 0 0 29 2 * & crontime 0 0 * * Mon";
        let period = Remembered::from(Period::compile(&parse_period(text).unwrap()).unwrap());
        let at: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        let next = period.around(at, Zone::UTC).next();
        assert_eq!(next, "2044-02-29T00:00:00Z".parse().unwrap());
        let later = Timestamp::from_micros(next.as_micros() - 1);
        assert_eq!(period.around(later, Zone::UTC).next, Some(next));
    }

    #[test]
    fn occurrences_that_never_meet_are_looked_for_once() {
        let text = "time of day before 08:00 & time of day after 09:00";
        let period = Remembered::from(Period::compile(&parse_period(text).unwrap()).unwrap());
        let at: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(period.around(at, Zone::UTC).next(), Timestamp::MAX);
        let later = "2025-01-01T12:00:00Z".parse().unwrap();
        assert_eq!(period.around(later, Zone::UTC).next, Some(Timestamp::MAX));
    }
}
