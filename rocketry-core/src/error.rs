//! One opaque error with useful questions.

use std::error::Error as StdError;
use std::fmt;

use crate::drops::Foreign;

/// Where something was declared.
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
    /// The place that called the function marked `#[track_caller]`.
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

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in words for the person who wrote the app.
///
/// An app that is built wrongly has all its mistakes reported in one error; [`Error::problems`] has them one
/// by one.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    problems: Vec<Problem>,
    source: Option<Foreign<Box<dyn StdError + Send + Sync>>>,
}

/// One mistake: what, and where it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// What is wrong, what was expected and the nearest candidate.
    pub message: String,
    /// Where the thing was declared, if it was declared in code.
    pub location: Option<Location>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The app was put together wrongly; nothing has run.
    Build,
    /// A name that nothing has.
    NotFound,
    /// A parameter that could not be had for a run.
    Parameter,
    /// A value of another type than asked for.
    Mismatch,
    /// The operation does not fit the state, such as running an app twice.
    State,
    /// A run was asked for a second time, and its task wants no two alike in its queue.
    Duplicate,
    /// A log could not be written or read.
    Log,
    /// A log can never keep what was to be written.
    Unwritable,
    /// A write had a lower term than one that the log has seen.
    Superseded,
    /// The app was shut down by a failure, as its settings say.
    Halted,
    /// The app restarts before it does what was asked.
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

    /// A value that is not there: what an [`Argument`](crate::param::Argument) says to let the next of its row
    /// have its turn.
    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(Kind::NotFound, message)
    }

    /// A parameter that could not be had: what an argument or an [`Extract`](crate::param::Extract) says.
    pub fn parameter(message: impl Into<String>) -> Self {
        Error::new(Kind::Parameter, message)
    }

    /// A log that could not be written or read: what a [`RunLog`](crate::RunLog) says.
    pub fn log(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        Error::new(Kind::Log, cause.to_string()).because(cause)
    }

    /// What was to be written is something that the log can never keep, such as a text that is too long for it: what a
    /// [`RunLog`](crate::RunLog) says of a write that need not be tried again. The app writes the rest without it.
    ///
    /// ```
    /// let error = rocketry::Error::unwritable("a text of 2 GiB");
    /// assert!(error.is_unwritable() && error.is_log());
    /// ```
    pub fn unwritable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        Error::new(Kind::Unwritable, cause.to_string()).because(cause)
    }

    /// A write had a lower [term](crate::log::Write::term) than one that the log has seen: what a
    /// [`RunLog`](crate::RunLog) says to a leader that was replaced.
    pub fn superseded(term: u64, highest: u64) -> Self {
        let message = format!(
            "a write of term {term} is refused: the run log has a write of term {highest}, of a newer leader"
        );
        Error::new(Kind::Superseded, message)
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Foreign::new(source.into()));
        self
    }

    /// This error, which tells of what else went wrong as well.
    pub(crate) fn and(mut self, other: Error) -> Self {
        self.0.problems.extend(other.0.problems);
        self
    }

    /// Whether the app was put together wrongly: nothing has run.
    pub fn is_build(&self) -> bool {
        self.0.kind == Kind::Build
    }

    /// Whether a name was asked for that nothing has.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// Whether a parameter could not be had.
    pub fn is_parameter(&self) -> bool {
        matches!(self.0.kind, Kind::Parameter | Kind::Mismatch)
    }

    /// Whether a value had another type than was asked for.
    pub fn is_mismatch(&self) -> bool {
        self.0.kind == Kind::Mismatch
    }

    /// Whether the operation did not fit the state of the app, such as running it twice.
    pub fn is_state(&self) -> bool {
        matches!(self.0.kind, Kind::State | Kind::PutOff)
    }

    /// Whether what was asked is done, but only after the app has restarted, for which nobody can wait.
    pub fn is_put_off(&self) -> bool {
        self.0.kind == Kind::PutOff
    }

    /// Whether a run is not made because one with equal parameters is queued already, of a
    /// [unique](crate::TaskBuilder::unique) task.
    pub fn is_duplicate(&self) -> bool {
        self.0.kind == Kind::Duplicate
    }

    /// Whether the run log could not be written or read.
    pub fn is_log(&self) -> bool {
        matches!(self.0.kind, Kind::Log | Kind::Unwritable | Kind::Superseded)
    }

    /// Whether the run log can never keep what was to be written, however often that is tried.
    pub fn is_unwritable(&self) -> bool {
        self.0.kind == Kind::Unwritable
    }

    /// Whether a write was refused because a newer leader has written to the log.
    pub fn is_superseded(&self) -> bool {
        self.0.kind == Kind::Superseded
    }

    /// Whether a failure has shut the app down, because its settings say so.
    pub fn is_halted(&self) -> bool {
        self.0.kind == Kind::Halted
    }

    /// The mistakes, one by one: at least one.
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

/// Shows what [`Display`](fmt::Display) shows, so that `fn main() -> rocketry::Result<()>` prints it readably.
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

/// The candidate nearest to a name that nothing has, for "did you mean".
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    rocketry_syntax::suggest::nearest(name, candidates)
}

/// `; did you mean …?`, or nothing.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}
