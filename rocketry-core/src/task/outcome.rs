//! The outcome of a function.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::drops::{caught, panic_message};
use crate::log::Action;
use crate::param::Value;

/// How the function of a task ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It succeeded with this result.
    Success(Value),
    /// It failed with an error or a panic: the message and its causes.
    Fail(Arc<str>),
    /// There was nothing to do.
    Inaction(Arc<str>),
}

impl Outcome {
    /// Returns the action that records the outcome.
    pub(crate) fn action(&self) -> Action {
        match self {
            Outcome::Success(_) => Action::Success,
            Outcome::Fail(_) => Action::Fail,
            Outcome::Inaction(_) => Action::Inaction,
        }
    }

    /// Converts an error into an outcome: an inaction if the error is one, otherwise a failure with the message and
    /// its causes.
    pub fn of_error(error: &(impl StdError + ?Sized)) -> Self {
        let mut message = error.to_string();
        // The source of an `Inaction` is a `Mark`, so checking the sources is enough.
        let mut inaction = false;
        let mut cause = error.source();
        while let Some(next) = cause {
            inaction |= next.is::<Mark>();
            let text = next.to_string();
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = next.source();
        }
        if inaction {
            Outcome::Inaction(message.into())
        } else {
            Outcome::Fail(message.into())
        }
    }

    /// Converts the payload of a panic into an outcome.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        Outcome::Fail(panic_message(payload).into())
    }

    /// Converts the payload of a panic into an outcome, and drops the payload.
    pub(crate) fn caught(payload: Box<dyn Any + Send>) -> Self {
        Outcome::Fail(caught(payload).into())
    }

    /// Returns the value, or the message of the failure.
    ///
    /// # Errors
    ///
    /// Returns the message of a failure or an inaction.
    pub fn into_value(self) -> Result<Value, Arc<str>> {
        match self {
            Outcome::Success(value) => Ok(value),
            Outcome::Fail(message) | Outcome::Inaction(message) => Err(message),
        }
    }
}

/// The error that a task returns if there was nothing to do.
///
/// The run is recorded as an inaction, which is neither a success nor a failure. This is `TaskInactionException` in
/// Rocketry.
///
/// ```
/// use rocketry::Inaction;
///
/// fn import(files: &[&str]) -> Result<usize, Inaction> {
///     if files.is_empty() {
///         return Err(Inaction::because("no new files"));
///     }
///     Ok(files.len())
/// }
/// assert!(import(&[]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inaction {
    reason: String,
    mark: Mark,
}

/// The source of an [`Inaction`], which stays visible if an error type of the user hides the `Inaction` itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark;

impl Inaction {
    /// Creates an inaction with a reason.
    pub fn because(reason: impl Into<String>) -> Self {
        Inaction {
            reason: reason.into(),
            mark: Mark,
        }
    }
}

impl fmt::Display for Inaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl StdError for Inaction {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.mark)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl StdError for Mark {}
