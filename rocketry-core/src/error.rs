//! The error type: opaque, with methods that classify it.

use std::error::Error as StdError;
use std::fmt;

use crate::drops::Foreign;

/// The place of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The source file, as the compiler names it.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The path of the module.
    pub module: &'static str,
}

impl Location {
    /// Returns the caller of the function marked `#[track_caller]`.
    #[track_caller]
    pub fn caller() -> Self {
        let place = std::panic::Location::caller();
        Location {
            file: place.file(),
            line: place.line(),
            column: place.column(),
            module: "",
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error type of this crate, with messages for the author of the app.
///
/// Building an app reports all mistakes in one error. [`Error::problems`] returns them one by one.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    problems: Vec<Problem>,
    source: Option<Foreign<Box<dyn StdError + Send + Sync>>>,
}

/// One mistake, with the place of its declaration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The mistake, what was expected, and the most similar candidate.
    pub message: String,
    /// The place of the declaration, if it is in code.
    pub location: Option<Location>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The app can't be built; nothing has run.
    Build,
    /// A name is unknown.
    NotFound,
    /// A parameter of a run is not available.
    Parameter,
    /// A value has another type than requested.
    Mismatch,
    /// The operation does not fit the state, such as running an app twice.
    State,
    /// A run with equal parameters is already in the queue of a unique task.
    Duplicate,
    /// A log can't be written or read.
    Log,
    /// A log can never store the value.
    Unwritable,
    /// Another node has taken the lead, so the write is refused.
    Superseded,
    /// A failure shut the app down, because its settings say so.
    Halted,
    /// The app restarts before it carries out the request.
    PutOff,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self::at(kind, message, None)
    }

    pub(crate) fn at(kind: Kind, message: impl Into<String>, location: Option<Location>) -> Self {
        Self::build(
            kind,
            vec![Problem {
                message: message.into(),
                location,
            }],
        )
    }

    pub(crate) fn build(kind: Kind, problems: Vec<Problem>) -> Self {
        Error(Box::new(Inner {
            kind,
            problems,
            source: None,
        }))
    }

    /// Creates the error for a missing value. An [`Argument`](crate::param::Argument) returns it so that the
    /// next argument in its list of fallbacks is tried.
    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(Kind::NotFound, message)
    }

    /// Creates the error for a parameter that is not available, as returned by an argument or an
    /// [`Extract`](crate::param::Extract).
    pub fn parameter(message: impl Into<String>) -> Self {
        Error::new(Kind::Parameter, message)
    }

    /// Creates the error for a log that can't be written or read, as returned by a [`RunLog`](crate::RunLog).
    pub fn log(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        Error::new(Kind::Log, cause.to_string()).because(cause)
    }

    /// Creates the error for a value that the log can never store, such as a text that is too long. A
    /// [`RunLog`](crate::RunLog) returns it for a write that should not be retried. The app writes the rest without
    /// the value.
    ///
    /// ```
    /// let error = rocketry::Error::unwritable("a text of 2 GiB");
    /// assert!(error.is_unwritable() && error.is_log());
    /// ```
    pub fn unwritable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        Error::new(Kind::Unwritable, cause.to_string()).because(cause)
    }

    /// Creates the error for a write with a lower [term](crate::log::Write::term) than an earlier write. A
    /// [`RunLog`](crate::RunLog) returns it to a leader that has been replaced.
    pub fn superseded(term: u64, highest: u64) -> Self {
        let message = format!(
            "a write of term {term} is refused: the run log has a write of term {highest}, of a newer leader"
        );
        Error::new(Kind::Superseded, message)
    }

    /// Creates the error for a write whose [claim](crate::cluster::SharedLog::write_claiming) already exists.
    /// Logs that several nodes share return it.
    pub fn claimed(claim: &str) -> Self {
        let message = format!("a write is refused: another node has decided `{claim}`");
        Error::new(Kind::Superseded, message)
    }

    /// Creates the error for the end of a run that is not open, because another node has already recorded its
    /// end. Logs that several nodes share return it.
    pub fn ended_elsewhere(run: &str) -> Self {
        let message = format!("a write is refused: another node has recorded the end of run {run}");
        Error::new(Kind::Superseded, message)
    }

    /// The error for a write by a node that is not the leader.
    pub(crate) fn not_leading(leader: Option<&str>) -> Self {
        let leader = leader.map_or_else(
            || "another one may".to_owned(),
            |leader| format!("`{leader}` does"),
        );
        let message = format!("this node does not lead the cluster, {leader}");
        Error::new(Kind::Superseded, message)
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Foreign::new(source.into()));
        self
    }

    /// Adds another error to the message of this one.
    pub(crate) fn and(mut self, other: Error) -> Self {
        self.0.problems.extend(other.0.problems);
        self
    }

    /// Returns `true` if the app can't be built. Nothing has run.
    pub fn is_build(&self) -> bool {
        self.0.kind == Kind::Build
    }

    /// Returns `true` if a requested name is unknown.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// Returns `true` if a parameter is not available.
    pub fn is_parameter(&self) -> bool {
        matches!(self.0.kind, Kind::Parameter | Kind::Mismatch)
    }

    /// Returns `true` if a value has another type than requested.
    pub fn is_mismatch(&self) -> bool {
        self.0.kind == Kind::Mismatch
    }

    /// Returns `true` if the operation does not fit the state of the app, such as running it twice.
    pub fn is_state(&self) -> bool {
        matches!(self.0.kind, Kind::State | Kind::PutOff)
    }

    /// Returns `true` if the request is carried out only after the app has restarted, so its result can't be
    /// awaited.
    pub fn is_put_off(&self) -> bool {
        self.0.kind == Kind::PutOff
    }

    /// Returns `true` if a run was rejected because the queue of its [unique](crate::TaskBuilder::unique) task has a
    /// run with equal parameters.
    pub fn is_duplicate(&self) -> bool {
        self.0.kind == Kind::Duplicate
    }

    /// Returns `true` if the run log can't be written or read.
    pub fn is_log(&self) -> bool {
        matches!(self.0.kind, Kind::Log | Kind::Unwritable | Kind::Superseded)
    }

    /// Returns `true` if the run log can never store the value, so a retry is pointless.
    pub fn is_unwritable(&self) -> bool {
        self.0.kind == Kind::Unwritable
    }

    /// Returns `true` if a write was rejected because another node leads: that node has written with a higher
    /// term, or has already made the same decision.
    pub fn is_superseded(&self) -> bool {
        self.0.kind == Kind::Superseded
    }

    /// Returns `true` if a failure shut the app down because its settings say so.
    pub fn is_halted(&self) -> bool {
        self.0.kind == Kind::Halted
    }

    /// Returns the mistakes one by one. There is at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.location {
            Some(location) => write!(f, "\n  --> {location}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

/// Shows the same text as [`Display`](fmt::Display), so that `fn main() -> rocketry::Result<()>` prints it readably.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &***source as _)
    }
}

/// Returns the candidate most similar to an unknown name, for "did you mean".
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    rocketry_syntax::suggest::nearest(name, candidates)
}

/// Returns `; did you mean …?`, or an empty string.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}
