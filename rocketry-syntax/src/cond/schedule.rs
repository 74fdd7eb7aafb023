//! Conditions on time: `daily after 10:00`, `every 10 minutes`, `cron 0 7 * * *`, and `retry`.

use crate::ast::{Basis, CondExpr, Every, Once, PeriodExpr, Retry, Since, Unit};
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::Result;
use crate::every::{Repeated, repeated};
use crate::period::{any_time_of, cron_period, in_unit, on_days, once_at, period, time_of, zoned};
use crate::period::{from as from_moment, until as until_moment};

/// The part after `always`: nothing, `true` or `false`.
pub(super) fn always(cursor: &mut Cursor<'_>) -> CondExpr {
    let value = cursor.eat_any(&[("true", true), ("false", false)]);
    CondExpr::Constant(value.unwrap_or(true))
}

/// The part after `time` in `time of day after 10:00`.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    time_of(cursor).map(CondExpr::TimeOf)
}

/// The part after `any` in `any time of day`.
pub(super) fn any_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    any_time_of(cursor).map(CondExpr::TimeOf)
}

/// The part after `in` in `in (past 1 hour)`.
pub(super) fn in_period(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let period = cursor.group(period)?;
    zoned(cursor, period).map(CondExpr::TimeOf)
}

/// The part after `cron`.
pub(super) fn cron_start(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    Ok(once(None, cron_period(cursor)?, Basis::Start, 0))
}

/// The part after `crontime`.
pub(super) fn cron_time(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    cron_period(cursor).map(CondExpr::TimeOf)
}

/// The part after `on`.
pub(super) fn on(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    on_days(cursor).map(CondExpr::TimeOf)
}

/// The part after `from`.
pub(super) fn from(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    from_moment(cursor).map(CondExpr::TimeOf)
}

/// The part after `until`.
pub(super) fn until(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    until_moment(cursor).map(CondExpr::TimeOf)
}

/// The part after `at` in `at most 10 runs`.
pub(super) fn at_most(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    cursor.expect("most")?;
    let runs = cursor.number()?;
    cursor.expect_any(&[("runs", ()), ("run", ())])?;
    Ok(CondExpr::AtMostRuns(runs))
}

/// The part after `every`.
pub(super) fn every(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const SINCE: [(&str, Since); 4] = [
        ("success", Since::Success),
        ("fail", Since::Fail),
        ("finish", Since::Finish),
        ("start", Since::Start),
    ];
    let interval = match repeated(cursor)? {
        Repeated::Interval(interval) => interval,
        Repeated::Period(period) => return Ok(once(None, period, Basis::Finish, retries(cursor)?)),
    };
    let since = if cursor.eat("based") {
        cursor.expect("on")?;
        cursor.expect_any(&SINCE)?
    } else {
        Since::default()
    };
    Ok(CondExpr::Every(Every { interval, since }))
}

/// The part after `daily`.
pub(super) fn cycle(cursor: &mut Cursor<'_>, unit: Unit) -> Result<CondExpr> {
    let period = in_unit(cursor, unit)?;
    Ok(once(None, period, Basis::Finish, retries(cursor)?))
}

/// The part after `once`, where it may be told at which moment.
pub(super) fn once_word(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    if matches!(cursor.word(), Some("at" | "on")) {
        return Ok(once(None, once_at(cursor)?, Basis::Finish, retries(cursor)?));
    }
    once_per(cursor, None)
}

/// The part after `once`.
pub(super) fn once_per(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    cursor.expect("per")?;
    let period = cursor.group(period)?;
    Ok(once(task, period, Basis::Finish, retries(cursor)?))
}

/// The part after `one`.
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

/// The part after `retry`.
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
