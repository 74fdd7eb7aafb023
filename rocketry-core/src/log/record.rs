//! One line of the run log.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{Error, Kind, did_you_mean};
use crate::param::RunId;
use crate::time::Timestamp;

/// What happened to a task. The names are Rocketry's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Action {
    /// A run started.
    Run,
    /// A run ended well.
    Success,
    /// A run ended with an error or a panic.
    Fail,
    /// A run was ended before its time.
    Terminate,
    /// A run found that there was nothing to do.
    Inaction,
    /// A run was cut off with its process, as found at the next start.
    Crash,
}

impl Action {
    /// All of them, in the order of their numbers.
    pub const ALL: [Action; 6] = [
        Action::Run,
        Action::Success,
        Action::Fail,
        Action::Terminate,
        Action::Inaction,
        Action::Crash,
    ];

    /// Rocketry's name: `run`, `success`, `fail`, `terminate`, `inaction`, `crash`.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Run => "run",
            Action::Success => "success",
            Action::Fail => "fail",
            Action::Terminate => "terminate",
            Action::Inaction => "inaction",
            Action::Crash => "crash",
        }
    }

    /// Whether it ends a run.
    pub const fn is_end(self) -> bool {
        !matches!(self, Action::Run)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Action {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Action::ALL
            .into_iter()
            .find(|action| action.name() == text)
            .ok_or_else(|| {
                let near = did_you_mean(text, Action::ALL.map(Action::name));
                Error::new(Kind::Log, format!("`{text}` is no action{near}"))
            })
    }
}

/// One line of the run log: something happened to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The task.
    pub task: Arc<str>,
    /// The run.
    pub run_id: RunId,
    /// What happened.
    pub action: Action,
    /// When it happened.
    pub created: Timestamp,
    /// When the run was due.
    pub due: Timestamp,
    /// When the run started.
    pub start: Timestamp,
    /// The error's message and its causes, for a failure; why, for a termination.
    pub message: Option<Arc<str>>,
}

impl Record {
    /// When the run ended; `None` for the record of its start.
    pub fn end(&self) -> Option<Timestamp> {
        self.action.is_end().then_some(self.created)
    }

    /// How long the run took; `None` for the record of its start.
    pub fn runtime(&self) -> Option<std::time::Duration> {
        self.end().map(|end| end.since(self.start))
    }

    /// How much later than due the run started.
    pub fn lateness(&self) -> std::time::Duration {
        self.start.since(self.due)
    }
}
