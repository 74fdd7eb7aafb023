//! The times at which a condition may be true.

use super::civil::{day, moment};
use super::clocks::{covered, earliest, latest};
use super::cron;
use super::effort::Effort;
use super::stretches::{
    Ranges, common, complement, every_day, length, merged, of_window, one, weekday, within_window,
};
use crate::ast::{Anchored, CondExpr, Days, Moment, PeriodExpr, Series, Steps, StepsFrom, Unit};
use crate::duration::DAY;

/// How the times of several conditions become those of one.
type Join = fn(Times, Times) -> Times;

/// The times in each cycle at which a condition may be true; `None` is any time.
///
/// Days are stored as parts of weeks. Days that short months lack are uncertain and count as any time.
#[derive(Clone, Default)]
pub(super) struct Times {
    second: Option<Ranges>,
    minute: Option<Ranges>,
    hour: Option<Ranges>,
    pub(super) week: Option<Ranges>,
    month: Option<Ranges>,
    year: Option<Ranges>,
    /// Dates, which do not recur.
    pub(super) date: Option<Ranges>,
}

impl Times {
    pub(super) fn of<C>(condition: &CondExpr<C>, effort: &Effort) -> Self {
        let each = |members: &[CondExpr<C>], join: Join| {
            let times = members.iter().map(|member| Self::of(member, effort));
            Self::joined(times, join, effort)
        };
        match condition {
            CondExpr::Once(once) => Self::of_period(&once.period, effort),
            CondExpr::TimeOf(period) => Self::of_period(period, effort),
            CondExpr::Not(inner) => match &**inner {
                CondExpr::TimeOf(PeriodExpr::Anchored(anchored)) => Self::beside(anchored),
                _ => Self::default(),
            },
            CondExpr::All(members) => each(members, Self::and),
            CondExpr::Any(members) => each(members, Self::or),
            _ => Self::default(),
        }
    }

    pub(super) fn of_period(period: &PeriodExpr, effort: &Effort) -> Self {
        let each = |members: &[PeriodExpr], join: Join| {
            let times = members.iter().map(|member| Self::of_period(member, effort));
            Self::joined(times, join, effort)
        };
        match period {
            PeriodExpr::All(members) => each(members, Self::and),
            PeriodExpr::Any(members) => each(members, Self::or),
            _ if effort.is_spent() => Self::default(),
            period => Self::of_one(period).unless_costly(0, effort),
        }
    }

    fn of_one(period: &PeriodExpr) -> Self {
        match period {
            PeriodExpr::Anchored(anchored) => Self::only(anchored.unit, of_window(anchored)),
            PeriodExpr::Cron(cron) => Self {
                week: cron::of_week(cron),
                month: cron::of_month(cron),
                year: cron::of_year(cron),
                ..Self::default()
            },
            PeriodExpr::On(days) => Self::on(days),
            PeriodExpr::Series(series) => Self::of_series(series),
            PeriodExpr::Steps(steps) => Self::of_steps(steps),
            PeriodExpr::From(start) => Self::between(Some(start), None),
            PeriodExpr::Until(end) => Self::between(None, Some(end)),
            PeriodExpr::At(start) => Self {
                date: Some(one(covered(moment(start)..moment(start) + DAY))),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    fn joined(times: impl Iterator<Item = Self>, join: Join, effort: &Effort) -> Self {
        let cheap = |all: Self, times: Self| {
            let steps = all.size() + times.size();
            join(all, times).unless_costly(steps, effort)
        };
        times.reduce(cheap).unwrap_or_default()
    }

    /// Any time, if there are not as many steps left.
    fn unless_costly(self, steps: usize, effort: &Effort) -> Self {
        if effort.take(steps + self.size()) {
            self
        } else {
            Self::default()
        }
    }

    /// Times of the units, and days.
    fn of_series(series: &Series) -> Self {
        let Series {
            anchored, days, from, ..
        } = series;
        let on_days = if is_limited_to_its_days(series) {
            Self::on(days)
        } else {
            Self::default()
        };
        Self::only(anchored.unit, of_window(anchored))
            .and(on_days)
            .and(Self::between(from.as_ref(), None))
    }

    /// Steps from a moment. The last one may last into what follows their end.
    fn of_steps(steps: &Steps) -> Self {
        match &steps.from {
            StepsFrom::Clock { .. } => Self::default(),
            StepsFrom::Moment { start, .. } => Self::between(Some(start), None),
        }
    }

    /// Days of the week, or dates. Other days are uncertain.
    fn on(days: &[Days]) -> Self {
        let weekdays = days.iter().map(|day| match day {
            Days::Weekday(day) => Some(weekday(*day)),
            _ => None,
        });
        let dates = days.iter().map(|item| match item {
            Days::Date(date) => Some(day(*date) * DAY..(day(*date) + 1) * DAY),
            _ => None,
        });
        Self {
            week: weekdays.collect::<Option<_>>().map(merged),
            date: dates.collect::<Option<_>>().map(merged),
            ..Self::default()
        }
    }

    /// All time from one moment until another; an end without a time includes that day.
    fn between(start: Option<&Moment>, end: Option<&Moment>) -> Self {
        let end = end.map_or(u64::MAX, |end| {
            latest(moment(end) + if end.time.is_none() { DAY } else { 0 })
        });
        let start = start.map_or(0, |start| earliest(moment(start)));
        Self {
            date: Some(one(start..end)),
            ..Self::default()
        }
    }

    /// All times outside the window, in a cycle of constant length.
    fn beside(anchored: &Anchored) -> Self {
        let inside = within_window(anchored).filter(|_| anchored.unit.micros().is_some());
        Self::only(
            anchored.unit,
            inside.map(|inside| complement(&inside, length(anchored.unit))),
        )
    }

    fn only(unit: Unit, ranges: Option<Ranges>) -> Self {
        let mut times = Self::default();
        match unit {
            Unit::Second => times.second = ranges,
            Unit::Minute => times.minute = ranges,
            Unit::Hour => times.hour = ranges,
            Unit::Day => times.week = ranges.map(|ranges| every_day(&ranges)),
            Unit::Week => times.week = ranges,
            Unit::Month => times.month = ranges,
            Unit::Quarter => {}
            Unit::Year => times.year = ranges,
        }
        times
    }

    /// The times at which all of them may be true.
    pub(super) fn common(times: impl Iterator<Item = Self>, effort: &Effort) -> Self {
        Self::joined(times, Self::and, effort)
    }

    fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| match (a, b) {
            (Some(a), Some(b)) => Some(common(&a, &b)),
            (one, other) => one.or(other),
        })
    }

    /// The times at which either may be true.
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| Some(merged(a?.into_iter().chain(b?).collect())))
    }

    fn zip(self, other: Self, join: impl Fn(Option<Ranges>, Option<Ranges>) -> Option<Ranges>) -> Self {
        Self {
            second: join(self.second, other.second),
            minute: join(self.minute, other.minute),
            hour: join(self.hour, other.hour),
            week: join(self.week, other.week),
            month: join(self.month, other.month),
            year: join(self.year, other.year),
            date: join(self.date, other.date),
        }
    }

    /// Returns true if a cycle has no time left.
    pub(super) fn is_never(&self) -> bool {
        self.cycles().into_iter().flatten().any(Vec::is_empty)
    }

    /// How many stretches there are.
    fn size(&self) -> usize {
        self.cycles().into_iter().flatten().map(Vec::len).sum()
    }

    fn cycles(&self) -> [&Option<Ranges>; 7] {
        [
            &self.second,
            &self.minute,
            &self.hour,
            &self.week,
            &self.month,
            &self.year,
            &self.date,
        ]
    }
}

/// Returns true if the windows of a series are open on its days only: one that lasts into the next day is not.
pub(super) fn is_limited_to_its_days(series: &Series) -> bool {
    let is_within = of_window(&series.anchored).is_some_and(|ranges| ranges.len() == 1);
    !series.days.is_empty() && series.anchored.unit == Unit::Day && is_within
}
