//! Mistakes in the arguments of words, which are reported when the app is built.

use std::fmt;
use std::sync::Arc;

use crate::cond::{Condition, Custom};
use crate::error::{Location, Problem};

/// A mistake in an argument of a word, with its line of code.
///
/// Words never panic. A mistake becomes part of the condition and is reported together with all others when an app is
/// built from it.
///
/// ```
/// use rocketry::conds::*;
///
/// let condition = daily.after("25:00") & !running("fetch");
/// assert!(condition.to_string().contains("daily.after: expected an hour from 0 to 24, found `25:00`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(Arc<Problem>);

/// An argument, or the mistake in it.
pub(super) type Checked<T> = Result<T, Mistake>;

impl Mistake {
    /// Creates a mistake in a call of `word`, at the place of the caller.
    #[track_caller]
    pub(super) fn new(word: &str, what: impl fmt::Display) -> Self {
        Mistake::at(Location::caller(), word, what)
    }

    pub(super) fn at(place: Location, word: &str, what: impl fmt::Display) -> Self {
        Mistake(Arc::new(Problem {
            message: format!("{word}: {what}"),
            location: Some(place),
        }))
    }

    /// Returns the mistake that a condition already contains.
    pub(super) fn kept(problem: Arc<Problem>) -> Self {
        Mistake(problem)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<Mistake> for Condition {
    fn from(mistake: Mistake) -> Self {
        Condition::custom(Custom::Invalid(mistake.0))
    }
}

/// Converts an expression into a condition, or a mistake into an invalid condition.
pub(super) fn condition<T>(checked: Checked<T>, make: impl FnOnce(T) -> Condition) -> Condition {
    match checked {
        Ok(value) => make(value),
        Err(mistake) => mistake.into(),
    }
}
