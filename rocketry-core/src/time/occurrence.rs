//! The occurrences of periods other than sets, and the windows of periods that move with the present.

use std::cmp::Reverse;
use std::ops::Range;

use rocketry_syntax::ast::Age;

use super::period::{Each, Period};
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// The instants at which the calendar is known: some 36 000 years around 1970. Nothing repeats beyond.
const KNOWN: Range<Timestamp> = Timestamp::from_micros(-(1 << 60))..Timestamp::from_micros(1 << 60);

impl Period {
    /// The window of a sliding period as seen from `now`.
    pub(super) fn window(&self, now: Timestamp) -> Option<Span> {
        match *self {
            Self::Past(delta) => Some(Span::new(now.saturating_sub(delta).next(), now.next())),
            Self::Delta { past, future } => Some(Span::new(
                now.saturating_sub(past),
                now.saturating_add(future).next(),
            )),
            Self::Age(age) => {
                let start = age
                    .less_than
                    .map_or(Timestamp::MIN, |far| now.saturating_sub(far));
                let end = now.saturating_sub(age.more_than.unwrap_or_default()).next();
                Some(Span::new(start, end))
            }
            _ => None,
        }
    }

    /// The latest own occurrence that starts at `at` or earlier. Sets and sliding periods have none.
    pub(super) fn own_before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        match self {
            Self::Always => Some(Span::ALWAYS),
            Self::Fixed(span) => span.filled().filter(|span| span.start <= at),
            Self::Stretch(stretch) => stretch.span(zone).filter(|span| span.start <= at),
            _ if !KNOWN.contains(&at) => None,
            Self::Elapsed(window) => window.before(at, zone),
            Self::Calendar(window) => window.before(at, zone),
            Self::Cron(cron) => Some(cron.before(at, zone)),
            Self::Series(series) => series.before(at, zone),
            Self::Each(each) => each.before(at, zone),
            Self::Steps(steps) => steps.before(at, zone),
            Self::Ticks(ticks) => ticks.before(at, zone),
            Self::Zoned(zoned) => zoned.1.own_before(at, zoned.0),
            _ => None,
        }
    }

    /// The earliest own occurrence that ends after `at`. Sets and sliding periods have none.
    pub(super) fn own_after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        match self {
            Self::Always => Some(Span::ALWAYS),
            Self::Fixed(span) => span.filled().filter(|span| span.end > at),
            Self::Stretch(stretch) => stretch.span(zone).filter(|span| span.end > at),
            _ if !KNOWN.contains(&at) => None,
            Self::Elapsed(window) => window.after(at, zone),
            Self::Calendar(window) => window.after(at, zone),
            Self::Cron(cron) => Some(cron.after(at, zone)),
            Self::Series(series) => series.after(at, zone),
            Self::Each(each) => each.after(at, zone),
            Self::Steps(steps) => steps.after(at, zone),
            Self::Ticks(ticks) => ticks.after(at, zone),
            Self::Zoned(zoned) => zoned.1.own_after(at, zoned.0),
            _ => None,
        }
    }
}

/// The occurrences of several periods in sequence: `daily at 06:00, 18:00`.
impl Each {
    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let spans = self
            .members()
            .iter()
            .filter_map(|member| member.own_before(at, zone));
        spans
            .max_by_key(|span| (span.start, span.end))
            .map(|span| self.cut(span, zone))
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let current = self.before(at, zone).filter(|span| span.end > at);
        current.or_else(|| self.next(at, zone).map(|span| self.cut(span, zone)))
    }

    /// The occurrence, cut where the next one starts.
    fn cut(&self, span: Span, zone: Zone) -> Span {
        let next = self.next(span.start, zone);
        let end = next.map_or(span.end, |next| span.end.min(next.start));
        Span::new(span.start, end)
    }

    /// The first occurrence of a member that starts after `at`; the longest one, if several do.
    fn next(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let spans = self.members().iter().filter_map(|member| {
            let span = member.own_after(at, zone)?;
            if span.start > at {
                return Some(span);
            }
            member.own_after(span.end, zone)
        });
        spans.min_by_key(|span| (span.start, Reverse(span.end)))
    }
}

/// The window of an age when looking ahead.
pub(super) fn ahead(age: Age, now: Timestamp) -> Span {
    let start = now.saturating_add(age.more_than.unwrap_or_default());
    let end = age
        .less_than
        .map_or(Timestamp::MAX, |far| now.saturating_add(far).next());
    Span::new(start, end)
}
