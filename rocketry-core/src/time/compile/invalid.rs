//! Expression trees that do not describe a period.

use std::error::Error;
use std::fmt;

use rocketry_syntax::ast::{Bound, Delta, Unit, Window};

use crate::time::dates::Dates;

/// The error for an expression tree that does not describe a period. The parser never creates one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPeriod(pub(super) String);

impl fmt::Display for InvalidPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for InvalidPeriod {}

impl InvalidPeriod {
    pub(super) fn bound(bound: &Bound, unit: Unit) -> Self {
        Self(format!("{bound:?} is not a place in {unit:?}"))
    }

    pub(super) fn several(window: &Window) -> Self {
        Self(format!("{window:?} is several windows where there can be one"))
    }

    pub(super) fn length(length: Delta) -> Self {
        Self(format!("{length} is too long to be repeated"))
    }
}

pub(super) type Result<T> = std::result::Result<T, InvalidPeriod>;

/// Finds the calendar of a name.
pub(super) type Calendars<'c> = &'c dyn Fn(&str) -> std::result::Result<Dates, String>;
