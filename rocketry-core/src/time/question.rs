//! Questions about a period.

use super::occurrence::ahead;
use super::period::Period;
use super::search::{Search, Sliding};
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

impl Period {
    /// Returns whether the period contains an instant. Sliding windows are relative to that same instant.
    pub fn contains(&self, at: Timestamp, zone: Zone) -> bool {
        match self {
            Self::Always => true,
            Self::All(members) => members.iter().all(|member| member.contains(at, zone)),
            Self::Any(members) => members.iter().any(|member| member.contains(at, zone)),
            _ => self.span_at(at, zone).is_some(),
        }
    }

    /// Returns whether the period contains an instant. Sliding windows are relative to `now`.
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

    /// Returns the occurrence that contains an instant.
    pub fn span_at(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).at(self, at)
    }

    /// Returns the latest occurrence that starts at `at` or earlier, uncut: it may extend beyond `at`.
    pub fn span_before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).before(self, at)
    }

    /// Returns the earliest occurrence that ends after `at`, uncut: it may have started already.
    pub fn span_after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        Search::new(zone, Sliding::Seen).after(self, at)
    }

    /// Returns the earliest instant after `at` at which an occurrence starts or ends, or `None` if there is
    /// none.
    ///
    /// Sliding windows move with the instant and so never change.
    pub fn next_change(&self, at: Timestamp, zone: Zone) -> Option<Timestamp> {
        let span = Search::new(zone, Sliding::Along).after(self, at)?;
        let change = if span.start > at { span.start } else { span.end };
        (change < Timestamp::MAX).then_some(change)
    }
}
