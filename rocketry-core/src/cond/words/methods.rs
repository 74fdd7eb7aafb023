//! Methods that several words share.

use std::fmt;

use rocketry_syntax::ast::{Anchored, PeriodExpr, StepsFrom, Unit, Window};
use rocketry_syntax::{BoundValue, SyntaxError, parse_days};

use super::mistake::{Checked, Mistake};
use crate::error::Location;

/// Returns a window, or the mistake in a call of `word.method(…)`.
#[track_caller]
pub(super) fn checked(word: &str, method: &str, window: Result<Window, SyntaxError>) -> Checked<Window> {
    match window {
        Ok(window) => Ok(window),
        Err(mistake) => Err(Mistake::new(&format!("{word}.{method}"), mistake)),
    }
}

/// Methods that limit a unit to a part: `daily.after("07:00")`, `time_of_week.on("Friday")`.
///
/// Requires that the type has `fn unit(&self) -> Unit`, `fn word(&self) -> String` and `fn narrow(self,
/// Checked<Window>) -> $narrowed`.
macro_rules! windows {
    ($word:ty => $narrowed:ty) => {
        impl $word {
            /// Limits the unit to the part from `start` to its end.
            #[track_caller]
            #[must_use]
            pub fn after(self, start: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::after(self.unit(), start.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "after", window);
                self.narrow(checked)
            }

            /// Limits the unit to the part from its start to `end`.
            #[track_caller]
            #[must_use]
            pub fn before(self, end: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::before(self.unit(), end.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "before", window);
                self.narrow(checked)
            }

            /// Limits the unit to the part from `start` to `end`. If `end` is earlier, the window crosses the end of
            /// the unit.
            #[track_caller]
            #[must_use]
            pub fn between(
                self,
                start: impl $crate::cond::IntoBound,
                end: impl $crate::cond::IntoBound,
            ) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::between(self.unit(), start.value(), end.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "between", window);
                self.narrow(checked)
            }

            /// Limits the unit to one sub-unit from `start`, or from each of several positions: a millisecond of a
            /// second, a second of a minute, a minute of an hour, an hour of a day, a day of a week, month or
            /// quarter, the named month or day of a year.
            #[track_caller]
            #[must_use]
            pub fn on(self, start: impl $crate::cond::IntoBounds) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::each(self.unit(), &start.values());
                let checked = $crate::cond::words::methods::checked(&self.word(), "on", window);
                self.narrow(checked)
            }

            /// Same as [`on`](Self::on).
            #[track_caller]
            #[must_use]
            pub fn at(self, start: impl $crate::cond::IntoBounds) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::each(self.unit(), &start.values());
                let checked = $crate::cond::words::methods::checked(&self.word(), "at", window);
                self.narrow(checked)
            }

            /// Shifts the boundaries of the unit to `start`: `weekly.starting("Thursday")` means weeks that begin on
            /// Thursday.
            #[track_caller]
            #[must_use]
            pub fn starting(self, start: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::starting(self.unit(), start.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "starting", window);
                self.narrow(checked)
            }
        }
    };
}
pub(super) use windows;

/// Methods that refine a period: `weekly.on([Mon, Fri]).at("07:00")`, `daily.at("09:30").on("weekdays")`.
///
/// Requires that the type has `fn refine(self, impl FnOnce(PeriodExpr) -> Checked<PeriodExpr>) -> Self`.
macro_rules! refined {
    ($($word:ty),*) => {
        $(impl $word {
            /// Sets the times on the named days.
            ///
            /// ```
            /// use rocketry::conds::*;
            ///
            /// let statement = weekly.on([Mon, Fri]).at(["07:00", "19:00"]);
            /// assert_eq!(statement.to_string(), "weekly on Monday, Friday 07:00, Monday, Friday 19:00");
            /// ```
            #[track_caller]
            #[must_use]
            pub fn at(self, times: impl $crate::cond::IntoBounds) -> Self {
                let place = $crate::Location::caller();
                self.refine(|period| $crate::cond::words::methods::at(period, &times.values(), place))
            }

            /// Sets the days on which a window of a day starts: days of the week, `weekdays`, `weekends`, days of the
            /// month, dates, and calendars.
            ///
            /// ```
            /// use rocketry::conds::*;
            ///
            /// let statement = daily.at("09:30").on("weekdays");
            /// assert_eq!(statement.to_string(), "daily at 09:30 on weekdays");
            /// ```
            #[track_caller]
            #[must_use]
            pub fn on(self, days: &str) -> Self {
                let place = $crate::Location::caller();
                self.refine(|period| $crate::cond::words::methods::on(period, days, place))
            }

            /// Uses the clock of a time zone instead of the zone of the task or the app.
            ///
            /// ```
            /// use rocketry::conds::*;
            ///
            /// let statement = daily.at("09:30").in_zone("America/New_York");
            /// assert_eq!(statement.to_string(), "daily at 09:30 in America/New_York");
            /// ```
            #[track_caller]
            #[must_use]
            pub fn in_zone(self, zone: &str) -> Self {
                let zone = $crate::cond::words::arg::zone(zone);
                self.refine(|period| zone.map(|zone| period.in_zone(zone)))
            }
        })*
    };
}
pub(super) use refined;

/// Sets other times for windows on named days.
pub(super) fn at(period: PeriodExpr, times: &[BoundValue<'_>], place: Location) -> Checked<PeriodExpr> {
    let mistake = |what: &dyn fmt::Display| Mistake::at(place, "at", what);
    match period {
        PeriodExpr::Anchored(Anchored { unit, window }) => match window.with_times(times) {
            Ok(Some(window)) => Ok(PeriodExpr::anchored(unit, window)),
            Ok(None) => Err(mistake(
                &"expected days without a time before it, as in `weekly.on([Mon, Fri]).at(\"07:00\")`",
            )),
            Err(error) => Err(mistake(&error)),
        },
        PeriodExpr::Series(mut series) => match series.anchored.window.with_times(times) {
            Ok(Some(window)) => {
                series.anchored.window = window;
                Ok(PeriodExpr::Series(series))
            }
            Ok(None) => Err(mistake(&"expected days without a time before it")),
            Err(error) => Err(mistake(&error)),
        },
        _ => Err(mistake(
            &"expected days of a week, month, quarter or year before it",
        )),
    }
}

/// Limits windows to some days.
pub(super) fn on(period: PeriodExpr, days: &str, place: Location) -> Checked<PeriodExpr> {
    let mistake = |what: &dyn fmt::Display| Mistake::at(place, "on", what);
    let days = parse_days(days).map_err(|error| mistake(&error))?;
    match period {
        PeriodExpr::Anchored(Anchored { unit: Unit::Day, .. }) => Ok(period.on_days(days)),
        PeriodExpr::Steps(mut steps) => match &mut steps.from {
            StepsFrom::Clock { days: all, .. } => {
                *all = days;
                Ok(PeriodExpr::Steps(steps))
            }
            StepsFrom::Moment { .. } => Err(mistake(
                &"expected a time after `from`, not a date; join the days with `&`",
            )),
        },
        _ => Err(mistake(
            &"expected a window of a day before it, as in `daily.at(\"09:30\").on(\"weekdays\")`; join other words with `&`",
        )),
    }
}

/// Methods that compare a count. Requires that the type has `fn counted(self, Compare, u64) -> Self`.
macro_rules! counts {
    ($($word:ty),*) => {
        $(impl $word {
            /// Requires at least `n`. All comparisons of a condition have to be true.
            #[must_use]
            pub fn at_least(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::AtLeast, n)
            }

            /// Requires at most `n`, which includes none.
            #[must_use]
            pub fn at_most(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::AtMost, n)
            }

            /// Requires more than `n`.
            #[must_use]
            pub fn more_than_times(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::More, n)
            }

            /// Requires fewer than `n`, which includes none.
            #[must_use]
            pub fn less_than_times(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::Less, n)
            }

            /// Requires exactly `n`.
            #[must_use]
            pub fn exactly(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::Equal, n)
            }

            /// Requires any number except `n`.
            #[must_use]
            pub fn not_exactly(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::NotEqual, n)
            }
        })*
    };
}
pub(super) use counts;

/// Implements `&`, `|`, `!` and `Display` for words that convert into conditions.
macro_rules! words {
    ($($word:ty),* $(,)?) => {
        $crate::cond::operators!($($word),*);

        $(impl ::std::fmt::Display for $word {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&$crate::cond::Condition::from(self.clone()), f)
            }
        })*
    };
}
pub(super) use words;
