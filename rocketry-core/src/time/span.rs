//! A stretch of time.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::timestamp::Timestamp;

/// A stretch of time from `start` until just before `end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The first instant.
    pub start: Timestamp,
    /// The first instant that no longer belongs to it.
    pub end: Timestamp,
}

impl Span {
    /// All time.
    pub const ALWAYS: Self = Self {
        start: Timestamp::MIN,
        end: Timestamp::MAX,
    };

    /// Makes a span. It is empty when `end` is not after `start`.
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Tells whether an instant belongs to the span.
    ///
    /// # Examples
    ///
    /// ```
    /// use rocketry::time::{Span, Timestamp};
    ///
    /// let span = Span::new(Timestamp::from_micros(10), Timestamp::from_micros(20));
    /// assert!(span.contains(Timestamp::from_micros(10)));
    /// assert!(!span.contains(Timestamp::from_micros(20)));
    /// ```
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// Tells whether no instant belongs to the span.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// The time that belongs to both spans, if there is any.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).filled()
    }

    /// The span, unless it is empty.
    pub(super) fn filled(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }
}

/// Written as `start` and `end`; `null` is an end that never comes, or a start that always was.
impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Span", 2)?;
        fields.serialize_field("start", &Some(self.start).filter(|start| *start > Timestamp::MIN))?;
        fields.serialize_field("end", &Some(self.end).filter(|end| *end < Timestamp::MAX))?;
        fields.end()
    }
}
