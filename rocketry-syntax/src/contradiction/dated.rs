//! The times of some dates at which a condition may be true.

use std::ops::Range;

use super::civil::{day, first_day, month_of, month_of_year, weekday};
use super::cron;
use super::effort::Effort;
use super::months::occurrences;
use super::picked::{Unknown, kind_of, picked};
use super::stretches::{Ranges, common, merged, one};
use super::times::{Times, is_limited_to_its_days};
use crate::ast::{Anchored, CondExpr, DayKind, Days, PeriodExpr, Series, Unit, Window};
use crate::cron::Cron;
use crate::duration::DAY;

/// Returns true if the conditions are certainly never true together in a stretch of dates.
pub(super) fn is_never<C>(conditions: &[&CondExpr<C>], within: &Range<u64>, effort: &Effort) -> bool {
    let times = conditions.iter().map(|condition| of(condition, within, effort));
    all(within, times).is_empty()
}

fn of<C>(condition: &CondExpr<C>, within: &Range<u64>, effort: &Effort) -> Ranges {
    let each = |members: &'_ [CondExpr<C>]| -> Vec<Ranges> {
        members.iter().map(|member| of(member, within, effort)).collect()
    };
    match condition {
        CondExpr::All(members) => all(within, each(members).into_iter()),
        CondExpr::Any(members) => any(each(members).into_iter()),
        CondExpr::Once(once) => of_period(&once.period, within, effort),
        CondExpr::TimeOf(period) => of_period(period, within, effort),
        CondExpr::Not(_) if effort.take(length(within)) => recurring(&Times::of(condition, effort), within),
        _ => one(within.clone()),
    }
}

fn of_period(period: &PeriodExpr, within: &Range<u64>, effort: &Effort) -> Ranges {
    let each = |members: &[PeriodExpr]| -> Vec<Ranges> {
        members
            .iter()
            .map(|member| of_period(member, within, effort))
            .collect()
    };
    match period {
        PeriodExpr::All(members) => all(within, each(members).into_iter()),
        PeriodExpr::Any(members) => any(each(members).into_iter()),
        period if effort.take(length(within).saturating_mul(items(period))) => common(
            &precise(period, within),
            &recurring(&Times::of_period(period, effort), within),
        ),
        _ => one(within.clone()),
    }
}

/// The number of days to check.
fn length(within: &Range<u64>) -> usize {
    days_of(within).count()
}

/// The maximum number of ranges per day, or of items checked per day.
fn items(period: &PeriodExpr) -> usize {
    match period {
        PeriodExpr::Cron(cron) => cron::of_day(cron).map_or(1, |open| open.len() + 1),
        PeriodExpr::On(days) => days.len(),
        PeriodExpr::Series(series) => series.days.len() + starts(&series.anchored),
        PeriodExpr::Anchored(anchored) => starts(anchored),
        _ => 1,
    }
}

fn starts(anchored: &Anchored) -> usize {
    match &anchored.window {
        Window::Each(starts) => starts.len(),
        _ => 1,
    }
}

fn precise(period: &PeriodExpr, within: &Range<u64>) -> Ranges {
    match period {
        PeriodExpr::Anchored(anchored) if anchored.unit > Unit::Week => occurrences(anchored, within),
        PeriodExpr::On(days) => on(days, within),
        PeriodExpr::Series(series) => of_series(series, within),
        PeriodExpr::Cron(cron) => of_cron(cron, within),
        _ => one(within.clone()),
    }
}

fn all(within: &Range<u64>, times: impl Iterator<Item = Ranges>) -> Ranges {
    times.fold(one(within.clone()), |all, times| common(&all, &times))
}

fn any(times: impl Iterator<Item = Ranges>) -> Ranges {
    merged(times.flatten().collect())
}

/// The times of the week on each day, and the dates.
fn recurring(times: &Times, within: &Range<u64>) -> Ranges {
    let dates = times.date.clone().unwrap_or_else(|| one(within.clone()));
    let Some(week) = &times.week else { return dates };
    let of_day = |day: u64| {
        let start = weekday(day) * DAY;
        common(&one(start..start + DAY), week)
            .into_iter()
            .map(move |range| range.start - start + day * DAY..range.end - start + day * DAY)
    };
    common(&dates, &merged(days_of(within).flat_map(of_day).collect()))
}

fn of_series(series: &Series, within: &Range<u64>) -> Ranges {
    let window = if series.anchored.unit > Unit::Week {
        occurrences(&series.anchored, within)
    } else {
        one(within.clone())
    };
    if is_limited_to_its_days(series) {
        common(&window, &on(&series.days, within))
    } else {
        window
    }
}

/// The whole of each of these days.
fn on(days: &[Days], within: &Range<u64>) -> Ranges {
    any(days.iter().map(|item| {
        of_days(item, within).map_or_else(
            |Unknown| one(within.clone()),
            |found| merged(found.into_iter().map(|day| day * DAY..(day + 1) * DAY).collect()),
        )
    }))
}

fn of_days(item: &Days, within: &Range<u64>) -> Result<Vec<u64>, Unknown> {
    let of_kind = |kind| kind_of(&kind).map(|is| days_of(within).filter(|day| is(*day)).collect());
    match item {
        Days::Date(date) => Ok(vec![day(*date)]),
        Days::Weekday(day) => of_kind(DayKind::On(*day)),
        // Among them are the business days.
        Days::Business(_) => of_kind(DayKind::Weekday),
        Days::Calendar(_) => Err(Unknown),
        Days::Ruled { month: of_year, day } => {
            let [first, last] = [within.start, within.end].map(|time| month_of(time / DAY));
            let months = (first.saturating_sub(4)..=last + 4)
                .filter(|month| of_year.is_none_or(|of_year| month_of_year(*month) == of_year));
            let days = months.map(|month| picked(day, &(first_day(month)..first_day(month + 1))));
            Ok(days
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect())
        }
    }
}

fn of_cron(cron: &Cron, within: &Range<u64>) -> Ranges {
    let Some(open) = cron::of_day(cron) else {
        return one(within.clone());
    };
    let days = days_of(within).filter(|day| cron::is_on(cron, *day));
    merged(
        days.flat_map(|day| {
            open.iter()
                .map(move |range| range.start + day * DAY..range.end + day * DAY)
        })
        .collect(),
    )
}

/// The days of a stretch, and the one before, which may last into it.
fn days_of(within: &Range<u64>) -> impl Iterator<Item = u64> + use<> {
    (within.start / DAY).saturating_sub(1)..within.end.div_ceil(DAY)
}
