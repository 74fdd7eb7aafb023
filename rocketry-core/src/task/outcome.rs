//! How a run ended, as its function tells.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::drops::{caught, panic_message};
use crate::log::Action;
use crate::param::Value;

/// How a function ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Well, with this result.
    Success(Value),
    /// With an error or a panic: its message and its causes.
    Fail(Arc<str>),
    /// There was nothing to do.
    Inaction(Arc<str>),
}

impl Outcome {
    /// The action that records the outcome.
    pub(crate) fn action(&self) -> Action {
        match self {
            Outcome::Success(_) => Action::Success,
            Outcome::Fail(_) => Action::Fail,
            Outcome::Inaction(_) => Action::Inaction,
        }
    }

    /// The outcome of an error: its message followed by its causes, or an inaction if it says so.
    pub fn of_error(error: &(impl StdError + ?Sized)) -> Self {
        let mut message = error.to_string();
        // An `Inaction` has a mark as its source, so it needs no look at the error itself.
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

    /// The outcome of a panic.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        Outcome::Fail(panic_message(payload).into())
    }

    /// The outcome of a panic whose payload nobody else has.
    pub(crate) fn caught(payload: Box<dyn Any + Send>) -> Self {
        Outcome::Fail(caught(payload).into())
    }

    /// The value, or the message of what went wrong.
    ///
    /// # Errors
    ///
    /// The message of a failure or an inaction.
    pub fn into_value(self) -> Result<Value, Arc<str>> {
        match self {
            Outcome::Success(value) => Ok(value),
            Outcome::Fail(message) | Outcome::Inaction(message) => Err(message),
        }
    }
}

/// The error a task returns to say that there was nothing to do.
///
/// The run is recorded as an inaction, neither a success nor a failure. This is Rocketry's
/// `TaskInactionException`.
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

/// Stays visible as a cause where an error type of the user's hides the error itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark;

impl Inaction {
    /// Nothing to do, and why.
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
