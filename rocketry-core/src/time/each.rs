//! Occurrences of several periods, one after the other: `daily at 06:00, 18:00`.

use std::cmp::Reverse;
use std::sync::Arc;

use super::period::Period;
use super::span::Span;
use super::timestamp::Timestamp;
use super::zone::Zone;

/// Several periods. An occurrence is one of a member, which ends where the next one starts.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Each(Arc<[Period]>);

impl Each {
    pub(super) fn new(members: Vec<Period>) -> Self {
        Self(members.into())
    }

    pub(super) fn members(&self) -> &[Period] {
        &self.0
    }

    /// The latest occurrence that starts at `at` or earlier.
    pub(super) fn before(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let spans = self.0.iter().filter_map(|member| member.own_before(at, zone));
        spans
            .max_by_key(|span| (span.start, span.end))
            .map(|span| self.cut(span, zone))
    }

    /// The earliest occurrence that ends after `at`.
    pub(super) fn after(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let current = self.before(at, zone).filter(|span| span.end > at);
        current.or_else(|| self.next(at, zone).map(|span| self.cut(span, zone)))
    }

    /// The occurrence as long as it is until the next one starts.
    fn cut(&self, span: Span, zone: Zone) -> Span {
        let next = self.next(span.start, zone);
        let end = next.map_or(span.end, |next| span.end.min(next.start));
        Span::new(span.start, end)
    }

    /// The first occurrence of a member that starts after `at`; the longest one, if several do.
    fn next(&self, at: Timestamp, zone: Zone) -> Option<Span> {
        let spans = self.0.iter().filter_map(|member| {
            let span = member.own_after(at, zone)?;
            if span.start > at {
                return Some(span);
            }
            member.own_after(span.end, zone)
        });
        spans.min_by_key(|span| (span.start, Reverse(span.end)))
    }
}
