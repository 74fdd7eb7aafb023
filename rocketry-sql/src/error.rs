//! Errors of a database.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use rocketry_core::Error;

/// The name of a log in messages: a file, or an address without its password.
#[derive(Clone, Debug)]
pub(crate) struct Store(Arc<str>);

/// An error that names its log.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Store {
    pub(crate) fn new(name: impl Into<Arc<str>>) -> Self {
        Store(name.into())
    }

    /// The message is `app.db` followed by `what`. The caller that opens the log adds that it is a run log.
    pub(crate) fn refuse(&self, what: &str) -> Error {
        Error::log(Failure {
            message: format!("`{self}` {what}"),
            cause: None,
        })
    }

    /// The message is: the run log `app.db` can't be *done*, with the reason.
    pub(crate) fn fail(
        &self,
        done: &str,
        reason: &str,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        Error::log(self.failure(done, reason, cause))
    }

    /// The cause of [`fail`](Self::fail), for an error of another kind.
    pub(crate) fn failure<C: Into<Box<dyn StdError + Send + Sync>>>(
        &self,
        done: &str,
        reason: &str,
        cause: C,
    ) -> Failure {
        Failure {
            message: format!("the run log `{self}` can't be {done}: {reason}"),
            cause: Some(cause.into()),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
