//! Arguments of the words: bounds of windows, durations and periods.

use std::time::Duration;

use rocketry_syntax::ast::{CondExpr, Delta, PeriodExpr};
use rocketry_syntax::{BoundValue, Length, SyntaxError, parse_period};

use super::mistake::{Checked, Mistake};
use crate::cond::{Condition, Custom};
use crate::time::Zone;

/// A position in a unit of time, used as the bound of a window.
///
/// A text is parsed as in a statement: `"07:00"`, `"Mon 10:00"`, `"3rd"`, `"last day"`. A number is a sub-unit.
/// Milliseconds, seconds, minutes and hours count from 0; weekdays (1 is Monday), days and months count from 1. As
/// the end of a window, a number includes the whole sub-unit. A float is an exact position, for seconds and minutes
/// only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a place in time",
    note = "give a text such as \"07:00\", \"Monday\" or \"1st\", or the number of a sub-unit"
)]
pub trait IntoBound {
    /// Returns the bound. It is not yet checked against its unit.
    fn value(&self) -> BoundValue<'_>;
}

impl<T: IntoBound + ?Sized> IntoBound for &T {
    fn value(&self) -> BoundValue<'_> {
        (**self).value()
    }
}

impl IntoBound for str {
    fn value(&self) -> BoundValue<'_> {
        BoundValue::Text(self)
    }
}

impl IntoBound for String {
    fn value(&self) -> BoundValue<'_> {
        BoundValue::Text(self)
    }
}

macro_rules! numbers {
    ($variant:ident: $($number:ty),*) => {
        $(impl IntoBound for $number {
            fn value(&self) -> BoundValue<'_> {
                BoundValue::$variant((*self).into())
            }
        })*
    };
}

numbers!(Integer: i8, i16, i32, i64, u8, u16, u32);
numbers!(Float: f32, f64);

/// One or several positions in a unit of time: `"07:00"`, `["06:00", "18:00"]`, `[Mon, Wed, Fri]`, `"weekdays
/// 07:00"`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a place in time",
    note = "give a text such as \"07:00\", \"Monday\" or \"1st\", the number of a sub-unit, or an array of such"
)]
pub trait IntoBounds {
    /// Returns the bounds. They are not yet checked against their unit.
    fn values(&self) -> Vec<BoundValue<'_>>;
}

impl<T: IntoBound> IntoBounds for T {
    fn values(&self) -> Vec<BoundValue<'_>> {
        vec![self.value()]
    }
}

impl<T: IntoBound, const N: usize> IntoBounds for [T; N] {
    fn values(&self) -> Vec<BoundValue<'_>> {
        self.iter().map(T::value).collect()
    }
}

impl<T: IntoBound> IntoBounds for &[T] {
    fn values(&self) -> Vec<BoundValue<'_>> {
        self.iter().map(T::value).collect()
    }
}

impl<T: IntoBound> IntoBounds for Vec<T> {
    fn values(&self) -> Vec<BoundValue<'_>> {
        self.iter().map(T::value).collect()
    }
}

/// The time between runs: a text such as `"1h 30m"`, `"2 weeks"` or `"3 months"`, or a [`Duration`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a length of time",
    note = "give a text such as \"10 minutes\" or \"1 month\", or a `std::time::Duration`"
)]
pub trait IntoInterval {
    /// Converts the value into an interval.
    ///
    /// # Errors
    ///
    /// Returns a message with the mistake in a text.
    fn length(self) -> Result<Length, SyntaxError>;
}

impl IntoInterval for &str {
    fn length(self) -> Result<Length, SyntaxError> {
        self.parse()
    }
}

impl IntoInterval for &String {
    fn length(self) -> Result<Length, SyntaxError> {
        self.parse()
    }
}

impl IntoInterval for String {
    fn length(self) -> Result<Length, SyntaxError> {
        self.parse()
    }
}

impl IntoInterval for Duration {
    fn length(self) -> Result<Length, SyntaxError> {
        Ok(self.into())
    }
}

/// A duration: a text such as `"1h 30m"`, or a [`Duration`], truncated to whole microseconds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a length of time",
    note = "give a text such as \"10 minutes\", or a `std::time::Duration`"
)]
pub trait IntoDelta {
    /// Converts the value into a duration.
    ///
    /// # Errors
    ///
    /// Returns a message with the mistake in a text.
    fn delta(self) -> Result<Delta, SyntaxError>;
}

impl IntoDelta for &str {
    fn delta(self) -> Result<Delta, SyntaxError> {
        self.parse()
    }
}

impl IntoDelta for &String {
    fn delta(self) -> Result<Delta, SyntaxError> {
        self.parse()
    }
}

impl IntoDelta for String {
    fn delta(self) -> Result<Delta, SyntaxError> {
        self.parse()
    }
}

impl IntoDelta for Duration {
    fn delta(self) -> Result<Delta, SyntaxError> {
        Ok(self.into())
    }
}

/// Checks an age: a duration that can be zero.
#[track_caller]
pub(super) fn age(word: &str, length: impl IntoDelta) -> Checked<Delta> {
    match length.delta() {
        Ok(delta) => Ok(delta),
        Err(mistake) => Err(Mistake::new(word, mistake)),
    }
}

/// Checks a duration that has to be longer than zero.
#[track_caller]
pub(super) fn length(word: &str, length: impl IntoDelta) -> Checked<Delta> {
    match age(word, length) {
        Ok(delta) if delta.is_zero() => Err(Mistake::new(word, "expected a length of time longer than zero")),
        checked => checked,
    }
}

/// Checks the name of a time zone.
#[track_caller]
pub(super) fn zone(name: &str) -> Checked<&str> {
    match name.parse::<Zone>() {
        Ok(_) => Ok(name),
        Err(mistake) => Err(Mistake::new("in_zone", mistake)),
    }
}

/// A period of time: a word such as `time_of_day.after("07:00")`, several joined with `&` and `|`, or a text such as
/// `"time of week on Monday & time of day after 07:00"`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a period of time",
    note = "give words such as `time_of_day.after(\"07:00\")`, joined with `&` or `|`, or a text"
)]
pub trait IntoPeriod {
    /// Converts the value into a period.
    ///
    /// # Errors
    ///
    /// Returns a message if a text is wrong, or if a condition is not a period.
    #[track_caller]
    fn period(self) -> Result<PeriodExpr, Mistake>;
}

impl IntoPeriod for &str {
    #[track_caller]
    fn period(self) -> Result<PeriodExpr, Mistake> {
        match parse_period(self) {
            Ok(period) => Ok(period),
            Err(mistake) => Err(Mistake::new(&format!("period `{self}`"), mistake)),
        }
    }
}

impl IntoPeriod for String {
    #[track_caller]
    fn period(self) -> Result<PeriodExpr, Mistake> {
        self.as_str().period()
    }
}

/// Allows conditions as periods: `time_of_week.on("Monday") & time_of_day.after("07:00")` has the type of a
/// condition, and the meaning of a period.
impl IntoPeriod for Condition {
    #[track_caller]
    fn period(self) -> Result<PeriodExpr, Mistake> {
        match period_of(&self.expr()) {
            Ok(period) => Ok(period),
            Err(Odd::Mistake(mistake)) => Err(mistake),
            Err(Odd::Condition) => Err(Mistake::new(
                &format!("period `{self}`"),
                "only `time_of_…`, `crontime` and `past` are periods",
            )),
        }
    }
}

/// The reason why a condition is not a period.
enum Odd {
    /// It contains a mistake.
    Mistake(Mistake),
    /// It depends on something other than the time.
    Condition,
}

fn period_of(expr: &CondExpr<Custom>) -> Result<PeriodExpr, Odd> {
    let members = |members: &[CondExpr<Custom>]| members.iter().map(period_of).collect::<Result<Vec<_>, _>>();
    match expr {
        CondExpr::Constant(true) => Ok(PeriodExpr::Always),
        CondExpr::Constant(false) => Ok(PeriodExpr::Never),
        CondExpr::TimeOf(period) => Ok(period.clone()),
        CondExpr::All(all) => Ok(PeriodExpr::all(members(all)?)),
        CondExpr::Any(any) => Ok(PeriodExpr::any(members(any)?)),
        CondExpr::Custom(Custom::Invalid(mistake)) => Err(Odd::Mistake(Mistake::kept(mistake.clone()))),
        _ => Err(Odd::Condition),
    }
}
