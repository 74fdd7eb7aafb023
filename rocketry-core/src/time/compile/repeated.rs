//! Windows in some units, and steps.

use std::sync::Arc;

use rocketry_syntax::ast::{
    Anchored, Bound, Days as DaysExpr, Delta, Moment, Series as SeriesExpr, Steps as StepsExpr, StepsFrom,
    Unit, Window,
};

use super::days::{days, filter, of_week};
use super::invalid::{Calendars, InvalidPeriod, Result};
use super::moment::{day, end, start};
use super::scale::Scale;
use super::window::calendar;
use crate::time::calendar::{Calendar, Cycle, End, Picked, Place};
use crate::time::civil::{DAY, month_of};
use crate::time::days::{DaySet, Days};
use crate::time::period::{Each, Period};
use crate::time::pick::{Kind, Pick};
use crate::time::series::{Series, Units};
use crate::time::steps::{Steps, Ticks};

/// `on weekdays`: each such day.
pub(super) fn on(list: &[DaysExpr], calendars: Calendars<'_>) -> Result<Period> {
    let whole_day = Calendar::new(Cycle::Day, Place::Offset(0), End::Unit);
    Ok(some_days(whole_day, days(list, calendars)?))
}

/// A window on some days.
fn some_days(window: Calendar, days: Days) -> Period {
    Period::Series(Arc::new(Series {
        window,
        units: Units {
            every: 1,
            phase: 0,
            first: i64::MIN / 2,
            days: Some(days),
        },
        lasting: false,
        from: None,
        until: None,
    }))
}

/// `weekly on Mon, Wed, Fri 07:00`: a day from each, which is a window of those days for each time that is named.
pub(super) fn weekdays(starts: &[Bound]) -> Result<Period> {
    let mut times: Vec<(i64, u8)> = Vec::new();
    for start in starts {
        let Bound::Weekday { day, time } = *start else {
            return Err(InvalidPeriod::bound(start, Unit::Week));
        };
        let place = Scale::DAY.start(&Bound::Clock(time.unwrap_or(0)))?;
        let days = of_week(day)?;
        match times.iter_mut().find(|(time, _)| *time == place) {
            Some((_, known)) => *known |= days,
            None => times.push((place, days)),
        }
    }
    let windows = times.into_iter().map(|(time, days)| {
        let window = Calendar::new(Cycle::Day, Place::Offset(time), End::Length(DAY));
        some_days(window, Days([DaySet::Of(Kind::OfWeek(days))].into()))
    });
    Ok(each(windows.collect()))
}

fn each(mut members: Vec<Period>) -> Period {
    if members.len() == 1 {
        members.remove(0)
    } else {
        Period::Each(Each::new(members))
    }
}

/// `daily at 09:30 on weekdays`, `every 2 weeks on Friday 17:00 from 2026-01-02`
pub(super) fn series(series: &SeriesExpr, calendars: Calendars<'_>) -> Result<Period> {
    let Anchored { unit, window } = &series.anchored;
    if series.every == 0 || !series.days.is_empty() && *unit != Unit::Day || *unit < Unit::Day {
        return Err(InvalidPeriod(format!("{series} is not a series of windows")));
    }
    match (window, &series.from) {
        (Window::Full, Some(from)) if series.days.is_empty() => lasting(series, from),
        (Window::Each(starts), _) => {
            let windows = starts.iter().map(|start| {
                let window = Window::On(start.clone());
                one(series, &Anchored { unit: *unit, window }, calendars)
            });
            Ok(each(windows.collect::<Result<_>>()?))
        }
        _ => one(series, &series.anchored, calendars),
    }
}

/// One window in each of the units that count.
fn one(series: &SeriesExpr, anchored: &Anchored, calendars: Calendars<'_>) -> Result<Period> {
    let window = match (anchored.unit, &anchored.window) {
        // A day that is told by what it is ends as it does, and not where the next such day starts.
        (Unit::Day, Window::Full) => Calendar::new(Cycle::Day, Place::Offset(0), End::Unit),
        (Unit::Day, Window::Starting(start)) => {
            let place = Place::Offset(Scale::DAY.start(start)?);
            Calendar::new(Cycle::Day, place, End::Length(DAY))
        }
        _ => calendar(anchored, calendars)?,
    };
    let phase = series.from.as_ref().map_or(0, |from| window.unit_of(day(from)));
    Ok(Period::Series(Arc::new(Series {
        window,
        units: Units {
            every: series.every.into(),
            phase,
            first: if series.from.is_some() {
                phase
            } else {
                i64::MIN / 2
            },
            days: filter(&series.days, calendars)?,
        },
        lasting: false,
        from: series.from.as_ref().map(start),
        until: series.until.as_ref().map(end),
    })))
}

/// `every 2 weeks from 2026-01-02`: stretches of a fixed number of units, one after the other.
fn lasting(series: &SeriesExpr, from: &Moment) -> Result<Period> {
    let every = i64::from(series.every);
    let first = day(from);
    let time = start(from).micros() - first * DAY;
    let (cycle, every, phase, place) = match series.anchored.unit {
        Unit::Day => (Cycle::Day, every, first, Place::Offset(time)),
        Unit::Week => (Cycle::Day, every * 7, first, Place::Offset(time)),
        unit => {
            let months = match unit {
                Unit::Month => 1,
                Unit::Quarter => 3,
                _ => 12,
            };
            let place = Place::Picked(Arc::new(Picked {
                month: 0,
                months: 1,
                pick: Pick::AtMost(from.date.day),
                time,
            }));
            (Cycle::Month, every * months, month_of(first), place)
        }
    };
    Ok(Period::Series(Arc::new(Series {
        window: Calendar::new(cycle, place, End::Length(DAY)),
        units: Units {
            every,
            phase,
            first: phase,
            days: None,
        },
        lasting: true,
        from: Some(start(from)),
        until: series.until.as_ref().map(end),
    })))
}

/// `every 90 minutes from 09:00 until 17:00`
pub(super) fn steps(steps: &StepsExpr, calendars: Calendars<'_>) -> Result<Period> {
    let step = length(steps.step)?;
    Ok(match &steps.from {
        StepsFrom::Clock { start, end, days } => {
            let start = Scale::DAY.start(&Bound::Clock(*start))?;
            let end = end.map_or(Ok(start), |end| Scale::DAY.end(&Bound::Clock(end)))?;
            let length = (end - start - 1).rem_euclid(DAY) + 1;
            let days = filter(days, calendars)?;
            if step >= length {
                // One step a day is a window of the day, which no change of the clock leaves out.
                let window = Calendar::new(Cycle::Day, Place::Offset(start), End::Length(length));
                return Ok(match days {
                    Some(days) => some_days(window, days),
                    None => Period::Calendar(window),
                });
            }
            Period::Steps(Arc::new(Steps {
                step,
                start,
                length,
                days,
            }))
        }
        StepsFrom::Moment { start, end } => Period::Ticks(Arc::new(Ticks {
            step,
            from: self::start(start),
            until: end.as_ref().map(self::end),
        })),
    })
}

fn length(length: Delta) -> Result<i64> {
    let micros = i64::try_from(length.0).ok().filter(|micros| *micros > 0);
    micros.ok_or_else(|| InvalidPeriod::length(length))
}
