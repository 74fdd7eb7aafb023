//! The rules for names of tasks, parameters, runs and notes.
//!
//! Names may come from data, so they may have any character that every log and program can carry: all but U+0000.

use std::fmt::Display;

use crate::error::{Location, Problem};
use crate::param::Params;

/// The length of the name of a note in bytes: an index of every database has room for it.
const MAX_NOTE_NAME: usize = 500;

/// What is wrong with the name of a task.
pub(crate) fn of_task(name: &str, location: Location) -> Option<Problem> {
    let mistake = mistake(name)?;
    Some(Problem {
        message: format!("the name of task {name:?} {mistake}"),
        location: Some(location),
    })
}

/// What is wrong with the keys of the parameters that `owner` has.
pub(crate) fn of_params(owner: impl Display, params: &Params, location: Option<Location>) -> Vec<Problem> {
    if params.is_empty() {
        return Vec::new();
    }
    let wrong = params
        .iter()
        .filter_map(|(key, entry)| of_param(&owner, key, entry.location().or(location)));
    wrong.collect()
}

/// What is wrong with the key of a parameter that `owner` has.
pub(crate) fn of_param(owner: impl Display, key: &str, location: Option<Location>) -> Option<Problem> {
    let mistake = mistake(key)?;
    Some(Problem {
        message: format!("{owner}: the name of parameter {key:?} {mistake}"),
        location,
    })
}

/// What is wrong with the name of a run.
pub(crate) fn of_run(name: &str) -> Option<String> {
    let mistake = mistake(name)?;
    Some(format!("the name {name:?} {mistake}"))
}

/// What is wrong with the name of a note.
pub(crate) fn of_note(name: &str) -> Option<String> {
    let mistake = match name.len() {
        0..=MAX_NOTE_NAME => mistake(name)?,
        length => format!("has {length} bytes; it can have {MAX_NOTE_NAME} at most"),
    };
    Some(format!("the name of note {name:?} {mistake}"))
}

fn mistake(name: &str) -> Option<String> {
    if name.chars().all(char::is_whitespace) {
        return Some("is blank".to_owned());
    }
    name.contains('\0')
        .then(|| "has the character U+0000, which logs and programs can't carry".to_owned())
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn a_name_is_not_blank_and_has_no_zero() {
        let cases = [
            ("fetch", None),
            ("é ☂ 'x' \"y\"", None),
            ("", Some("is blank")),
            (" \u{a0}", Some("is blank")),
            ("two\nlines", None),
            (
                "a\0b",
                Some("has the character U+0000, which logs and programs can't carry"),
            ),
        ];
        for (name, expected) in cases {
            assert_eq!(mistake(name).as_deref(), expected, "{name:?}");
        }
    }
}
