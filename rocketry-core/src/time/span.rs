//! A time span.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::timestamp::Timestamp;

/// A time span from `start` until just before `end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The first instant.
    pub start: Timestamp,
    /// The end, exclusive.
    pub end: Timestamp,
}

impl Span {
    /// All time.
    pub const ALWAYS: Self = Self {
        start: Timestamp::MIN,
        end: Timestamp::MAX,
    };

    /// Creates a span. It is empty if `end` is not after `start`.
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Returns whether an instant lies in the span.
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

    /// Returns whether the span contains no instant.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Returns the intersection of both spans, if there is one.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).filled()
    }

    /// The span, if it is not empty.
    pub(super) fn filled(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }
}

/// Serialised as `start` and `end`; `null` represents an unlimited end or start.
impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Span", 2)?;
        fields.serialize_field("start", &Some(self.start).filter(|start| *start > Timestamp::MIN))?;
        fields.serialize_field("end", &Some(self.end).filter(|end| *end < Timestamp::MAX))?;
        fields.end()
    }
}
