//! Periods, windows and bounds to text.

use std::fmt::{Display, Formatter, Result};

use super::days::Listed;
use super::joined;
use crate::ast::{Anchored, Bound, Cron, Day, PeriodExpr, Unit, Window};
use crate::bound::{MONTHS, WEEKDAYS, ending};
use crate::duration::{HOUR, MINUTE, SECOND};

impl Display for PeriodExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let composite = |member: &Self| matches!(member, Self::All(_) | Self::Any(_));
        match self {
            Self::Always => f.write_str("always"),
            Self::Never => f.write_str("never"),
            Self::Anchored(anchored) => write!(f, "{anchored}"),
            Self::Past(past) => write!(f, "past {past}"),
            Self::Cron(cron) => write!(f, "{cron}"),
            Self::From(moment) => write!(f, "from {moment}"),
            Self::Until(moment) => write!(f, "until {moment}"),
            Self::At(moment) if moment.time.is_none() => write!(f, "once on {moment}"),
            Self::At(moment) => write!(f, "once at {moment}"),
            Self::On(days) => write!(f, "on {}", Listed(days)),
            Self::Series(series) => write!(f, "{series}"),
            Self::Steps(steps) => write!(f, "{steps}"),
            Self::Zoned(zoned) => write!(f, "{} in {}", zoned.period, zoned.zone),
            Self::All(members) => joined(f, members, " & ", composite),
            Self::Any(members) => joined(f, members, " | ", composite),
        }
    }
}

impl Display for Anchored {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.window == Window::Full {
            write!(f, "any time of {}", self.unit)
        } else {
            write!(f, "time of {}{}", self.unit, Narrowed(self.unit, &self.window))
        }
    }
}

impl Display for Unit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.name())
    }
}

/// The zone of a period, as it follows what it belongs to: ` in America/New_York`; nothing without one.
pub(super) struct Placed<'z>(Option<&'z str>);

impl Placed<'_> {
    /// A period without its zone, and the zone.
    pub(super) fn of(period: &PeriodExpr) -> (&PeriodExpr, Placed<'_>) {
        match period {
            PeriodExpr::Zoned(zoned) => (&zoned.period, Placed(Some(&zoned.zone))),
            plain => (plain, Placed(None)),
        }
    }
}

impl Display for Placed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.map_or(Ok(()), |zone| write!(f, " in {zone}"))
    }
}

/// The text after a unit: ` after 10:00`, empty for the full unit.
pub(super) struct Narrowed<'w>(pub(super) Unit, pub(super) &'w Window);

impl Display for Narrowed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let unit = self.0;
        match self.1 {
            Window::Full => Ok(()),
            Window::Between(start, end) => {
                write!(f, " between {} and {}", start.display(unit), end.display(unit))
            }
            Window::After(start) => write!(f, " after {}", start.display(unit)),
            Window::Before(end) => write!(f, " before {}", end.display(unit)),
            Window::On(start) => write!(f, " {} {}", preposition(unit), start.display(unit)),
            Window::Each(starts) => write!(f, " {} {}", preposition(unit), Starts(unit, starts)),
            Window::Starting(start) => write!(f, " starting {}", start.display(unit)),
        }
    }
}

const fn preposition(unit: Unit) -> &'static str {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => "at",
        Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => "on",
    }
}

impl Bound {
    /// Returns the bound as a statement on `unit` writes it.
    ///
    /// ```
    /// use rocketry_syntax::ast::{Bound, Unit};
    ///
    /// let bound = Bound::start(Unit::Day, "1 pm")?;
    /// assert_eq!(bound.display(Unit::Day).to_string(), "13:00");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn display(&self, unit: Unit) -> impl Display {
        Timed(self, unit)
    }
}

/// A bound with the unit that gives a place on the clock its meaning.
struct Timed<'b>(&'b Bound, Unit);

impl Display for Timed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Bound::Clock(micros) => clock(f, self.1, *micros),
            day => write!(f, "{}{}", Untimed(day), Time(day.time())),
        }
    }
}

/// A day without its time.
struct Untimed<'b>(&'b Bound);

impl Display for Untimed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Bound::Clock(_) => Ok(()),
            Bound::Weekday { day, .. } => f.write_str(name(&WEEKDAYS, *day)),
            Bound::MonthDay { day, .. } => write!(f, "{day}"),
            Bound::YearDay { month, day, .. } => {
                f.write_str(month_name(*month))?;
                day.map_or(Ok(()), |day| write!(f, " {day}"))
            }
            Bound::Ruled(ruled) => {
                write!(f, "{}", ruled.day)?;
                ruled
                    .month
                    .map_or(Ok(()), |month| write!(f, " of {}", month_name(month)))
            }
        }
    }
}

/// The starts of windows, with commas between them; a time follows the days that it belongs to.
struct Starts<'b>(Unit, &'b [Bound]);

impl Display for Starts<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut rest = self.1;
        while let Some(first) = rest.first() {
            let comma = if rest.len() == self.1.len() { "" } else { ", " };
            let run = rest
                .iter()
                .take_while(|start| start.time() == first.time())
                .count();
            let (count, name) = weekdays_of(rest)
                .filter(|(count, _)| *count <= run)
                .unwrap_or((1, ""));
            if name.is_empty() {
                write!(f, "{comma}{}", Untimed(first))?;
            } else {
                write!(f, "{comma}{name}")?;
            }
            match first {
                Bound::Clock(micros) => clock(f, self.0, *micros)?,
                day if count == run => write!(f, "{}", Time(day.time()))?,
                _ => {}
            }
            rest = &rest[count..];
        }
        Ok(())
    }
}

/// The number of leading days with a common name, and that name.
fn weekdays_of(days: &[Bound]) -> Option<(usize, &'static str)> {
    named_together(days.iter().map_while(|day| match day {
        Bound::Weekday { day, .. } => Some(*day),
        _ => None,
    }))
}

/// The number of leading days with a common name, and that name.
pub(super) fn named_together(days: impl Iterator<Item = u8>) -> Option<(usize, &'static str)> {
    let days: Vec<u8> = days.take(5).collect();
    match days[..] {
        [0, 1, 2, 3, 4] => Some((5, "weekdays")),
        [5, 6, ..] => Some((2, "weekends")),
        _ => None,
    }
}

/// Trees that were not parsed may contain invalid days, which print but do not parse.
pub(super) fn name(names: &[&'static str], index: u8) -> &'static str {
    names.get(usize::from(index)).copied().unwrap_or("?")
}

pub(super) fn month_name(month: u8) -> &'static str {
    name(&MONTHS, month.wrapping_sub(1))
}

impl Display for Day {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::Nth(day) => write!(f, "{day}{}", ending(day)),
            Self::Last => f.write_str("last day"),
        }
    }
}

/// The time after a day.
pub(super) struct Time(pub(super) Option<u64>);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Some(micros) = self.0 else { return Ok(()) };
        f.write_str(" ")?;
        time_of_day(f, micros)
    }
}

fn clock(f: &mut Formatter<'_>, unit: Unit, micros: u64) -> Result {
    match unit {
        Unit::Second => {
            write!(f, "{}", micros / 1_000)?;
            fraction(f, micros % 1_000, 3)
        }
        Unit::Minute => seconds(f, micros),
        Unit::Hour => {
            write!(f, "{:02}:", micros / MINUTE)?;
            seconds(f, micros % MINUTE)
        }
        _ => time_of_day(f, micros),
    }
}

pub(super) fn time_of_day(f: &mut Formatter<'_>, micros: u64) -> Result {
    write!(f, "{:02}:{:02}", micros / HOUR, micros % HOUR / MINUTE)?;
    if micros.is_multiple_of(MINUTE) {
        return Ok(());
    }
    f.write_str(":")?;
    seconds(f, micros % MINUTE)
}

fn seconds(f: &mut Formatter<'_>, micros: u64) -> Result {
    write!(f, "{:02}", micros / SECOND)?;
    fraction(f, micros % SECOND, 6)
}

/// `.25`; nothing for zero.
fn fraction(f: &mut Formatter<'_>, mut number: u64, mut digits: usize) -> Result {
    if number == 0 {
        return Ok(());
    }
    while number.is_multiple_of(10) {
        number /= 10;
        digits -= 1;
    }
    write!(f, ".{number:0digits$}")
}

impl Display for Cron {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "cron{}", Tail(self))
    }
}

/// The part after `cron` or `crontime`.
pub(super) struct Tail<'c>(pub(super) &'c Cron);

impl Display for Tail<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let with = if self.0.has_seconds() { " with seconds" } else { "" };
        write!(f, "{with} {}", self.0.fields())?;
        self.0.grace().map_or(Ok(()), |grace| write!(f, " grace {grace}"))
    }
}
