//! Pasted schedules: the notations of other schedulers, and sentences that resemble statements.
//!
//! Each file parses one notation and translates it to a statement. A translation is only shown if the parser accepts
//! it, so an error never suggests an invalid statement.

mod cloud;
mod crontab;
mod days;
mod icalendar;
mod iso8601;
mod schedule;
mod sentence;
mod systemd;
mod words;

use crate::ast::Delta;
use crate::cond::is_built_in;

/// The notation of a text, and its replacement.
#[derive(Debug)]
pub(crate) struct Advice {
    /// The notation, as a sentence without its full stop.
    pub(crate) said: String,
    /// The equivalent statement.
    pub(crate) write: Option<String>,
}

/// Parses one notation; `None` if the text has another one.
type Notation = fn(&str) -> Option<Advice>;

const NOTATIONS: [Notation; 6] = [
    crontab::read,
    cloud::read,
    systemd::read,
    icalendar::read,
    iso8601::read,
    sentence::read,
];

/// Returns the hint for a text that is a schedule in another notation.
pub(crate) fn advice(text: &str) -> Option<Advice> {
    NOTATIONS.iter().find_map(|read| read(text))
}

impl Advice {
    /// The text is `said`, and the statement says the same, if there is one.
    fn new(said: impl Into<String>, statement: Option<String>) -> Self {
        Self {
            said: said.into(),
            write: statement.filter(|statement| is_built_in(statement)),
        }
    }
}

/// `every 90 minutes`, from a length in any spelling that a statement knows.
fn every(length: &str) -> Option<String> {
    let delta: Delta = length.parse().ok()?;
    Some(format!("every {delta}"))
}
