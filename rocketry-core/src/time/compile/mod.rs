//! From the tree of a period to the period.

mod days;
mod months;
mod repeated;
mod scale;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rocketry_syntax::ast::{Anchored, Bound, Delta, Moment, PeriodExpr, Unit, Window};

use super::calendar::{Calendar, Cycle};
use super::civil::{DAY, first_day};
use super::cron::Cron;
use super::dates::Dates;
use super::each::Each;
use super::elapsed::Elapsed;
use super::period::Period;
use super::stretch::Stretch;
use super::wall::Wall;
use super::zone::Zone;
use months::Months;
use scale::Scale;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const WEEK: i64 = 7 * DAY;

/// A tree that is no period. The parser never builds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPeriod(String);

impl fmt::Display for InvalidPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for InvalidPeriod {}

impl InvalidPeriod {
    fn bound(bound: &Bound, unit: Unit) -> Self {
        Self(format!("{bound:?} is no place in {unit:?}"))
    }

    fn several(window: &Window) -> Self {
        Self(format!("{window:?} is several windows where there can be one"))
    }

    fn length(length: Delta) -> Self {
        Self(format!("{length} is too long to be repeated"))
    }
}

type Result<T> = std::result::Result<T, InvalidPeriod>;

/// Finds the calendar of a name.
type Calendars<'c> = &'c dyn Fn(&str) -> std::result::Result<Dates, String>;

pub(super) fn period(expr: &PeriodExpr, calendars: Calendars<'_>) -> Result<Period> {
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
        .map_err(|error: super::UnknownZone| InvalidPeriod(error.to_string()))?;
    Ok(match period(expr, calendars)? {
        Period::All(members) => Period::all(members.into_iter().map(|member| zoned(zone, member))),
        Period::Any(members) => Period::any(members.into_iter().map(|member| zoned(zone, member))),
        period => zoned(zone, period),
    })
}

/// What is no set and follows a clock follows that of the zone.
fn zoned(zone: Zone, period: Period) -> Period {
    match period {
        Period::Always | Period::Never | Period::Fixed(_) | Period::Zoned(_) => period,
        period if period.is_sliding() => period,
        period => Period::Zoned(Arc::new((zone, period))),
    }
}

/// The reading at which something starts that starts at a moment.
fn start(moment: &Moment) -> Wall {
    reading(moment, 0)
}

/// The reading at which something ends that lasts until a moment: a bare date is included.
fn end(moment: &Moment) -> Wall {
    reading(moment, DAY)
}

fn reading(moment: &Moment, bare: i64) -> Wall {
    let time = moment
        .time
        .and_then(|time| i64::try_from(time).ok())
        .unwrap_or(bare);
    Wall::new(day(moment) * DAY + time)
}

/// The number of the day of a moment.
fn day(moment: &Moment) -> i64 {
    let date = moment.date;
    first_day(i64::from(date.year) * 12 + i64::from(date.month) - 1) + i64::from(date.day) - 1
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

/// One window of each unit.
fn window(anchored: &Anchored, calendars: Calendars<'_>) -> Result<Period> {
    match Scale::elapsed(anchored.unit) {
        Some(scale) => {
            let (start, length) = scale.window(&anchored.window)?;
            Ok(Period::Elapsed(Elapsed::new(scale.length, start, length)))
        }
        None => calendar(anchored, calendars).map(Period::Calendar),
    }
}

/// One window of each day, week, month, quarter or year.
fn calendar(anchored: &Anchored, calendars: Calendars<'_>) -> Result<Calendar> {
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
