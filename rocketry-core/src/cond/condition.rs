//! Conditions as users create them.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;
use rocketry_syntax::{SyntaxError, parse_condition};

use super::custom::{Custom, Labelled, unlabelled};
use crate::error::{Location, Problem};

/// A condition on which a task starts or a run is terminated.
///
/// Conditions are created from the words of [`conds`](crate::conds) or from a string, and joined with `&`, `|` and
/// `!`. A condition prints itself as it would be written in a string.
///
/// ```
/// use rocketry::conds::*;
///
/// let condition = daily.after("07:00") & !running("crunch");
/// assert_eq!(condition.to_string(), "daily after 07:00 & ~task 'crunch' is running");
/// ```
#[derive(Clone)]
pub struct Condition(Form);

/// The source of a condition. Sources are equal if they are written in the same way.
#[derive(Clone)]
pub(crate) enum Form {
    /// A text, which is parsed on first use. An app parses a statement once, however many tasks have it.
    Text(Arc<str>, Location),
    Tree(Arc<CondExpr<Custom>>),
}

impl Condition {
    pub(crate) fn new(expr: CondExpr<Custom>) -> Self {
        Condition(Form::Tree(Arc::new(expr)))
    }

    pub(crate) fn custom(custom: Custom) -> Self {
        Condition::new(CondExpr::Custom(custom))
    }

    /// Parses a condition from a string. A term outside of the language is taken as the phrase of a custom condition.
    ///
    /// # Errors
    ///
    /// Returns an error with the position of the mistake, what was expected and the most similar spelling.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        read(text).map(Condition::new)
    }

    /// Creates a condition that is true while all of the conditions are true. Without conditions, it is
    /// always true.
    ///
    /// ```
    /// use rocketry::Condition;
    ///
    /// let statement = Condition::all(["daily", "time of day after 07:00"]);
    /// assert_eq!(statement, Condition::from("daily & time of day after 07:00"));
    /// ```
    #[track_caller]
    pub fn all<C: Into<Condition>>(conditions: impl IntoIterator<Item = C>) -> Condition {
        join(conditions, CondExpr::all)
    }

    /// Creates a condition that is true while any of the conditions is true. Without conditions, it is never
    /// true.
    ///
    /// ```
    /// use rocketry::{Condition, conds::after_success};
    ///
    /// let statement = Condition::any(["fetch", "load"].map(after_success));
    /// assert_eq!(statement.to_string(), "after task 'fetch' | after task 'load'");
    /// ```
    #[track_caller]
    pub fn any<C: Into<Condition>>(conditions: impl IntoIterator<Item = C>) -> Condition {
        join(conditions, CondExpr::any)
    }

    /// Creates a condition from a string that was declared at a place. It is parsed on first use; a mistake is
    /// reported when an app is built from it.
    pub fn declared(text: &str, location: Location) -> Self {
        Condition(Form::Text(text.into(), location))
    }

    /// Returns the expression tree of the condition. Text that can't be parsed is [`Custom::Invalid`] there.
    pub fn expr(&self) -> Cow<'_, CondExpr<Custom>> {
        match &self.0 {
            Form::Text(text, location) => Cow::Owned(read_or_complain(text, *location)),
            Form::Tree(expr) => Cow::Borrowed(expr),
        }
    }

    pub(in crate::cond) fn into_expr(self) -> CondExpr<Custom> {
        match self.0 {
            Form::Text(text, location) => read_or_complain(&text, location),
            Form::Tree(expr) => Arc::unwrap_or_clone(expr),
        }
    }

    pub(crate) fn form(&self) -> &Form {
        &self.0
    }
}

#[track_caller]
fn join<C: Into<Condition>>(
    conditions: impl IntoIterator<Item = C>,
    how: fn(Vec<CondExpr<Custom>>) -> CondExpr<Custom>,
) -> Condition {
    let mut members = Vec::new();
    // The closure of an iterator would hide the caller.
    for condition in conditions {
        members.push(condition.into().into_expr());
    }
    Condition::new(how(members))
}

/// Parses a text into an expression tree. A mistake becomes part of the tree.
fn read_or_complain(text: &str, location: Location) -> CondExpr<Custom> {
    read(text).unwrap_or_else(|mistake| {
        let message = format!("{mistake}\n{}", mistake.caret(text));
        let location = Some(location);
        CondExpr::Custom(Custom::Invalid(Arc::new(Problem { message, location })))
    })
}

fn read(text: &str) -> Result<CondExpr<Custom>, SyntaxError> {
    let phrase = |text: String| Ok(CondExpr::Custom(Custom::Phrase(text.into())));
    parse_condition(text)?.try_map_custom(&mut { phrase })
}

/// Conditions are equal if they have the same meaning, however they were written.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.expr() == other.expr()
    }
}

impl Eq for Condition {}

impl Hash for Condition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expr().hash(state);
    }
}

impl Form {
    /// Returns whether both have the same source, not just equal ones.
    pub(crate) fn is_the_same(&self, other: &Form) -> bool {
        match (self, other) {
            (Form::Text(a, _), Form::Text(b, _)) => Arc::ptr_eq(a, b),
            (Form::Tree(a), Form::Tree(b)) => Arc::ptr_eq(a, b),
            (Form::Text(..), Form::Tree(_)) | (Form::Tree(_), Form::Text(..)) => false,
        }
    }
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Form::Text(a, _), Form::Text(b, _)) => a == b,
            (Form::Tree(a), Form::Tree(b)) => a == b,
            (Form::Text(..), Form::Tree(_)) | (Form::Tree(_), Form::Text(..)) => false,
        }
    }
}

impl Eq for Form {}

impl Hash for Form {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Form::Text(text, _) => text.hash(state),
            Form::Tree(expr) => expr.hash(state),
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.expr()).finish()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Text(..) => fmt::Display::fmt(&*self.expr(), f),
            Form::Tree(tree) => fmt::Display::fmt(&unlabelled(tree.as_ref().clone()), f),
        }
    }
}

impl From<CondExpr<Custom>> for Condition {
    fn from(expr: CondExpr<Custom>) -> Self {
        Condition::new(expr)
    }
}

impl From<bool> for Condition {
    fn from(truth: bool) -> Self {
        Condition::new(CondExpr::Constant(truth))
    }
}

/// Converts a string that is a statement. A mistake is reported, with the place of the conversion, when an app is
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

/// Implements `&`, `|` and `!` for all types that convert into conditions.
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
        }

        impl $word {
            /// Gives the condition a label, which explanations use: see
            /// [`Task::explain`](struct@crate::Task). The label is not part of its text.
            ///
            /// ```
            /// use rocketry::conds::*;
            ///
            /// let open = time_of_day.between("09:30", "16:00") & on_days("weekdays");
            /// let trade = every("1 minute") & open.label("markets open");
            /// assert_eq!(
            ///     trade.to_string(),
            ///     "every 1 minute & time of day between 09:30 and 16:00 & on weekdays",
            /// );
            /// ```
            #[must_use]
            pub fn label(self, label: impl Into<std::sync::Arc<str>>) -> $crate::cond::Condition {
                $crate::cond::labelled(self.into(), label.into())
            }
        })*
    };
}
pub(crate) use operators;

operators!(Condition);

pub(crate) fn both(a: Condition, b: Condition) -> Condition {
    Condition::new(a.into_expr().bitand(b.into_expr()))
}

pub(crate) fn either(a: Condition, b: Condition) -> Condition {
    Condition::new(a.into_expr().bitor(b.into_expr()))
}

pub(crate) fn labelled(part: Condition, label: Arc<str>) -> Condition {
    let part = part.into_expr();
    Condition::custom(Custom::Labelled(Arc::new(Labelled { label, part })))
}

pub(crate) fn negated(a: Condition) -> Condition {
    Condition::new(a.into_expr().not())
}
