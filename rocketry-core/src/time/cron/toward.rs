//! The two directions of a search.

use crate::time::timestamp::Timestamp;

/// Where a search goes from an instant, before which lies the past.
#[derive(Clone, Copy)]
pub(super) enum Toward {
    Past,
    Future,
}

impl Toward {
    pub(super) const fn step(self) -> i64 {
        match self {
            Self::Past => -1,
            Self::Future => 1,
        }
    }

    /// The instant that comes first, where what lies behind begins at `border`.
    pub(super) const fn first_from(self, border: Timestamp) -> Timestamp {
        match self {
            Self::Past => border.previous(),
            Self::Future => border,
        }
    }

    /// Whether an instant is one of those that come from `first` on.
    pub(super) fn reaches(self, first: Timestamp, at: Timestamp) -> bool {
        match self {
            Self::Past => at <= first,
            Self::Future => at >= first,
        }
    }

    /// Two instants as they come.
    pub(super) const fn ordered(self, [earlier, later]: [Timestamp; 2]) -> [Timestamp; 2] {
        match self {
            Self::Past => [later, earlier],
            Self::Future => [earlier, later],
        }
    }

    /// The whole number of seconds that comes first.
    pub(super) const fn second(self, micros: i64) -> i64 {
        match self {
            Self::Past => micros.div_euclid(1_000_000),
            Self::Future => (micros + 999_999).div_euclid(1_000_000),
        }
    }

    /// The value of a set that comes first. There has to be one.
    pub(super) fn first(self, set: u64) -> i64 {
        i64::from(match self {
            Self::Past => set.ilog2(),
            Self::Future => set.trailing_zeros(),
        })
    }

    /// The value of a set that comes first from `from` on, which is at least -1.
    pub(super) fn nearest(self, set: u64, from: i64) -> Option<i64> {
        let rest = match self {
            Self::Past => set & !(u64::MAX << (from + 1)),
            Self::Future => set >> from.max(0) << from.max(0),
        };
        (rest != 0).then(|| self.first(rest))
    }
}
