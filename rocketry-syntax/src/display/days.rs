//! Days and dates to text.

use std::fmt::{Display, Formatter, Result};

use super::Quoted;
use super::period::{Time, month_name, name, named_together};
use crate::ast::{Date, DayKind, DayRule, Days, Moment};
use crate::bound::{WEEKDAYS, ending};

const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

impl Display for DayRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Plain(day) => write!(f, "{day}"),
            Self::Counted {
                nth: 1,
                from_end: true,
                kind,
            } => write!(f, "last {kind}"),
            Self::Counted {
                nth,
                from_end: true,
                kind,
            } => write!(f, "{nth}{} last {kind}", ending(*nth)),
            Self::Counted { nth, kind, .. } => match ORDINALS.get(usize::from(*nth).wrapping_sub(1)) {
                Some(word) => write!(f, "{word} {kind}"),
                None => write!(f, "{nth}{} {kind}", ending(*nth)),
            },
            Self::Moved {
                by,
                before,
                kind,
                from,
            } => moved(f, *by, *before, kind, from),
            Self::Nearest { day, before, kind } => {
                let word = if *before { "previous" } else { "next" };
                write!(f, "{day} or {word} {kind}")
            }
        }
    }
}

fn moved(f: &mut Formatter<'_>, by: u8, before: bool, kind: &DayKind, from: &DayRule) -> Result {
    let side = if before { "before" } else { "after" };
    match (by, kind) {
        (1, DayKind::Day) => write!(f, "1 day {side} {from}"),
        (1, kind) if before => write!(f, "previous {kind} {side} {from}"),
        (1, kind) => write!(f, "next {kind} {side} {from}"),
        (by, DayKind::Business(calendar)) => {
            write!(f, "{by} business days of {} {side} {from}", Quoted(calendar))
        }
        (by, kind) => write!(f, "{by} {kind}s {side} {from}"),
    }
}

impl Display for DayKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Day => f.write_str("day"),
            Self::Weekday => f.write_str("weekday"),
            Self::On(day) => f.write_str(name(&WEEKDAYS, *day)),
            Self::Business(calendar) => write!(f, "business day of {}", Quoted(calendar)),
        }
    }
}

impl Display for Days {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Weekday(day) => f.write_str(name(&WEEKDAYS, *day)),
            Self::Ruled { month: None, day } => write!(f, "{day}"),
            Self::Ruled {
                month: Some(month),
                day: DayRule::Plain(day),
            } => write!(f, "{} {day}", month_name(*month)),
            Self::Ruled {
                month: Some(month),
                day,
            } => write!(f, "{day} of {}", month_name(*month)),
            Self::Date(date) => write!(f, "{date}"),
            Self::Calendar(name) => write!(f, "{}", Quoted(name)),
            Self::Business(name) => write!(f, "business days of {}", Quoted(name)),
        }
    }
}

/// Days with commas between them.
pub(super) struct Listed<'d>(pub(super) &'d [Days]);

impl Display for Listed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut rest = self.0;
        while let Some(first) = rest.first() {
            f.write_str(if rest.len() == self.0.len() { "" } else { ", " })?;
            let of_week = rest.iter().map_while(|day| match day {
                Days::Weekday(day) => Some(*day),
                _ => None,
            });
            if let Some((count, name)) = named_together(of_week) {
                f.write_str(name)?;
                rest = &rest[count..];
            } else {
                write!(f, "{first}")?;
                rest = &rest[1..];
            }
        }
        Ok(())
    }
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.date, Time(self.time))
    }
}
