//! One item of a field: `5`, `Mon-Fri`, `*/10`, `L-3W`, `Fri#2`.

use super::field::{Field, Mistake, steps};
use super::range_in;
use super::role::{Role, number};
use crate::suggest::nearest;

/// The greatest number in `L-30`, which is the first day of a month of 31 days.
const BEFORE_LAST: u8 = 30;

/// Characters that word processors substitute for `-` and `*`.
const DASHES: [char; 3] = ['\u{2013}', '\u{2014}', '\u{2212}'];
const ASTERISKS: [char; 2] = ['\u{2217}', '\u{ff0a}'];

/// An item of a field.
pub(super) struct Item<'f> {
    /// The whole field.
    pub(super) field: &'f str,
    /// The part of the field.
    pub(super) text: &'f str,
    pub(super) role: Role,
}

impl<'f> Item<'f> {
    pub(super) fn add_to(&self, field: &mut Field) -> Result<(), Mistake> {
        if self.text.is_empty() {
            return Err(self.missing());
        }
        match self.role {
            Role::DayOfMonth if self.text.contains(['L', 'l', 'W', 'w']) => self.add_day_of_month(field),
            Role::DayOfWeek if self.is_in_month() => self.add_weekday_of_month(field),
            _ => self.add_values(field),
        }
    }

    fn add_values(&self, field: &mut Field) -> Result<(), Mistake> {
        let (range, step) = match self.text.split_once('/') {
            Some((range, step)) => (range, Some(self.step(range, step)?)),
            None => (self.text, None),
        };
        if range == "*" {
            field.add_all(self.role, step);
            return Ok(());
        }
        let [first, last] = match step {
            None => self.range(range)?,
            Some(_) if range.contains('-') => self.range(range)?,
            Some(_) if range.is_empty() => {
                return Err(Mistake {
                    suggestion: Some(format!("*{}", self.text)),
                    ..self.mistake(range, "`*`, a number or a range before `/`")
                });
            }
            Some(_) => {
                let greatest = *self.role.values().end();
                // The other number of Sunday is above the maximum.
                [self.value(range, "")? % (greatest + 1), greatest]
            }
        };
        field.values |= steps(self.role, [first, last], step.unwrap_or(1));
        Ok(())
    }

    /// The first and the last value of `Mon-Fri`, or of `Mon`.
    fn range(&self, text: &'f str) -> Result<[u8; 2], Mistake> {
        match text.split_once('-') {
            Some((first, last)) => Ok([self.value(first, "before `-`")?, self.value(last, "after `-`")?]),
            None => self.value(text, "").map(|value| [value, value]),
        }
    }

    fn step(&self, range: &str, text: &str) -> Result<u8, Mistake> {
        let most = self.role.count();
        let step = number(text).filter(|step| (1..=most).contains(step));
        step.ok_or_else(|| {
            let place = if text.is_empty() { " after `/`" } else { "" };
            let interval = range == "*" && text.parse::<u32>().is_ok_and(|step| step > u32::from(most));
            let help = || format!("for an interval write `every {text} {}`", self.role.unit());
            Mistake {
                help: interval.then(help),
                ..self.mistake(text, format!("a step from 1 to {most}{place}"))
            }
        })
    }

    /// The value of a part of the item; `place` is its position, for the error if it is missing.
    fn value(&self, text: &str, place: &str) -> Result<u8, Mistake> {
        self.role.value(text).ok_or_else(|| match text {
            "" => self.mistake(text, format!("{} {place}", self.role.expected())),
            _ => Mistake {
                suggestion: self.suggestion(text),
                help: self.help(text),
                ..self.mistake(text, self.role.expected())
            },
        })
    }

    /// The nearest name, unless the word contains a number or a sign, which the suggestion would drop.
    fn suggestion(&self, text: &str) -> Option<String> {
        let last_of = |day| self.role == Role::DayOfWeek && self.role.value(day).is_some();
        if let Some(day) = text.strip_prefix(['L', 'l']).filter(|day| last_of(day)) {
            return Some(format!("{day}L"));
        }
        let typed = text.replace(DASHES, "-").replace(ASTERISKS, "*");
        if typed != text {
            return Some(typed).filter(|typed| Field::parse(typed, self.role).is_ok());
        }
        if !text.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let names = || self.role.names().map(|(_, name)| &name[..3]);
        // A longer abbreviation, such as `Sept` or `Thurs`.
        let short = text
            .get(..3)
            .and_then(|short| names().find(|name| name.eq_ignore_ascii_case(short)));
        short.or_else(|| nearest(text, names())).map(str::to_owned)
    }

    fn help(&self, text: &str) -> Option<String> {
        let help = match (self.role, text) {
            (Role::DayOfWeek, "L" | "l") => "`L` stands after a day: `FriL` is the last Friday of the month",
            (Role::Hour, "24") => "midnight is hour 0",
            (_, "?") => "`?` stands for a whole day field",
            _ if text.contains(['"', '\'', '`']) => "the fields stand without quotes",
            _ if text.starts_with('+') => "`+` stands in front of the days of the week",
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// The error in a part of the item, or in the whole item if that part is empty.
    fn mistake(&self, part: &str, expected: impl Into<String>) -> Mistake {
        let part = if part.is_empty() { self.text } else { part };
        Mistake {
            range: range_in(self.field, part),
            expected: expected.into(),
            suggestion: None,
            help: None,
        }
    }

    /// The error for an empty item: `1,,2`. It points at the commas.
    fn missing(&self) -> Mistake {
        let at = range_in(self.field, self.text).start;
        let (start, end) = (at.saturating_sub(1), (at + 1).min(self.field.len()));
        let place = match (at == 0, at == self.field.len()) {
            (true, true) => "",
            (true, false) => " before the comma",
            (false, true) => " after the comma",
            (false, false) => " between the commas",
        };
        Mistake {
            range: start..end,
            ..self.mistake(self.field, format!("{}{place}", self.role.expected()))
        }
    }
}

/// Days of the month that no number names.
impl Item<'_> {
    /// Adds `L`, `L-3`, `15W`, `LW` or `L-3W`.
    fn add_day_of_month(&self, field: &mut Field) -> Result<(), Mistake> {
        let text = self.text.to_ascii_uppercase();
        let (day, of_weekday) = text.strip_suffix('W').map_or((&*text, false), |day| (day, true));
        let named = &mut field.of_month;
        if let Some(before) = day.strip_prefix('L') {
            let set = if of_weekday {
                &mut named.weekday_before_last
            } else {
                &mut named.before_last
            };
            *set |= 1 << self.before_last(before)?;
            return Ok(());
        }
        if !of_weekday || day.contains(['-', '/', 'L', 'W']) {
            return Err(self.misplaced(&text));
        }
        if day.is_empty() {
            return Err(self.mistake("", "a day of the month before `W`, such as `15W`"));
        }
        named.nearest_weekday |= 1 << self.value(&self.text[..day.len()], "")?;
        Ok(())
    }

    /// The distance to the last day, from the text after `L`: empty, or `-3`.
    fn before_last(&self, text: &str) -> Result<u8, Mistake> {
        if text.is_empty() {
            return Ok(0);
        }
        if text.contains('/') {
            return Err(self.mistake("", "a single day without a step"));
        }
        let number = text.strip_prefix('-').and_then(number);
        let number = number.filter(|number| (1..=BEFORE_LAST).contains(number));
        number.ok_or_else(|| self.mistake("", format!("`L`, or `L-1` to `L-{BEFORE_LAST}`")))
    }

    /// The error for a misplaced `L` or `W`.
    fn misplaced(&self, text: &str) -> Mistake {
        if let Some((first, rest)) = text.split_once("-L") {
            // 31 always includes the last day, because days beyond the month's end are ignored.
            let meant =
                Some(format!("{first}-31{rest}")).filter(|meant| Field::parse(meant, self.role).is_ok());
            return Mistake {
                suggestion: meant,
                ..self.mistake("", "a range of days that ends with a number")
            };
        }
        if text == "WL" {
            return Mistake {
                suggestion: Some("LW".to_owned()),
                ..self.mistake("", "the last weekday of the month, `LW`")
            };
        }
        let single = "a single day before `W`, such as `15W`";
        let expected = if text.contains('W') {
            single
        } else {
            self.role.expected()
        };
        self.mistake("", expected)
    }
}

/// Days of the week that come once in a month.
impl Item<'_> {
    /// Returns true for an item like `5L` or `5#2`.
    fn is_in_month(&self) -> bool {
        self.text.contains('#') || (self.text.ends_with(['L', 'l']) && self.text.len() > 1)
    }

    /// Adds `5L`, `Fri#L`, `5#2` or `Mon-Fri#1`.
    fn add_weekday_of_month(&self, field: &mut Field) -> Result<(), Mistake> {
        let (days, week) = match self.text.split_once('#') {
            Some((days, week)) => (days, week),
            None => self.text.split_at(self.text.len() - 1),
        };
        if days.is_empty() {
            return Err(self.mistake("", "a day of the week before `#`, such as `Fri#2`"));
        }
        let set = match week {
            "L" | "l" => &mut field.of_week.last,
            week => {
                let index = number(week).filter(|week| (1..=5).contains(week));
                let index =
                    index.ok_or_else(|| self.mistake(week, "a week of the month from 1 to 5, or `L`"))?;
                &mut field.of_week.of_week[usize::from(index) - 1]
            }
        };
        *set |= steps(self.role, self.range(days)?, 1);
        Ok(())
    }
}
