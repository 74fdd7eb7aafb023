//! Conditions on the session: the scheduler and the parameters.

use super::count::{Words, age, count};
use crate::ast::{Age, CondExpr, Count};
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::Result;

#[derive(Clone, Copy)]
enum Verb {
    Has,
    Is,
    Started,
}

/// The part after `scheduler`.
pub(super) fn scheduler(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const VERBS: [(&str, Verb); 3] = [("has", Verb::Has), ("is", Verb::Is), ("started", Verb::Started)];
    match cursor.expect_any(&VERBS)? {
        Verb::Has => has(cursor),
        Verb::Is => {
            cursor.expect("running")?;
            Ok(CondExpr::SchedulerRunning(Age::default()))
        }
        Verb::Started => {
            let past = positive_delta(cursor)?;
            cursor.expect("ago")?;
            Ok(CondExpr::SchedulerStarted(past))
        }
    }
}

/// `run over 10 minutes and under 1 hour`, `more than 3 cycles`, `cycles`
fn has(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    if cursor.eat("run") {
        return age(cursor, Words(&["over"]), Words(&["under"])).map(CondExpr::SchedulerRunning);
    }
    if cursor.eat("cycles") {
        return Ok(CondExpr::SchedulerCycles(Count::default()));
    }
    let count = count(cursor, "cycle", "cycles")?;
    if count.0.is_empty() {
        Err(cursor.unexpected())
    } else {
        Ok(CondExpr::SchedulerCycles(count))
    }
}

/// The part after `env`.
pub(super) fn env(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    cursor.name("the name of an environment").map(CondExpr::Env)
}

#[derive(Clone, Copy)]
enum Test {
    Exists,
    Is,
}

/// The part after `param`.
pub(super) fn param(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let name = cursor.name("the name of a parameter")?;
    match cursor.expect_any(&[("exists", Test::Exists), ("is", Test::Is)])? {
        Test::Exists => Ok(CondExpr::ParamExists(name)),
        Test::Is => Ok(CondExpr::ParamIs {
            name,
            value: cursor.quoted("a value")?,
        }),
    }
}
