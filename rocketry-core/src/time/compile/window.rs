//! One window of each unit.

use rocketry_syntax::ast::{Anchored, Unit};

use super::invalid::{Calendars, Result};
use super::months::Months;
use super::scale::Scale;
use crate::time::calendar::{Calendar, Cycle};
use crate::time::elapsed::Elapsed;
use crate::time::period::Period;

/// Compiles a window of a unit.
pub(super) fn window(anchored: &Anchored, calendars: Calendars<'_>) -> Result<Period> {
    match Scale::elapsed(anchored.unit) {
        Some(scale) => {
            let (start, length) = scale.window(&anchored.window)?;
            Ok(Period::Elapsed(Elapsed::new(scale.length, start, length)))
        }
        None => calendar(anchored, calendars).map(Period::Calendar),
    }
}

/// Compiles a window of a day, week, month, quarter or year.
pub(super) fn calendar(anchored: &Anchored, calendars: Calendars<'_>) -> Result<Calendar> {
    let window = &anchored.window;
    let months = |cycle, length| Months {
        unit: anchored.unit,
        cycle,
        length,
        calendars,
    };
    match anchored.unit {
        Unit::Week => Scale::WEEK.regular(Cycle::Week, window),
        Unit::Month => months(Cycle::Month, 1).dated(window),
        Unit::Quarter => months(Cycle::Quarter, 3).dated(window),
        Unit::Year => months(Cycle::Year, 12).dated(window),
        _ => Scale::DAY.regular(Cycle::Day, window),
    }
}
