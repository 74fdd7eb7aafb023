//! A cycle that is joined with an interval: `daily between 10:00 and 12:00 & every 10 minutes`.

use std::fmt;

use super::{Lint, Remark};
use crate::ast::{Basis, CondExpr, Every, Interval, Once, PeriodExpr, Since, Unit};
use crate::duration::DAY;

/// The remark about a conjunction of a cycle and a shorter interval. The run in a window uses it up, so the
/// interval never causes a second one.
pub(super) fn once_a_window<C: fmt::Display>(expr: &CondExpr<C>, members: &[CondExpr<C>]) -> Option<Remark> {
    let (once, unit) = members.iter().find_map(cycle)?;
    let every = members.iter().find_map(|member| interval(member, unit))?;
    let period = &once.period;
    let message = format!(
        "`{once}` lets the task run once in each of its windows, so `{every}` never starts it again within one"
    );
    let help = format!(
        "to run every {} within the window, write `{} & {every}`; to run once, leave `{every}` out",
        every.interval,
        CondExpr::<String>::TimeOf(period.clone()),
    );
    Some(Remark {
        lint: Lint::OnceAWindow,
        part: expr.to_string(),
        message,
        help,
    })
}

/// A cycle of the task's own that a run uses up, whatever its outcome.
fn cycle<C>(member: &CondExpr<C>) -> Option<(&Once, Unit)> {
    let CondExpr::Once(once) = member else {
        return None;
    };
    let is_used_up = once.task.is_none() && once.basis == Basis::Finish && once.retries == 0;
    is_used_up.then_some(())?;
    unit(&once.period).map(|unit| (once, unit))
}

fn unit(period: &PeriodExpr) -> Option<Unit> {
    match period {
        PeriodExpr::Anchored(anchored) => Some(anchored.unit),
        PeriodExpr::Series(series) if series.every == 1 => Some(series.anchored.unit),
        PeriodExpr::Zoned(zoned) => unit(&zoned.period),
        _ => None,
    }
}

/// An interval that is clearly shorter than the unit. One that counts failures only delays what follows them.
fn interval<C>(member: &CondExpr<C>, unit: Unit) -> Option<&Every> {
    let CondExpr::Every(every) = member else {
        return None;
    };
    let Interval::Time(length) = every.interval else {
        return None;
    };
    let is_shorter = length.0.saturating_mul(2) <= shortest(unit);
    (every.since != Since::Fail && is_shorter).then_some(every)
}

/// The length of the shortest unit of this kind.
fn shortest(unit: Unit) -> u64 {
    unit.micros().unwrap_or(match unit {
        Unit::Quarter => 90 * DAY,
        Unit::Year => 365 * DAY,
        _ => 28 * DAY,
    })
}
