//! The first words of built-in conditions, and the parsers of the rest.

use super::{schedule, scheduler, task};
use crate::ast::{CondExpr, Unit};
use crate::bound::{MONTHS, WEEKDAYS};
use crate::cursor::Cursor;
use crate::error::Result;
use crate::suggest::is_near;

/// The beginning of a built-in condition.
pub(super) struct Head {
    word: &'static str,
    /// The words that may follow, for heads that custom phrases share: `is workday`. `0` is any number.
    then: &'static [&'static [&'static str]],
    /// Takes what follows the word.
    pub(super) rest: fn(&mut Cursor<'_>) -> Result<CondExpr>,
}

const ACTIONS: &[&[&str]] = &[&[
    "started",
    "succeeded",
    "failed",
    "finished",
    "terminated",
    "inacted",
    "crashed",
]];

/// The words that name days; numbers do too. Of a day of the week and a month, three letters are enough.
const DAYS: &[&[&str]] = &[
    &["0", "weekdays", "weekends", "business", "next", "previous"],
    &["first", "second", "third", "fourth", "fifth", "last"],
    &WEEKDAYS,
    &MONTHS,
];

/// Any number.
const DATE: &[&[&str]] = &[&["0"]];

#[rustfmt::skip]
const HEADS: &[Head] = &[
    Head { word: "every", then: &[], rest: schedule::every },
    Head { word: "secondly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Second) },
    Head { word: "minutely", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Minute) },
    Head { word: "hourly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Hour) },
    Head { word: "daily", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Day) },
    Head { word: "weekly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Week) },
    Head { word: "monthly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Month) },
    Head { word: "quarterly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Quarter) },
    Head { word: "yearly", then: &[], rest: |cursor| schedule::cycle(cursor, Unit::Year) },
    Head { word: "time", then: &[], rest: schedule::time },
    Head { word: "any", then: &[&["time"]], rest: schedule::any_time },
    Head { word: "in", then: &[&["past"]], rest: schedule::in_period },
    Head { word: "cron", then: &[], rest: schedule::cron_start },
    Head { word: "crontime", then: &[], rest: schedule::cron_time },
    Head { word: "once", then: &[], rest: schedule::once_word },
    Head { word: "on", then: DAYS, rest: schedule::on },
    Head { word: "from", then: DATE, rest: schedule::from },
    Head { word: "until", then: DATE, rest: schedule::until },
    Head { word: "at", then: &[&["most"]], rest: schedule::at_most },
    Head { word: "one", then: &[&["start"]], rest: |cursor| schedule::one_start_per(cursor, None) },
    Head { word: "after", then: &[&["task", "tasks", "any"]], rest: task::after },
    Head { word: "task", then: &[], rest: task::task },
    Head { word: "has", then: ACTIONS, rest: |cursor| task::has(cursor, None) },
    Head { word: "is", then: &[&["running"]], rest: |cursor| task::is_running(cursor, None) },
    Head { word: "while", then: &[&["task", "is"]], rest: task::while_running },
    Head { word: "retry", then: &[], rest: schedule::retry },
    Head { word: "scheduler", then: &[], rest: scheduler::scheduler },
    Head { word: "env", then: &[], rest: scheduler::env },
    Head { word: "param", then: &[], rest: scheduler::param },
    Head { word: "true", then: &[], rest: |_| Ok(CondExpr::Constant(true)) },
    Head { word: "false", then: &[], rest: |_| Ok(CondExpr::Constant(false)) },
    Head { word: "always", then: &[], rest: |cursor| Ok(schedule::always(cursor)) },
    Head { word: "never", then: &[], rest: |_| Ok(CondExpr::Constant(false)) },
];

/// The words of logic in other languages.
const LOGIC: [(&str, &str); 3] = [("not", "~"), ("and", "&"), ("or", "|")];

/// The head with this word.
pub(super) fn head(word: &str) -> Option<&'static Head> {
    HEADS.iter().find(|head| head.word == word)
}

/// The first words of all built-in conditions.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    HEADS.iter().map(|head| head.word)
}

/// The sign for a logical word of another language.
pub(super) fn sign_of(word: &str) -> Option<&'static str> {
    LOGIC
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, sign)| sign)
}

/// Returns true if a term with these first words is certainly meant as a built-in condition.
pub(super) fn is_claimed(first: &str, second: Option<&str>) -> bool {
    // A period is not a condition, but it is not a custom phrase either.
    let digits = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    if sign_of(first).is_some() || (first == "past" && second.is_some_and(digits)) {
        return true;
    }
    // `one` is a word itself, not a misspelling of `once`.
    match head(first) {
        Some(head) => head.may_go_on_with(second),
        None => HEADS.iter().any(|head| {
            is_near(first, head.word) && head.may_go_on_with(second) && head.is_meant_by_slip(second)
        }),
    }
}

impl Head {
    /// Returns true if a similar word may be a misspelling of this head: `form 'x'` may be a phrase.
    fn is_meant_by_slip(&self, second: Option<&str>) -> bool {
        self.then != DATE || second.is_some()
    }

    /// Returns true if the second word of a term may follow this head, or is similar to one that may.
    fn may_go_on_with(&self, second: Option<&str>) -> bool {
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let is = |second: &str, then: &str| {
            let short = then.get(..3).filter(|_| then.starts_with(char::is_uppercase));
            is_near(second, then)
                || short.is_some_and(|short| is_near(second, short))
                || (then == "0" && is_number(second))
        };
        let near = |then: &&str| second.is_none_or(|second| is(second, then));
        self.then.is_empty() || self.then.iter().copied().flatten().any(near)
    }
}
