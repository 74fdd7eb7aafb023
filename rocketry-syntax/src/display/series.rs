//! Stretches of time that are counted from a place, to text.

use std::fmt::{Display, Formatter, Result};

use super::days::Listed;
use super::period::{Narrowed, time_of_day};
use crate::ast::{Days, Series, Steps, StepsFrom};

impl Series {
    /// Whether it is a window of each unit, on some days.
    pub(super) fn is_filter(&self) -> bool {
        self.every == 1 && self.from.is_none()
    }
}

impl Display for Series {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let unit = self.anchored.unit;
        if self.is_filter() {
            write!(f, "{}", self.anchored)?;
        } else {
            let plural = if self.every == 1 { "" } else { "s" };
            let window = Narrowed(unit, &self.anchored.window);
            write!(f, "every {} {unit}{plural}{window}", self.every)?;
        }
        on(f, &self.days)?;
        self.from.map_or(Ok(()), |from| write!(f, " from {from}"))?;
        self.until.map_or(Ok(()), |until| write!(f, " until {until}"))
    }
}

impl Display for Steps {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "every {} from ", self.step)?;
        match &self.from {
            StepsFrom::Clock { start, end, days } => {
                time_of_day(f, *start)?;
                if let Some(end) = end {
                    f.write_str(" until ")?;
                    time_of_day(f, *end)?;
                }
                on(f, days)
            }
            StepsFrom::Moment { start, end } => {
                write!(f, "{start}")?;
                end.map_or(Ok(()), |end| write!(f, " until {end}"))
            }
        }
    }
}

fn on(f: &mut Formatter<'_>, days: &[Days]) -> Result {
    if days.is_empty() {
        return Ok(());
    }
    write!(f, " on {}", Listed(days))
}
