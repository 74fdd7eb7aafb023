//! One field of a cron expression.

use std::fmt::{Display, Write as _};
use std::ops::Range;

use super::role::Role;
use crate::suggest::nearest;

/// A field that has been checked.
pub(super) struct Field {
    /// The plain spelling.
    pub(super) pattern: String,
    /// The plain values, as bits.
    pub(super) values: u64,
    /// Whether a last day is among them.
    pub(super) last_day: bool,
}

/// What is wrong within the text of a field.
pub(super) struct Mistake {
    pub(super) range: Range<usize>,
    pub(super) expected: String,
    pub(super) suggestion: Option<String>,
}

impl Field {
    pub(super) fn parse(text: &str, role: Role) -> Result<Self, Mistake> {
        let mut field = Self {
            pattern: String::with_capacity(text.len()),
            values: 0,
            last_day: false,
        };
        let mut start = 0;
        let mut whole = false;
        for text in text.split(',') {
            field.pattern.push_str(if start > 0 { "," } else { "" });
            whole |= text == "*";
            Item { text, start, role }.add_to(&mut field)?;
            start += text.len() + 1;
        }
        if whole {
            "*".clone_into(&mut field.pattern);
        }
        Ok(field)
    }

    pub(super) fn is_restricted(&self) -> bool {
        self.pattern != "*"
    }

    fn write(&mut self, text: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.pattern, "{text}");
    }

    fn write_step(&mut self, step: u64) {
        if step > 1 {
            self.write(format_args!("/{step}"));
        }
    }

    /// Adds every `step`-th value from `first` to `last`, over the greatest value where `last` is less.
    ///
    /// Gives back the values in their order.
    fn add(&mut self, role: Role, first: u64, last: u64, step: u64) -> Vec<u64> {
        let end = if last < first { last + role.count() } else { last };
        let base = *role.values().start();
        let steps = usize::try_from(step).unwrap_or(usize::MAX);
        let values = (first..=end)
            .step_by(steps)
            .map(|value| (value - base) % role.count() + base);
        let values: Vec<u64> = values.collect();
        self.values |= values.iter().fold(0, |bits, value| bits | 1 << value);
        values
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
        if range == "*" {
            field.add(self.role, least, greatest, step.unwrap_or(1));
            field.write(self.text);
        } else if let Some((from, to)) = range.split_once('-') {
            let (first, end) = (self.value(0, from)?, self.value(from.len() + 1, to)?);
            self.add_range(field, first, end, step.unwrap_or(1));
        } else if let Some(step) = step {
            // Sunday by its other number is beyond the greatest value.
            let first = self.value(0, range)? % (greatest + 1);
            self.add_range(field, first, greatest, step);
        } else {
            let value = self.value(0, range)?;
            field.add(self.role, value, value, 1);
            field.write(value);
        }
        Ok(())
    }

    /// A range that wraps is written out.
    fn add_range(&self, field: &mut Field, first: u64, last: u64, step: u64) {
        let values = field.add(self.role, first, last, step);
        if first <= last {
            field.write(format_args!("{first}-{last}"));
            field.write_step(step);
            return;
        }
        for (index, value) in values.iter().enumerate() {
            field.write(if index == 0 { "" } else { "," });
            field.write(value);
        }
    }

    /// Adds `L`, `LW`, `15W`, `5L` or `5#2`; tells whether it was one of them.
    fn add_special(&self, field: &mut Field) -> Result<bool, Mistake> {
        let upper = self.text.to_ascii_uppercase();
        if self.role == Role::DayOfMonth && (upper == "L" || upper == "LW") {
            field.last_day = true;
            field.write(upper);
            return Ok(true);
        }
        let split = match (self.role, self.text.find('#')) {
            (Role::DayOfWeek, Some(sign)) => sign,
            (Role::DayOfWeek, None) if upper.ends_with('L') => upper.len() - 1,
            (Role::DayOfMonth, _) if upper.ends_with('W') => upper.len() - 1,
            _ => return Ok(false),
        };
        let day = self.value(0, &self.text[..split])?;
        let week = upper[split..].strip_prefix('#');
        if week.is_some_and(|week| !matches!(week, "1" | "2" | "3" | "4" | "5")) {
            return Err(self.mistake(split + 1..self.text.len(), "a week of the month from 1 to 5"));
        }
        field.values |= 1 << day;
        field.write(format_args!("{day}{}", &upper[split..]));
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
