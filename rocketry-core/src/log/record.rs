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
    /// When the run was due, before any [jitter](crate::TaskBuilder::jitter).
    pub due: Timestamp,
    /// When the run started.
    pub start: Timestamp,
    /// The error's message and its causes, for a failure; why, for a termination.
    pub message: Option<Arc<str>>,
    /// What not every record has; see [`process`](Self::process), [`params`](Self::params),
    /// [`result`](Self::result) and [`version`](Self::version).
    pub extra: Option<Arc<Extra>>,
}

/// What not every record has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// How the process ended and what it printed, for the end of a run that had one of its own.
    pub process: Option<ProcessEnd>,
    /// The parameters of the run and its task as a JSON object, for a start; secrets are left out.
    pub params: Option<Arc<str>>,
    /// The result as JSON, for a success that has one.
    pub result: Option<Arc<str>>,
    /// The version of the app, if it has told it.
    pub version: Option<Arc<str>>,
}

impl Extra {
    /// What the record of an end has besides, if anything.
    pub(crate) fn of_end(process: Option<ProcessEnd>, result: Option<Arc<str>>) -> Option<Arc<Self>> {
        let has_some = process.is_some() || result.is_some();
        has_some.then(|| {
            Arc::new(Extra {
                process,
                result,
                ..Extra::default()
            })
        })
    }
}

/// The end of a process that was started for one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessEnd {
    /// How it ended.
    pub exit: Exit,
    /// The last that it printed, on the standard output and on the standard error.
    pub output: Arc<str>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl Exit {
    /// Whether it ended by itself with the code 0.
    pub const fn is_success(self) -> bool {
        matches!(self, Exit::Code(0))
    }
}

/// `exit code 1`, `signal 9 (SIGKILL)`.
impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Exit::Code(code) => write!(f, "exit code {code}"),
            Exit::Signal(signal) => match signal_name(signal) {
                Some(name) => write!(f, "signal {signal} ({name})"),
                None => write!(f, "signal {signal}"),
            },
        }
    }
}

/// The names of those signals whose numbers are the same everywhere.
fn signal_name(signal: i32) -> Option<&'static str> {
    const NAMES: [(i32, &str); 12] = [
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (3, "SIGQUIT"),
        (4, "SIGILL"),
        (5, "SIGTRAP"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (14, "SIGALRM"),
        (15, "SIGTERM"),
    ];
    NAMES
        .iter()
        .find(|(number, _)| *number == signal)
        .map(|(_, name)| *name)
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

    /// How the process ended and what it printed, for the end of a run that had one of its own.
    pub fn process(&self) -> Option<&ProcessEnd> {
        self.extra.as_ref()?.process.as_ref()
    }

    /// The parameters of the run and its task as a JSON object. Only a durable log has them, with the start of
    /// the run; secrets are left out.
    pub fn params(&self) -> Option<&str> {
        self.extra.as_ref()?.params.as_deref()
    }

    /// The result as JSON, for a success. Only a durable log has it, and only where the type allows.
    pub fn result(&self) -> Option<&str> {
        self.extra.as_ref()?.result.as_deref()
    }

    /// The version of the app that made the record, if it has told it. Only a durable log has it.
    pub fn version(&self) -> Option<&str> {
        self.extra.as_ref()?.version.as_deref()
    }

    /// How much its process has printed, as far as that is kept.
    pub(super) fn output_length(&self) -> usize {
        self.process().map_or(0, |process| process.output.len())
    }

    /// Lets go of what its process has printed.
    pub(super) fn forget_output(&mut self) {
        if let Some(process) = self
            .extra
            .as_mut()
            .and_then(|extra| Arc::make_mut(extra).process.as_mut())
        {
            process.output = Arc::from("");
        }
    }
}
