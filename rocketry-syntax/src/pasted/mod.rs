//! What people paste: the notations of other schedulers, and sentences that are nearly statements.
//!
//! Each file reads one notation and translates it to a statement. A translation is shown only if the parser accepts
//! it, so an error never proposes what would be the next error.

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

/// What a text is, and what to write in its place.
#[derive(Debug)]
pub(crate) struct Advice {
    /// What the text is, as a sentence without its full stop.
    pub(crate) said: String,
    /// The statement that says the same.
    pub(crate) write: Option<String>,
}

/// Reads one notation; `None` if the text is something else.
type Notation = fn(&str) -> Option<Advice>;

const NOTATIONS: [Notation; 6] = [
    crontab::read,
    cloud::read,
    systemd::read,
    icalendar::read,
    iso8601::read,
    sentence::read,
];

/// What to say about a text that is no statement, if it is a schedule in another notation.
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
