//! The errors of calls.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::problem::Problem;

/// The error of a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// Nothing listens at the socket.
    Unreachable {
        /// The socket.
        socket: PathBuf,
        /// The error of the connection.
        cause: io::Error,
    },
    /// The app has refused the request.
    Problem(Problem),
    /// The connection broke, or the answer is not one of this API.
    Broken(String),
}

impl ClientError {
    pub(super) fn broken(cause: impl fmt::Display) -> Self {
        ClientError::Broken(cause.to_string())
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Unreachable { socket, cause } => {
                write!(f, "no app can be reached at `{}`: {cause}", socket.display())
            }
            ClientError::Problem(problem) => fmt::Display::fmt(problem, f),
            ClientError::Broken(cause) => write!(f, "the answer of the app is invalid: {cause}"),
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ClientError::Unreachable { cause, .. } => Some(cause),
            ClientError::Problem(problem) => Some(problem),
            ClientError::Broken(_) => None,
        }
    }
}

impl From<Problem> for ClientError {
    fn from(problem: Problem) -> Self {
        ClientError::Problem(problem)
    }
}
