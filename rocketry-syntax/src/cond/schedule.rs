//! Conditions on time: `daily after 10:00`, `every 10 minutes`, `cron 0 7 * * *`, and `retry`.

use crate::ast::{Basis, CondExpr, Every, Once, PeriodExpr, Retry, Since, Unit};
use crate::cron::cron;
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::Result;
use crate::period::{any_time_of, period, time_of};
use crate::window::window;

/// What follows `always`: nothing, `true` or `false`.
pub(super) fn always(cursor: &mut Cursor<'_>) -> CondExpr {
    let value = cursor.eat_any(&[("true", true), ("false", false)]);
    CondExpr::Constant(value.unwrap_or(true))
}

/// What follows the `time` of `time of day after 10:00`.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    time_of(cursor).map(CondExpr::TimeOf)
}

/// What follows the `any` of `any time of day`.
pub(super) fn any_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    any_time_of(cursor).map(CondExpr::TimeOf)
}

/// What follows the `in` of `in (past 1 hour)`.
pub(super) fn in_period(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    cursor.group(period).map(CondExpr::TimeOf)
}

/// What follows `cron`.
pub(super) fn cron_start(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    Ok(once(None, PeriodExpr::Cron(cron(cursor)?), Basis::Start, 0))
}

/// What follows `crontime`.
pub(super) fn cron_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    Ok(CondExpr::TimeOf(PeriodExpr::Cron(cron(cursor)?)))
}

/// What follows `every`.
pub(super) fn every(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const SINCE: [(&str, Since); 4] = [
        ("success", Since::Success),
        ("fail", Since::Fail),
        ("finish", Since::Finish),
        ("start", Since::Start),
    ];
    let interval = positive_delta(cursor)?;
    let since = if cursor.eat("based") {
        cursor.expect("on")?;
        cursor.expect_any(&SINCE)?
    } else {
        Since::default()
    };
    Ok(CondExpr::Every(Every { interval, since }))
}

/// What follows `daily`.
pub(super) fn cycle(cursor: &mut Cursor<'_>, unit: Unit) -> Result<CondExpr> {
    let period = PeriodExpr::anchored(unit, window(cursor, unit)?);
    Ok(once(None, period, Basis::Finish, retries(cursor)?))
}

/// What follows `once`.
pub(super) fn once_per(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    cursor.expect("per")?;
    let period = cursor.group(period)?;
    Ok(once(task, period, Basis::Finish, retries(cursor)?))
}

/// What follows `one`.
pub(super) fn one_start_per(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    cursor.expect("start")?;
    cursor.expect("per")?;
    Ok(once(task, cursor.group(period)?, Basis::Start, 0))
}

/// `with 3 retries`
fn retries(cursor: &mut Cursor<'_>) -> Result<u32> {
    if !cursor.eat("with") {
        return Ok(0);
    }
    let retries = cursor.number()?;
    cursor.expect_any(&[("retries", ()), ("retry", ())])?;
    Ok(retries)
}

fn once(task: Option<String>, period: PeriodExpr, basis: Basis, retries: u32) -> CondExpr {
    CondExpr::Once(Once {
        task,
        period,
        basis,
        retries,
    })
}

/// What follows `retry`.
pub(super) fn retry(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let counted = cursor.word().is_some_and(|word| word != "with");
    let limit = if counted {
        let limit = cursor.number()?;
        cursor.expect_any(&[("times", ()), ("time", ())])?;
        Some(limit)
    } else {
        None
    };
    let backoff = if cursor.eat("with") {
        cursor.expect("backoff")?;
        Some(positive_delta(cursor)?)
    } else {
        None
    };
    Ok(CondExpr::Retry(Retry { limit, backoff }))
}
