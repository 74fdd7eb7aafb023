//! The questions that a period answers.

use super::occurrence::ahead;
use super::period::Period;
use super::search::{Search, Sliding};
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

impl Period {
    /// Tells whether an instant belongs to the period. Sliding windows are seen from that same instant.
    pub fn contains(&self, at: Timestamp, zone: Zone) -> bool {
        match self {
            Self::Always => true,
            Self::All(members) => members.iter().all(|member| member.contains(at, zone)),
            Self::Any(members) => members.iter().any(|member| member.contains(at, zone)),
            _ => self.span_at(at, zone).is_some(),
        }
    }

    /// Tells whether an instant belongs to the period, sliding windows being seen from `now`.
    ///
    /// # Examples
    ///
    /// ```
    /// use rocketry::time::{Period, Timestamp, Zone};
    /// use rocketry_syntax::ast::Delta;
    ///
    /// let period = Period::Past(Delta(10));
    /// let now = Timestamp::from_micros(100);
    /// assert!(period.contains_from(Timestamp::from_micros(91), now, Zone::UTC));
    /// assert!(!period.contains_from(Timestamp::from_micros(90), now, Zone::UTC));
    /// ```
    pub fn contains_from(&self, at: Timestamp, now: Timestamp, zone: Zone) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.contains_from(at, now, zone)),
            Self::Any(members) => members.iter().any(|member| member.contains_from(at, now, zone)),
            Self::Age(age) if at > now => ahead(*age, now).contains(at),
            _ => self
                .window(now)
                .map_or_else(|| self.contains(at, zone), |window| window.contains(at)),
        }
    }

    /// The occurrence that contains an instant.
    pub fn span_at(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).at(self, at)
    }

    /// The latest occurrence that starts at `at` or earlier, uncut: it may reach beyond `at`.
    pub fn span_before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).before(self, at)
    }

    /// The earliest occurrence that ends after `at`, uncut: it may have started already.
    pub fn span_after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).after(self, at)
    }

    /// The earliest instant after `at` at which an occurrence starts or ends; `None` is never.
    ///
    /// Sliding windows go along with the instant and so never change.
    pub fn next_change(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let span = Search::new(zone, Sliding::Along).after(self, at)?;
        let change = if span.start > at { span.start } else { span.end };
        (change < Timestamp::MAX).then_some(change)
    }
}
