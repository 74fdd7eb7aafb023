//! Periods, windows and bounds to text.

use std::fmt::{Display, Formatter, Result};

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

/// What follows a unit: ` after 10:00`, nothing for the full unit.
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
            Window::On(start) if unit < Unit::Week => write!(f, " at {}", start.display(unit)),
            Window::On(start) => write!(f, " on {}", start.display(unit)),
            Window::Starting(start) => write!(f, " starting {}", start.display(unit)),
        }
    }
}

impl Bound {
    /// The bound as a statement on `unit` writes it.
    ///
    /// ```
    /// use rocketry_syntax::ast::{Bound, Unit};
    ///
    /// let bound = Bound::start(Unit::Day, "1 pm")?;
    /// assert_eq!(bound.display(Unit::Day).to_string(), "13:00");
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    pub fn display(self, unit: Unit) -> impl Display {
        Placed(self, unit)
    }
}

/// A bound with the unit that gives a place on the clock its meaning.
struct Placed(Bound, Unit);

impl Display for Placed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Bound::Clock(micros) => clock(f, self.1, micros),
            Bound::Weekday { day, time } => write!(f, "{}{}", name(&WEEKDAYS, day), Time(time)),
            Bound::MonthDay { day, time } => write!(f, "{day}{}", Time(time)),
            Bound::YearDay { month, day, time } => {
                f.write_str(name(&MONTHS, month.wrapping_sub(1)))?;
                day.map_or(Ok(()), |day| write!(f, " {day}{}", Time(time)))
            }
        }
    }
}

/// Trees that no parser made may hold days that do not exist; they print, but do not parse.
fn name(names: &[&'static str], index: u8) -> &'static str {
    names.get(usize::from(index)).copied().unwrap_or("?")
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
struct Time(Option<u64>);

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

fn time_of_day(f: &mut Formatter<'_>, micros: u64) -> Result {
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

/// What follows `cron` or `crontime`.
pub(super) struct Tail<'c>(pub(super) &'c Cron);

impl Display for Tail<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let with = if self.0.has_seconds() { " with seconds" } else { "" };
        write!(f, "{with} {}", self.0.fields())?;
        self.0.grace().map_or(Ok(()), |grace| write!(f, " grace {grace}"))
    }
}
