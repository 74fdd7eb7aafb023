//! Windows that start on a day that not every month has.

use std::fmt::Display;

use super::{Lint, Remark};
use crate::ast::{Anchored, Bound, Day, DayKind, DayRule, Days, PeriodExpr, Unit, Window};

/// A day that some months, quarters or years lack.
struct Absent {
    /// `a 31st`, `a fifth Friday`.
    day: String,
    /// `month`, `February`.
    of: &'static str,
    /// How often it occurs.
    often: &'static str,
    /// What to write instead.
    instead: &'static str,
}

/// The remark about a period whose windows start on such a day. `leaf` is the part of the statement.
pub(super) fn remark(period: &PeriodExpr, leaf: &impl Display, part: &str) -> Option<Remark> {
    let absent = match period {
        PeriodExpr::Anchored(anchored) => of_window(anchored),
        PeriodExpr::Series(series) => of_window(&series.anchored).or_else(|| of_days(&series.days)),
        PeriodExpr::On(days) => of_days(days),
        _ => None,
    }?;
    let Absent {
        day,
        of,
        often,
        instead,
    } = absent;
    Some(Remark {
        lint: Lint::DayNotInEveryMonth,
        part: part.to_owned(),
        message: format!("not every {of} has {day}, so `{leaf}` skips those without: it comes {often}"),
        help: instead.to_owned(),
    })
}

fn of_window(anchored: &Anchored) -> Option<Absent> {
    let of = |bound: &Bound| of_bound(anchored.unit, bound);
    match &anchored.window {
        Window::After(start) | Window::Between(start, _) | Window::On(start) | Window::Starting(start) => {
            of(start)
        }
        Window::Each(starts) => starts.iter().find_map(of),
        Window::Full | Window::Before(_) => None,
    }
}

fn of_bound(unit: Unit, bound: &Bound) -> Option<Absent> {
    match bound {
        Bound::MonthDay { day, .. } => of_rule(unit, None, &DayRule::Plain(*day)),
        Bound::YearDay {
            month,
            day: Some(day),
            ..
        } => of_rule(unit, Some(*month), &DayRule::Plain(*day)),
        Bound::Ruled(ruled) => of_rule(unit, ruled.month, &ruled.day),
        _ => None,
    }
}

fn of_days(days: &[Days]) -> Option<Absent> {
    days.iter().find_map(|day| match day {
        Days::Ruled { month, day } => of_rule(Unit::Month, *month, day),
        _ => None,
    })
}

fn of_rule(unit: Unit, month: Option<u8>, rule: &DayRule) -> Option<Absent> {
    match rule {
        DayRule::Plain(Day::Nth(day)) => of_day(unit, month, *day, rule),
        DayRule::Counted {
            nth: nth @ 5..,
            kind: DayKind::On(_),
            ..
        } if *nth > 5 || unit == Unit::Month || month.is_some() => Some(Absent {
            day: format!("a {rule}"),
            of: "month",
            often: "four or five times a year",
            instead: "for the last one of each month, write `last` instead of the number",
        }),
        DayRule::Moved { from, .. } => of_rule(unit, month, from),
        DayRule::Nearest { day, .. } => of_rule(unit, month, day),
        _ => None,
    }
}

fn of_day(unit: Unit, month: Option<u8>, day: u8, rule: &DayRule) -> Option<Absent> {
    let (of, often) = match (unit, month, day) {
        (_, Some(2), 29) => ("February", "in leap years only"),
        (Unit::Quarter, None, 91) => ("quarter", "three times a year, or four in a leap year"),
        (Unit::Quarter, None, 92) => ("quarter", "twice a year"),
        (Unit::Month, None, 29) => ("month", "eleven times a year, or twelve in a leap year"),
        (Unit::Month, None, 30) => ("month", "eleven times a year"),
        (Unit::Month, None, 31) => ("month", "seven times a year"),
        _ => return None,
    };
    Some(Absent {
        day: format!("a {rule}"),
        of,
        often,
        instead: match of {
            "month" => "for the last day of each month, write `last day`",
            "quarter" => "for the last day of each quarter, write `last day`",
            _ => "for the last day of each February, write `February last day`",
        },
    })
}
