//! Compiles the expression tree of a period.

mod days;
mod invalid;
mod moment;
mod months;
mod repeated;
mod scale;
mod window;

use std::sync::Arc;

use rocketry_syntax::ast::{Anchored, PeriodExpr, Unit, Window};

use super::civil::DAY;
use super::cron::Cron;
use super::dates::Dates;
use super::period::{Each, Period};
use super::stretch::Stretch;
use super::wall::Wall;
use super::zone::{UnknownZone, Zone};
pub use invalid::InvalidPeriod;
use invalid::{Calendars, Result};
use moment::{end, start};
use window::window;

impl Period {
    /// Compiles the expression tree of a period.
    ///
    /// # Errors
    ///
    /// Returns an error for a tree that the parser would not create: a bound that does not fit its unit, or a
    /// day that no month has.
    pub fn compile(expr: &PeriodExpr) -> std::result::Result<Self, InvalidPeriod> {
        Self::compile_with(expr, &|name: &str| Err(format!("there is no calendar '{name}'")))
    }

    /// Compiles the expression tree of a period that names calendars; `calendars` finds them.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`compile`](Self::compile), and an error for a name that `calendars` does not
    /// know.
    pub fn compile_with(
        expr: &PeriodExpr,
        calendars: &dyn Fn(&str) -> std::result::Result<Dates, String>,
    ) -> std::result::Result<Self, InvalidPeriod> {
        period(expr, calendars)
    }
}

fn period(expr: &PeriodExpr, calendars: Calendars<'_>) -> Result<Period> {
    Ok(match expr {
        PeriodExpr::Always => Period::Always,
        PeriodExpr::Never => Period::Never,
        PeriodExpr::Anchored(anchored) => windows(anchored, calendars)?,
        PeriodExpr::Past(delta) => Period::Past(*delta),
        PeriodExpr::Cron(cron) => Period::Cron(Cron::new(cron)),
        PeriodExpr::From(from) => stretch(Some(start(from)), None),
        PeriodExpr::Until(until) => stretch(None, Some(end(until))),
        PeriodExpr::At(at) => stretch(Some(start(at)), Some(start(at).plus(DAY))),
        PeriodExpr::On(days) => repeated::on(days, calendars)?,
        PeriodExpr::Series(series) => repeated::series(series, calendars)?,
        PeriodExpr::Steps(steps) => repeated::steps(steps, calendars)?,
        PeriodExpr::Zoned(zoned) => in_zone(&zoned.zone, &zoned.period, calendars)?,
        PeriodExpr::All(members) => Period::all(periods(members, calendars)?),
        PeriodExpr::Any(members) => Period::any(periods(members, calendars)?),
    })
}

fn periods(members: &[PeriodExpr], calendars: Calendars<'_>) -> Result<Vec<Period>> {
    members.iter().map(|member| period(member, calendars)).collect()
}

fn stretch(from: Option<Wall>, until: Option<Wall>) -> Period {
    Period::Stretch(Arc::new(Stretch::new(from, until)))
}

fn in_zone(name: &str, expr: &PeriodExpr, calendars: Calendars<'_>) -> Result<Period> {
    let zone: Zone = name
        .parse()
        .map_err(|error: UnknownZone| InvalidPeriod(error.to_string()))?;
    Ok(match period(expr, calendars)? {
        Period::All(members) => Period::all(members.into_iter().map(|member| zoned(zone, member))),
        Period::Any(members) => Period::any(members.into_iter().map(|member| zoned(zone, member))),
        period => zoned(zone, period),
    })
}

/// Applies a zone to a period that follows a clock and is not a set.
fn zoned(zone: Zone, period: Period) -> Period {
    match period {
        Period::Always | Period::Never | Period::Fixed(_) | Period::Zoned(_) => period,
        period if period.is_sliding() => period,
        period => Period::Zoned(Arc::new((zone, period))),
    }
}

/// A window of each unit, or several.
fn windows(anchored: &Anchored, calendars: Calendars<'_>) -> Result<Period> {
    let Window::Each(starts) = &anchored.window else {
        return window(anchored, calendars);
    };
    if anchored.unit == Unit::Week {
        return repeated::weekdays(starts);
    }
    let members = starts.iter().map(|start| {
        let window = Window::On(start.clone());
        self::window(&Anchored { window, ..*anchored }, calendars)
    });
    Ok(Period::Each(Each::new(members.collect::<Result<_>>()?)))
}
