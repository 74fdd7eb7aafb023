//! The times at which a condition may be true.

use super::cron;
use super::stretches::{
    Ranges, common, complement, every_day, length, merged, moment, of_window, one, times_of_year, weekday,
};
use crate::ast::{Anchored, CondExpr, Days, Moment, PeriodExpr, Series, Steps, StepsFrom, Unit};
use crate::duration::DAY;

/// The times in each cycle at which a condition may be true; `None` is any time.
///
/// Days are stored as parts of weeks. Days that short months lack are uncertain and count as any time.
#[derive(Clone, Default)]
pub(super) struct Times {
    second: Option<Ranges>,
    minute: Option<Ranges>,
    hour: Option<Ranges>,
    week: Option<Ranges>,
    month: Option<Ranges>,
    year: Option<Ranges>,
    /// Dates, which do not recur.
    date: Option<Ranges>,
}

impl Times {
    pub(super) fn of<C>(condition: &CondExpr<C>) -> Self {
        match condition {
            CondExpr::Once(once) => Self::of_period(&once.period),
            CondExpr::TimeOf(period) => Self::of_period(period),
            CondExpr::Not(inner) => match &**inner {
                CondExpr::TimeOf(PeriodExpr::Anchored(anchored)) => Self::beside(anchored),
                _ => Self::default(),
            },
            CondExpr::All(members) => members.iter().map(Self::of).fold(Self::default(), Self::and),
            CondExpr::Any(members) => members.iter().map(Self::of).reduce(Self::or).unwrap_or_default(),
            _ => Self::default(),
        }
    }

    fn of_period(period: &PeriodExpr) -> Self {
        match period {
            PeriodExpr::Anchored(anchored) => Self::only(anchored.unit, of_window(anchored)),
            PeriodExpr::All(members) => members
                .iter()
                .map(Self::of_period)
                .fold(Self::default(), Self::and),
            PeriodExpr::Any(members) => members
                .iter()
                .map(Self::of_period)
                .reduce(Self::or)
                .unwrap_or_default(),
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
            // One day from the moment, which may be the last day of a short month.
            PeriodExpr::At(start) => Self {
                date: Some(one(moment(start)..moment(start) + 5 * DAY)),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    /// A window that extends beyond its day may cover another day.
    fn of_series(series: &Series) -> Self {
        let Series {
            anchored, days, from, ..
        } = series;
        let is_within = of_window(anchored).is_some_and(|ranges| ranges.len() == 1);
        let on_days = if days.is_empty() || anchored.unit != Unit::Day || !is_within {
            Self::default()
        } else {
            Self::on(days)
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

    /// Days of the week. Other days are uncertain.
    fn on(days: &[Days]) -> Self {
        let weekdays = days.iter().map(|day| match day {
            Days::Weekday(day) => Some(weekday(*day)),
            _ => None,
        });
        let week = weekdays.collect::<Option<Vec<_>>>().map(merged);
        Self {
            week,
            ..Self::default()
        }
    }

    /// All time from one moment until another; an end without a time includes that day.
    fn between(start: Option<&Moment>, end: Option<&Moment>) -> Self {
        let end = end.map_or(u64::MAX, |end| {
            moment(end) + if end.time.is_none() { DAY } else { 0 }
        });
        Self {
            date: Some(one(start.map_or(0, moment)..end)),
            ..Self::default()
        }
    }

    /// All times outside the window, in a cycle of constant length.
    fn beside(anchored: &Anchored) -> Self {
        let inside = of_window(anchored).filter(|_| anchored.unit.micros().is_some());
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

    /// The times at which both may be true.
    pub(super) fn and(self, other: Self) -> Self {
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

    /// Returns true if nothing is known.
    pub(super) fn is_any(&self) -> bool {
        self.cycles().into_iter().all(Option::is_none)
    }

    /// Returns true if a cycle has no time left, or the dates have none of the times of the year.
    pub(super) fn is_never(&self) -> bool {
        let dated = self.date.as_deref().and_then(times_of_year);
        let is_elsewhere = |dated: Ranges| {
            self.year
                .as_ref()
                .is_some_and(|year| common(&dated, year).is_empty())
        };
        self.cycles().into_iter().flatten().any(Vec::is_empty) || dated.is_some_and(is_elsewhere)
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
