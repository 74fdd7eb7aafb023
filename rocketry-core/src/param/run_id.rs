//! The names and numbers of runs.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The name or number of a run.
///
/// Numbers increase with every run, also across restarts, because they begin at the start time of the app in
/// microseconds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunId {
    /// The default: an increasing number.
    Number(u64),
    /// A name from the `run_id` function of the task.
    Name(Arc<str>),
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunId::Number(number) => fmt::Display::fmt(number, f),
            RunId::Name(name) => f.write_str(name),
        }
    }
}

/// Serializes as a number or a text.
impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            RunId::Number(number) => to.serialize_u64(*number),
            RunId::Name(name) => to.serialize_str(name),
        }
    }
}

impl From<&str> for RunId {
    fn from(text: &str) -> Self {
        // A name such as `007` is kept unchanged.
        let number = text
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == text);
        number.map_or_else(|| RunId::Name(text.into()), RunId::Number)
    }
}
