//! A condition as the user holds it.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;
use rocketry_syntax::{SyntaxError, parse_condition};

use super::custom::Custom;
use crate::error::{Location, Problem};

/// When a task may start, or has to end.
///
/// Conditions are made by the words of [`conds`](crate::conds), or from a string, and joined with `&`, `|`
/// and `!`. A condition prints itself as it would be written in a string.
///
/// ```
/// use rocketry_core::conds::*;
///
/// let condition = daily.after("07:00") & !running("crunch");
/// assert_eq!(condition.to_string(), "daily after 07:00 & ~task 'crunch' is running");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition(CondExpr<Custom>);

impl Condition {
    pub(crate) const fn new(expr: CondExpr<Custom>) -> Self {
        Condition(expr)
    }

    pub(crate) fn custom(custom: Custom) -> Self {
        Condition(CondExpr::Custom(custom))
    }

    /// Reads a condition from a string. What is no word of the language is taken for a phrase of a custom
    /// condition.
    ///
    /// # Errors
    ///
    /// Says where the string went wrong, what was expected and the nearest spelling.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let expr = parse_condition(text)?;
        let phrase = |text: String| Ok::<_, SyntaxError>(CondExpr::Custom(Custom::Phrase(text.into())));
        expr.try_map_custom(&mut { phrase }).map(Condition)
    }

    /// Reads a condition from a string that was declared at a place; a mistake is reported when an app is
    /// built from it.
    pub fn declared(text: &str, location: Location) -> Self {
        Condition::parse(text).unwrap_or_else(|mistake| {
            let message = format!("{mistake}\n{}", mistake.caret(text));
            let location = Some(location);
            Condition::custom(Custom::Invalid(Arc::new(Problem { message, location })))
        })
    }

    /// The tree of the condition.
    pub fn expr(&self) -> &CondExpr<Custom> {
        &self.0
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<bool> for Condition {
    fn from(truth: bool) -> Self {
        Condition(CondExpr::Constant(truth))
    }
}

/// A string is a statement. A mistake in it is reported, with the place of the conversion, when an app is
/// built from it.
impl From<&str> for Condition {
    #[track_caller]
    fn from(text: &str) -> Self {
        Condition::declared(text, Location::caller())
    }
}

impl From<String> for Condition {
    #[track_caller]
    fn from(text: String) -> Self {
        Condition::declared(&text, Location::caller())
    }
}

/// `&`, `|` and `!` for everything that turns into a condition.
macro_rules! operators {
    ($($word:ty),* $(,)?) => {
        $(impl<Rhs: Into<Condition>> std::ops::BitAnd<Rhs> for $word {
            type Output = $crate::cond::Condition;

            #[track_caller]
            fn bitand(self, rhs: Rhs) -> $crate::cond::Condition {
                $crate::cond::both(self.into(), rhs.into())
            }
        }

        impl<Rhs: Into<Condition>> std::ops::BitOr<Rhs> for $word {
            type Output = $crate::cond::Condition;

            #[track_caller]
            fn bitor(self, rhs: Rhs) -> $crate::cond::Condition {
                $crate::cond::either(self.into(), rhs.into())
            }
        }

        impl std::ops::Not for $word {
            type Output = $crate::cond::Condition;

            fn not(self) -> $crate::cond::Condition {
                $crate::cond::negated(self.into())
            }
        })*
    };
}
pub(crate) use operators;

operators!(Condition, super::custom::CondWord);

pub(crate) fn both(a: Condition, b: Condition) -> Condition {
    Condition(a.0.bitand(b.0))
}

pub(crate) fn either(a: Condition, b: Condition) -> Condition {
    Condition(a.0.bitor(b.0))
}

pub(crate) fn negated(a: Condition) -> Condition {
    Condition(a.0.not())
}
