//! One field of a cron expression: a list of items.

use std::ops::Range;

use super::item::Item;
use super::role::Role;
use super::sets::{DaysOfMonth, DaysOfWeek};

/// A field that has been checked.
#[derive(Default)]
pub(super) struct Field {
    /// The plain values, as bits.
    pub(super) values: u64,
    /// Whether `*` is among the items.
    pub(super) whole: bool,
    /// Whether it steps through all values: an item is `*` or `*/5`, or the field contains every value.
    pub(super) recurs: bool,
    /// Special days of the month.
    pub(super) of_month: DaysOfMonth,
    /// Special days of the week.
    pub(super) of_week: DaysOfWeek,
}

/// An error within the text of a field.
pub(super) struct Mistake {
    pub(super) range: Range<usize>,
    pub(super) expected: String,
    pub(super) suggestion: Option<String>,
    pub(super) help: Option<String>,
}

impl Field {
    /// A field with a single value.
    pub(super) fn only(value: u8) -> Self {
        Self {
            values: 1 << value,
            ..Self::default()
        }
    }

    pub(super) fn parse(text: &str, role: Role) -> Result<Self, Mistake> {
        let mut field = Self::default();
        let text = if text == "?" && role.is_day() { "*" } else { text };
        for item in text.split(',') {
            Item {
                field: text,
                text: item,
                role,
            }
            .add_to(&mut field)?;
        }
        field.recurs |= field.values == role.all();
        Ok(field)
    }

    /// Adds `*`, or every `step`-th value of it.
    pub(super) fn add_all(&mut self, role: Role, step: Option<u8>) {
        let (least, greatest) = role.values().into_inner();
        self.recurs = true;
        self.whole |= step.is_none();
        self.values |= steps(role, [least, greatest], step.unwrap_or(1));
    }
}

/// Every `step`-th value from the first to the last, wrapping at the maximum if the last is less.
pub(super) fn steps(role: Role, [first, last]: [u8; 2], step: u8) -> u64 {
    let (base, count) = (*role.values().start(), role.count());
    let end = if last < first { last + count } else { last };
    let values = (first..=end).step_by(usize::from(step));
    values.fold(0, |set, value| set | 1 << ((value - base) % count + base))
}
