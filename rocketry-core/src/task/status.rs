//! The status of a task.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;
use crate::log::{Action, History};

/// The status of a task: whether it runs, or how its last run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The task has never run.
    Never,
    /// The task is running.
    Running,
    /// The last run ended with this action.
    Ended(Action),
}

impl Status {
    pub(crate) fn of(history: &History) -> Self {
        match history.last_action() {
            _ if !history.open().is_empty() => Status::Running,
            None => Status::Never,
            Some(action) => Status::Ended(action),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Never => f.pad("never run"),
            Status::Running => f.pad("running"),
            Status::Ended(action) => fmt::Display::fmt(action, f),
        }
    }
}

/// Serializes the text that [`Display`](fmt::Display) shows.
impl Serialize for Status {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Parses the text that [`Display`](fmt::Display) shows.
impl FromStr for Status {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "never run" => Ok(Status::Never),
            "running" => Ok(Status::Running),
            ended => ended.parse().map(Status::Ended),
        }
    }
}

/// Deserialized from the text that [`Display`](fmt::Display) shows.
impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::choice::read(from)
    }
}
