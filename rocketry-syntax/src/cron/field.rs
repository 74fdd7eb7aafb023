//! One field of a cron expression.

use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};

use crate::bound::{MONTHS, WEEKDAYS};
use crate::suggest::nearest;

/// What a field stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Second,
    Minute,
    Hour,
    DayOfMonth,
    Month,
    DayOfWeek,
}

impl Role {
    pub(super) const ALL: [Self; 6] = [
        Self::Second,
        Self::Minute,
        Self::Hour,
        Self::DayOfMonth,
        Self::Month,
        Self::DayOfWeek,
    ];

    /// The values, each once: Sunday is 0 here, and 7 only as a spelling.
    fn values(self) -> RangeInclusive<u64> {
        match self {
            Self::Second | Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::DayOfWeek => 0..=6,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Second => "a second from 0 to 59",
            Self::Minute => "a minute from 0 to 59",
            Self::Hour => "an hour from 0 to 23",
            Self::DayOfMonth => "a day of the month from 1 to 31",
            Self::Month => "a month from 1 to 12 or a name such as `Jan`",
            Self::DayOfWeek => "a day of the week from 0 to 7 or a name such as `Mon`",
        }
    }

    /// The names of the values, the first standing for the least; weekdays begin on Sunday here.
    fn names(self) -> impl Iterator<Item = &'static str> {
        let names: &[&'static str] = match self {
            Self::Month => &MONTHS,
            Self::DayOfWeek => &WEEKDAYS,
            _ => &[],
        };
        let sunday_first = if self == Self::DayOfWeek { 6 } else { 0 };
        names
            .iter()
            .cycle()
            .skip(sunday_first)
            .take(names.len())
            .map(|name| &name[..3])
    }
}

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
    pub(super) fn is_restricted(&self) -> bool {
        self.pattern != "*"
    }

    pub(super) fn parse(text: &str, role: Role) -> Result<Self, Mistake> {
        let mut field = Self {
            pattern: String::with_capacity(text.len()),
            values: 0,
            last_day: false,
        };
        let mut start = 0;
        let mut whole = false;
        for item in text.split(',') {
            if start > 0 {
                field.pattern.push(',');
            }
            let item = Item {
                text: item,
                start,
                role,
            };
            whole |= item.add_to(&mut field)?;
            start += item.text.len() + 1;
        }
        if whole {
            "*".clone_into(&mut field.pattern);
        }
        Ok(field)
    }
}

/// A member of the list.
#[derive(Clone, Copy)]
struct Item<'t> {
    text: &'t str,
    start: usize,
    role: Role,
}

impl Item<'_> {
    /// Adds the values to the field; tells whether they are all there are.
    fn add_to(&self, field: &mut Field) -> Result<bool, Mistake> {
        if self.add_special(field)? {
            return Ok(false);
        }
        let (range, step) = match self.text.split_once('/') {
            Some((range, step)) => (range, Some(self.step(range.len() + 1, step)?)),
            None => (self.text, None),
        };
        let values = self.role.values();
        let (least, greatest) = (*values.start(), *values.end());
        if range == "*" {
            field.add(least, greatest, step.unwrap_or(1), self.role);
            field.write(format_args!("*"), step);
            return Ok(step.unwrap_or(1) == 1);
        }
        match (range.split_once('-'), step) {
            (Some((from, to)), _) => {
                let (first, last) = (self.value(0, from)?, self.value(from.len() + 1, to)?);
                self.add_range(field, first, last, step);
            }
            (None, Some(_)) => {
                // Sunday by its other number would be beyond the greatest value.
                let first = if self.value(0, range)? > greatest {
                    0
                } else {
                    self.value(0, range)?
                };
                self.add_range(field, first, greatest, step);
            }
            (None, None) => {
                let value = self.value(0, range)?;
                field.add(value, value, 1, self.role);
                field.write(format_args!("{value}"), None);
            }
        }
        Ok(false)
    }

    fn add_range(&self, field: &mut Field, first: u64, last: u64, step: Option<u64>) {
        let wrapped = field.add(first, last, step.unwrap_or(1), self.role);
        if first <= last {
            field.write(format_args!("{first}-{last}"), step);
            return;
        }
        for (index, value) in wrapped.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            field.write(format_args!("{comma}{value}"), None);
        }
    }

    /// `L`, `LW`, `15W`, `5L`, `5#2`; tells whether it was one of them.
    fn add_special(&self, field: &mut Field) -> Result<bool, Mistake> {
        let upper = self.text.to_ascii_uppercase();
        if self.role == Role::DayOfMonth && (upper == "L" || upper == "LW") {
            field.last_day = true;
            field.write(format_args!("{upper}"), None);
            return Ok(true);
        }
        let (day, suffix) = match (self.role, self.text.find('#')) {
            (Role::DayOfWeek, Some(sign)) => self.text.split_at(sign),
            (Role::DayOfWeek, None) if upper.ends_with('L') => self.text.split_at(self.text.len() - 1),
            (Role::DayOfMonth, _) if upper.ends_with('W') => self.text.split_at(self.text.len() - 1),
            _ => return Ok(false),
        };
        let value = self.value(0, day)?;
        if suffix.starts_with('#') && !matches!(&suffix[1..], "1" | "2" | "3" | "4" | "5") {
            let range = day.len() + 1..self.text.len();
            return Err(self.mistake(range, "a week of the month from 1 to 5"));
        }
        field.values |= 1 << value;
        field.write(format_args!("{value}{}", suffix.to_ascii_uppercase()), None);
        Ok(true)
    }

    fn step(&self, start: usize, text: &str) -> Result<u64, Mistake> {
        let values = self.role.values();
        let most = values.end() - values.start() + 1;
        number(text)
            .filter(|step| (1..=most).contains(step))
            .ok_or_else(|| self.mistake(start..start + text.len(), format!("a step from 1 to {most}")))
    }

    fn value(&self, start: usize, text: &str) -> Result<u64, Mistake> {
        let least = *self.role.values().start();
        let greatest = *self.role.values().end() + u64::from(self.role == Role::DayOfWeek);
        let named = || {
            let index = self
                .role
                .names()
                .position(|name| name.eq_ignore_ascii_case(text))?;
            Some(index as u64 + least)
        };
        let value = number(text)
            .or_else(named)
            .filter(|value| (least..=greatest).contains(value));
        value.ok_or_else(|| {
            let mut mistake = self.mistake(start..start + text.len(), self.role.expected());
            mistake.suggestion = self.suggestion(text);
            mistake
        })
    }

    fn suggestion(&self, text: &str) -> Option<String> {
        if text == "?" {
            return Some("*".to_owned());
        }
        let short = text.get(..3).filter(|_| text.len() > 3).unwrap_or(text);
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

impl Field {
    /// Adds every `step`-th value from `first` to `last`, over the greatest value where `last` is less.
    fn add(&mut self, first: u64, last: u64, step: u64, role: Role) -> Vec<u64> {
        let values = role.values();
        let (least, count) = (*values.start(), values.end() - values.start() + 1);
        let last = if last < first { last + count } else { last };
        let steps = usize::try_from(step).unwrap_or(usize::MAX);
        let added = (first..=last)
            .step_by(steps)
            .map(|value| (value - least) % count + least);
        let added: Vec<u64> = added.collect();
        self.values |= added.iter().fold(0, |bits, value| bits | 1 << value);
        added
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>, step: Option<u64>) {
        // Writing to a string cannot fail.
        let _ = self.pattern.write_fmt(text);
        if let Some(step) = step.filter(|&step| step > 1) {
            let _ = write!(self.pattern, "/{step}");
        }
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|_| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()))
}
