//! One field of a cron expression.

use std::ops::Range;

use super::role::Role;
use super::sets::{DaysOfMonth, DaysOfWeek};
use crate::suggest::nearest;

const WEEKS: [&str; 5] = ["#1", "#2", "#3", "#4", "#5"];

/// A field that has been checked.
#[derive(Default)]
pub(super) struct Field {
    /// The plain values, as bits.
    pub(super) values: u64,
    /// Whether `*` is among the members of the list.
    pub(super) whole: bool,
    /// Whether `*` or a step stands in it.
    recurs: bool,
    /// What else a day of the month may be.
    pub(super) of_month: DaysOfMonth,
    /// What else a day of the week may be.
    pub(super) of_week: DaysOfWeek,
}

/// What is wrong within the text of a field.
pub(super) struct Mistake {
    pub(super) range: Range<usize>,
    pub(super) expected: String,
    pub(super) suggestion: Option<String>,
}

impl Field {
    /// The field that is a single value.
    pub(super) fn only(value: u8) -> Self {
        Self {
            values: 1 << value,
            ..Self::default()
        }
    }

    pub(super) fn parse(text: &str, role: Role) -> Result<Self, Mistake> {
        let mut field = Self::default();
        let mut start = 0;
        for text in text.split(',') {
            Item { text, start, role }.add_to(&mut field)?;
            start += text.len() + 1;
        }
        Ok(field)
    }

    /// Whether it is one value, and not one that `*` or a step leads to.
    pub(super) fn is_fixed(&self) -> bool {
        !self.recurs && self.values.is_power_of_two()
    }

    /// Adds every `step`-th value from `first` to `last`, over the greatest value where `last` is less.
    fn add(&mut self, role: Role, first: u64, last: u64, step: u64) {
        let end = if last < first { last + role.count() } else { last };
        let base = *role.values().start();
        let mut value = first;
        while value <= end {
            self.values |= 1 << ((value - base) % role.count() + base);
            value += step;
        }
        self.recurs |= step > 1;
    }
}

/// A member of the list, which starts at byte `start` of the field.
struct Item<'t> {
    text: &'t str,
    start: usize,
    role: Role,
}

impl Item<'_> {
    fn add_to(&self, field: &mut Field) -> Result<(), Mistake> {
        if self.add_special(field)? {
            return Ok(());
        }
        let (range, step) = match self.text.split_once('/') {
            Some((range, step)) => (range, Some(self.step(range.len() + 1, step)?)),
            None => (self.text, None),
        };
        let (least, greatest) = self.role.values().into_inner();
        let (first, end) = if range == "*" {
            field.recurs = true;
            field.whole |= step.is_none();
            (least, greatest)
        } else if let Some((from, to)) = range.split_once('-') {
            (self.value(0, from)?, self.value(from.len() + 1, to)?)
        } else {
            let value = self.value(0, range)?;
            // Sunday by its other number is beyond the greatest value.
            step.map_or((value, value), |_| (value % (greatest + 1), greatest))
        };
        field.add(self.role, first, end, step.unwrap_or(1));
        Ok(())
    }

    /// Adds `L`, `LW`, `15W`, `5L` or `5#2`; tells whether it was one of them.
    fn add_special(&self, field: &mut Field) -> Result<bool, Mistake> {
        let upper = self.text.to_ascii_uppercase();
        if self.role == Role::DayOfMonth && (upper == "L" || upper == "LW") {
            field.of_month.last |= upper == "L";
            field.of_month.last_weekday |= upper == "LW";
            return Ok(true);
        }
        let split = match (self.role, self.text.find('#')) {
            (Role::DayOfWeek, Some(sign)) => sign,
            (Role::DayOfWeek, None) if upper.ends_with('L') => upper.len() - 1,
            (Role::DayOfMonth, _) if upper.ends_with('W') => upper.len() - 1,
            _ => return Ok(false),
        };
        let day = self.value(0, &self.text[..split])?;
        let set = match &upper[split..] {
            "W" => &mut field.of_month.nearest_weekday,
            "L" => &mut field.of_week.last,
            week => {
                let week = WEEKS.iter().position(|known| *known == week);
                let set = week.map(|week| &mut field.of_week.of_week[week]);
                set.ok_or_else(|| {
                    self.mistake(split + 1..self.text.len(), "a week of the month from 1 to 5")
                })?
            }
        };
        *set |= 1 << (day % (self.role.values().end() + 1));
        Ok(true)
    }

    fn step(&self, start: usize, text: &str) -> Result<u64, Mistake> {
        let most = self.role.count();
        let step = number(text).filter(|step| (1..=most).contains(step));
        step.ok_or_else(|| self.mistake(start..start + text.len(), format!("a step from 1 to {most}")))
    }

    fn value(&self, start: usize, text: &str) -> Result<u64, Mistake> {
        let (least, greatest) = self.role.values().into_inner();
        let spelled = least..=greatest + u64::from(self.role == Role::DayOfWeek);
        let named = || {
            let mut names = (least..).zip(self.role.names());
            names
                .find(|(_, name)| name.eq_ignore_ascii_case(text))
                .map(|(value, _)| value)
        };
        let value = number(text)
            .or_else(named)
            .filter(|value| spelled.contains(value));
        value.ok_or_else(|| Mistake {
            suggestion: self.suggestion(text),
            ..self.mistake(start..start + text.len(), self.role.expected())
        })
    }

    fn suggestion(&self, text: &str) -> Option<String> {
        if text == "?" {
            return Some("*".to_owned());
        }
        // A full name is a name that is too long.
        let short = text.get(..3).unwrap_or(text);
        let known = self.role.names().find(|name| name.eq_ignore_ascii_case(short));
        known
            .or_else(|| nearest(text, self.role.names()))
            .map(str::to_owned)
    }

    fn mistake(&self, range: Range<usize>, expected: impl Into<String>) -> Mistake {
        let range = self.start + range.start..self.start + range.end;
        Mistake {
            range,
            expected: expected.into(),
            suggestion: None,
        }
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|_| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()))
}
