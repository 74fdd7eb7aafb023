//! The records of the run log.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::cause::{Cause, RunRef};
use crate::error::{Error, Kind, did_you_mean};
use crate::param::RunId;
use crate::time::Timestamp;

/// What a record describes: an event of a run, or a skipped start. The names of the events are those of
/// Python's Rocketry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Action {
    /// The run started.
    Run,
    /// The run succeeded.
    Success,
    /// The run failed with an error or a panic.
    Fail,
    /// The run was terminated.
    Terminate,
    /// The run reported that there was nothing to do.
    Inaction,
    /// The run was interrupted when its app ended. The next start of the app records this.
    Crash,
    /// A start was due but did not happen, for the reason in the message: see
    /// [`Config::log_skips`](crate::Config::log_skips). Such a record belongs to no run, and no condition
    /// counts it.
    Skip,
}

impl Action {
    /// All actions, in numeric order.
    pub const ALL: [Action; 7] = [
        Action::Run,
        Action::Success,
        Action::Fail,
        Action::Terminate,
        Action::Inaction,
        Action::Crash,
        Action::Skip,
    ];

    /// The actions that happen to runs, in numeric order.
    pub const OF_RUNS: [Action; 6] = [
        Action::Run,
        Action::Success,
        Action::Fail,
        Action::Terminate,
        Action::Inaction,
        Action::Crash,
    ];

    /// Returns the name: `run`, `success`, `fail`, `terminate`, `inaction`, `crash` or `skip`.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Run => "run",
            Action::Success => "success",
            Action::Fail => "fail",
            Action::Terminate => "terminate",
            Action::Inaction => "inaction",
            Action::Crash => "crash",
            Action::Skip => "skip",
        }
    }

    /// Returns whether the action ends a run.
    pub const fn is_end(self) -> bool {
        !matches!(self, Action::Run | Action::Skip)
    }

    /// Returns whether the action happens to a run.
    pub const fn is_of_run(self) -> bool {
        !matches!(self, Action::Skip)
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
                Error::new(Kind::Log, format!("`{text}` is not an action{near}"))
            })
    }
}

/// The message of a run that was ended by its timeout. It is stored in records, so it must never change.
pub(crate) const TIMED_OUT: &str = "it took longer than its timeout";

/// A record of the run log: an event of a run, or a skipped start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name of the task.
    pub task: Arc<str>,
    /// The id of the run. A skipped start has a number of its own.
    pub run_id: RunId,
    /// What happened.
    pub action: Action,
    /// When it happened. A start is skipped when the app finds that it can no longer happen.
    pub created: Timestamp,
    /// When the run was due, before any [jitter](crate::TaskBuilder::jitter).
    pub due: Timestamp,
    /// When the run started; for a skipped start, the same as `created`.
    pub start: Timestamp,
    /// For a failure, the error and its causes; for a termination or a skipped start, the reason.
    pub message: Option<Arc<str>>,
    /// Details that only some records have; see [`process`](Self::process), [`params`](Self::params),
    /// [`result`](Self::result), [`version`](Self::version), [`cause`](Self::cause) and [`upstream`](Self::upstream).
    pub extra: Option<Arc<Extra>>,
}

/// Details that only some records have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// How the process of the run ended and its output, for the end of a run in its own process.
    pub process: Option<ProcessEnd>,
    /// The parameters of the run and its task as a JSON object, for a start. Secrets are omitted.
    pub params: Option<Arc<str>>,
    /// The result as JSON, for a success that has one.
    pub result: Option<Arc<str>>,
    /// The version of the app, if it is known.
    pub version: Option<Arc<str>>,
    /// Why the run started, for a start; `None` if the start condition was true.
    pub cause: Option<Cause>,
    /// The runs that triggered this run, for a start.
    pub upstream: Box<[RunRef]>,
}

impl Extra {
    /// The details of a start, if there are any.
    pub(crate) fn of_start(cause: Cause, upstream: Vec<RunRef>) -> Option<Arc<Self>> {
        let cause = Some(cause).filter(|cause| *cause != Cause::Statement);
        let has_some = cause.is_some() || !upstream.is_empty();
        has_some.then(|| {
            Arc::new(Extra {
                cause,
                upstream: upstream.into(),
                ..Extra::default()
            })
        })
    }

    /// The details of an end, if there are any.
    #[inline]
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
    /// How the process ended.
    pub exit: Exit,
    /// The last part of what the process printed to standard output and standard error.
    pub output: Arc<str>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// It exited with this code.
    Code(i32),
    /// It was ended by this signal.
    Signal(i32),
}

impl Exit {
    /// Returns whether the process exited with code 0.
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

/// The names of the signals whose numbers are the same on all systems.
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
    /// Returns when the run ended, or `None` for the record of a start or a skipped start.
    pub fn end(&self) -> Option<Timestamp> {
        self.action.is_end().then_some(self.created)
    }

    /// Returns how long the run took, or `None` for the record of a start or a skipped start.
    pub fn runtime(&self) -> Option<std::time::Duration> {
        self.end().map(|end| end.since(self.start))
    }

    /// Returns how long after its due time the run started.
    pub fn lateness(&self) -> std::time::Duration {
        self.start.since(self.due)
    }

    /// Returns whether the run failed. For the schedule of its task, a run that was ended by its timeout
    /// counts as a failure.
    pub fn is_failure(&self) -> bool {
        match self.action {
            Action::Fail => true,
            Action::Terminate => self.message.as_deref() == Some(TIMED_OUT),
            _ => false,
        }
    }

    /// Returns how the process of the run ended and its output, for the end of a run in its own process.
    pub fn process(&self) -> Option<&ProcessEnd> {
        self.extra.as_ref()?.process.as_ref()
    }

    /// Returns the parameters of the run and its task as a JSON object, without secrets. Only start records
    /// in a durable log contain them.
    pub fn params(&self) -> Option<&str> {
        self.extra.as_ref()?.params.as_deref()
    }

    /// Returns the result as JSON. Only successes in a durable log contain it, and only if its type supports
    /// it.
    pub fn result(&self) -> Option<&str> {
        self.extra.as_ref()?.result.as_deref()
    }

    /// Returns the version of the app that made the record. Only records in a durable log contain it, and
    /// only if the app sets it.
    pub fn version(&self) -> Option<&str> {
        self.extra.as_ref()?.version.as_deref()
    }

    /// The length of the stored output.
    pub(super) fn output_length(&self) -> usize {
        self.process().map_or(0, |process| process.output.len())
    }

    /// Drops the output of the process.
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
