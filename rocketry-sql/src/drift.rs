//! How far the instants of a record are from its number, which is roughly the instant at which it was made.
//!
//! A record is made when a run starts or ends, so its run was due and started shortly before. The greatest
//! distance seen is stored, so a range of such instants maps to a range of numbers.

use rocketry_core::Record;
use rocketry_core::time::{Span, Timestamp};

/// The limit of record numbers, far below that of the type.
pub(crate) const LAST_PLACE: i64 = 1 << 62;

/// The greatest distance between the instants of one kind and the numbers of their records, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drift {
    pub(crate) ahead: i64,
    pub(crate) behind: i64,
}

/// The drifts of all instants of a record. The creation is never ahead of the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drifts {
    pub(crate) created: Drift,
    pub(crate) due: Drift,
    pub(crate) start: Drift,
}

/// The columns of the drifts, in the order of [`Drifts::of`].
pub(crate) const COLUMNS: &str = "skew, due_ahead, due_behind, start_ahead, start_behind";

impl Drift {
    /// Takes an instant into account. Values grow to the next power of two, so that they change rarely.
    fn note(&mut self, at: Timestamp, number: i64) {
        let behind = number.saturating_sub(at.as_micros());
        if behind > self.behind {
            self.behind = ceiling(behind);
        }
        // Negative if the instant is behind.
        let ahead = at.as_micros().saturating_sub(number);
        if ahead > self.ahead {
            self.ahead = ceiling(ahead);
        }
    }

    /// The lowest and highest number that a record with such an instant can have.
    pub(crate) fn numbers(self, span: Span) -> (i64, i64) {
        let first = span.start.as_micros().min(LAST_PLACE);
        let last = span.end.as_micros().saturating_sub(1);
        let lowest = if span.start > Timestamp::MIN {
            first.saturating_sub(self.ahead)
        } else {
            i64::MIN
        };
        let highest = if span.end < Timestamp::MAX {
            last.saturating_add(self.behind)
        } else {
            i64::MAX
        };
        (lowest, highest)
    }
}

fn ceiling(length: i64) -> i64 {
    let power = length.unsigned_abs().checked_next_power_of_two();
    power
        .and_then(|power| i64::try_from(power).ok())
        .unwrap_or(i64::MAX)
}

impl Drifts {
    pub(crate) fn note(&mut self, record: &Record, number: i64) {
        self.created.note(record.created, number);
        self.due.note(record.due, number);
        self.start.note(record.start, number);
    }

    /// Creates the drifts from their columns.
    pub(crate) fn of([skew, due_ahead, due_behind, start_ahead, start_behind]: [i64; 5]) -> Self {
        let drift = |ahead, behind| Drift { ahead, behind };
        Drifts {
            created: drift(0, skew),
            due: drift(due_ahead, due_behind),
            start: drift(start_ahead, start_behind),
        }
    }

    pub(crate) fn columns(self) -> [i64; 5] {
        let Drifts { created, due, start } = self;
        [created.behind, due.ahead, due.behind, start.ahead, start.behind]
    }
}

#[cfg(test)]
mod tests {
    use rocketry_core::time::{Span, Timestamp};

    use super::Drift;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    #[test]
    fn a_range_of_instants_is_a_wider_range_of_numbers() {
        let mut drift = Drift::default();
        let span = Span::new(at(1000), at(2000));
        assert_eq!(drift.numbers(span), (1000, 1999));
        drift.note(at(500), 505);
        drift.note(at(500), 497);
        assert_eq!(drift, Drift { ahead: 4, behind: 8 });
        assert_eq!(drift.numbers(span), (996, 2007));
        assert_eq!(drift.numbers(Span::ALWAYS), (i64::MIN, i64::MAX));
    }

    #[test]
    fn what_is_far_off_admits_all() {
        let mut drift = Drift::default();
        drift.note(Timestamp::MIN, 1 << 60);
        drift.note(Timestamp::MAX, 1);
        let (lowest, highest) = drift.numbers(Span::new(at(1000), at(2000)));
        assert!(lowest < 1 && highest == i64::MAX, "{lowest}, {highest}");
    }
}
