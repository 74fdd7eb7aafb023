//! Exit codes and failures.

use std::fmt::Display;
use std::process::ExitCode;

use rocketry_api::client::ClientError;
use rocketry_api::{Problem, ProblemKind};
use rocketry_core::Error;

/// The exit codes of the command line. 0 means success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Something failed: the app, an awaited run, or the run log.
    Failed = 1,
    /// The arguments have a mistake.
    Usage = 2,
    /// No running app was found.
    NotRunning = 3,
    /// The name is unknown.
    NotFound = 4,
    /// The app refused: the request does not fit its state.
    Refused = 5,
}

/// The exit codes, as the help shows them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  everything worked
  1  something failed: the app, a run that was waited for, the run log
  2  the arguments have a mistake
  3  no app runs that could be steered
  4  nothing has this name
  5  the app refused, because the request does not fit its state";

/// The reason why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    /// The message for the user.
    pub(crate) message: String,
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: Code, message: impl Display) -> Self {
        Failure {
            code,
            message: message.to_string(),
        }
    }

    pub(crate) fn failed(message: impl Display) -> Self {
        Failure::new(Code::Failed, message)
    }

    pub(crate) fn usage(message: impl Display) -> Self {
        Failure::new(Code::Usage, message)
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        ExitCode::from(code as u8)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let code = match problem.kind {
            ProblemKind::Invalid => Code::Usage,
            ProblemKind::NotFound => Code::NotFound,
            ProblemKind::Refused => Code::Refused,
            ProblemKind::NotRunning => Code::NotRunning,
            _ => Code::Failed,
        };
        Failure::new(code, problem.detail)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Problem(problem) => problem.into(),
            ClientError::Unreachable { .. } => Failure::new(Code::NotRunning, error),
            other => Failure::failed(other),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Problem::from(error).into()
    }
}
