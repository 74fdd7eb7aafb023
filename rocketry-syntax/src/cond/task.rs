//! Conditions on tasks: `after task 'x'`, `task 'x' has failed today`, `task 'x' is running`.

use super::count::{Words, age, count};
use super::schedule::{once_per, one_start_per};
use crate::ast::{
    Action, After, Age, CondExpr, Count, Outcome, PeriodExpr, Quantifier, Running, Status, Unit,
};
use crate::cursor::Cursor;
use crate::duration::positive_delta;
use crate::error::{Result, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::period::{in_unit, period};

const NAME: &str = "the name of a task";

#[derive(Clone, Copy)]
enum Verb {
    Has,
    Is,
    Once,
    One,
}

/// The part after `task`.
pub(super) fn task(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const VERBS: [(&str, Verb); 4] = [
        ("has", Verb::Has),
        ("is", Verb::Is),
        ("once", Verb::Once),
        ("one", Verb::One),
    ];
    let task = Some(cursor.name(NAME)?);
    match cursor.expect_any(&VERBS)? {
        Verb::Has => has(cursor, task),
        Verb::Is => is_running(cursor, task),
        Verb::Once => once_per(cursor, task),
        Verb::One => one_start_per(cursor, task),
    }
}

/// The part after `while`.
pub(super) fn while_running(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let task = if cursor.eat("task") {
        Some(cursor.name(NAME)?)
    } else {
        None
    };
    cursor.expect("is")?;
    is_running(cursor, task)
}

/// The part after `has`.
pub(super) fn has(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    const ACTIONS: [(&str, Action); 7] = [
        ("started", Action::Started),
        ("succeeded", Action::Succeeded),
        ("failed", Action::Failed),
        ("finished", Action::Finished),
        ("terminated", Action::Terminated),
        ("inacted", Action::Inacted),
        ("crashed", Action::Crashed),
    ];
    let action = cursor.expect_any(&ACTIONS)?;
    let within = within(cursor)?;
    let count = count(cursor, "time", "times")?;
    Ok(CondExpr::Status(Status {
        task,
        action,
        within,
        count,
    }))
}

/// Takes `today …`, `this hour …`, `[in] past 2 hours`, `in (…)`.
fn within(cursor: &mut Cursor<'_>) -> Result<Option<PeriodExpr>> {
    if cursor.eat("today") {
        return in_unit(cursor, Unit::Day).map(Some);
    }
    if cursor.eat("this") {
        let unit = cursor.expect_any(&Unit::names())?;
        return in_unit(cursor, unit).map(Some);
    }
    if cursor.eat("in") {
        if cursor.kind() == Some(TokenKind::Open) {
            return cursor.group(period).map(Some);
        }
        cursor.expect("past")?;
        return positive_delta(cursor).map(PeriodExpr::Past).map(Some);
    }
    if cursor.eat("past") {
        return positive_delta(cursor).map(PeriodExpr::Past).map(Some);
    }
    Ok(None)
}

/// The part after `is`.
pub(super) fn is_running(cursor: &mut Cursor<'_>, task: Option<String>) -> Result<CondExpr> {
    const MORE: Words = Words(&["more", "than"]);
    const LESS: Words = Words(&["less", "than"]);
    cursor.expect("running")?;
    let age = if cursor.eat("for") {
        age(cursor, MORE, LESS)?
    } else {
        Age::default()
    };
    let count = if cursor.eat("in") {
        counted_runs(cursor)?
    } else {
        Count::default()
    };
    Ok(CondExpr::Running(Running { task, age, count }))
}

fn counted_runs(cursor: &mut Cursor<'_>) -> Result<Count> {
    let count = count(cursor, "run", "runs")?;
    if count.0.is_empty() {
        Err(cursor.unexpected())
    } else {
        Ok(count)
    }
}

/// Returns true if a length stands here that is followed by `after` and tasks: `30 minutes after task 'x'`.
pub(super) fn is_delayed(cursor: &Cursor<'_>) -> bool {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let names_task = |ahead| {
        let tasks = cursor
            .word_at(ahead + 1)
            .is_some_and(|word| matches!(word, "task" | "tasks" | "any"));
        cursor.word_at(ahead) == Some("after") && tasks
    };
    cursor.word().is_some_and(is_number) && cursor.ahead().any(names_task)
}

/// `30 minutes after task 'x' succeeded`
pub(super) fn delayed(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    let delay = positive_delta(cursor)?;
    cursor.expect("after")?;
    match after(cursor)? {
        CondExpr::After(after) => Ok(CondExpr::After(After {
            delay: Some(delay),
            ..after
        })),
        other => Ok(other),
    }
}

/// The part after `after`.
pub(super) fn after(cursor: &mut Cursor<'_>) -> Result<CondExpr> {
    const QUANTIFIERS: [(&str, Quantifier); 3] = [
        ("task", Quantifier::One),
        ("tasks", Quantifier::All),
        ("any", Quantifier::Any),
    ];
    const OUTCOMES: [(&str, Outcome); 4] = [
        ("succeeded", Outcome::Success),
        ("failed", Outcome::Fail),
        ("finished", Outcome::Finish),
        ("terminated", Outcome::Terminate),
    ];
    let quantifier = cursor.expect_any(&QUANTIFIERS)?;
    if quantifier == Quantifier::Any {
        cursor.expect("tasks")?;
    }
    let mut tasks = vec![cursor.name(NAME)?];
    while quantifier != Quantifier::One && cursor.eat(",") {
        tasks.push(cursor.name(NAME)?);
    }
    if cursor.word() == Some(",") {
        let expected = "`after tasks` or `after any tasks` before several names";
        return Err(cursor.error(SyntaxErrorKind::Unexpected, expected));
    }
    let outcome = cursor.eat_any(&OUTCOMES).unwrap_or_default();
    Ok(CondExpr::After(After {
        outcome,
        quantifier,
        tasks,
        delay: None,
    }))
}
