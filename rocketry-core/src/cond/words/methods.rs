//! The methods that several words share.

use rocketry_syntax::SyntaxError;
use rocketry_syntax::ast::Window;

use super::mistake::{Checked, Mistake};

/// A window, or the mistake in a call of `word.method(…)`.
#[track_caller]
pub(super) fn checked(word: &str, method: &str, window: Result<Window, SyntaxError>) -> Checked<Window> {
    match window {
        Ok(window) => Ok(window),
        Err(mistake) => Err(Mistake::new(&format!("{word}.{method}"), mistake)),
    }
}

/// The methods that narrow a unit down: `daily.after("07:00")`, `time_of_week.on("Friday")`.
///
/// The type has `fn unit(&self) -> Unit`, `fn word(&self) -> String` and
/// `fn narrow(self, Checked<Window>) -> $narrowed`.
macro_rules! windows {
    ($word:ty => $narrowed:ty) => {
        impl $word {
            /// From `start` until the end of the unit.
            #[track_caller]
            #[must_use]
            pub fn after(self, start: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::after(self.unit(), start.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "after", window);
                self.narrow(checked)
            }

            /// From the start of the unit until `end`.
            #[track_caller]
            #[must_use]
            pub fn before(self, end: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::before(self.unit(), end.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "before", window);
                self.narrow(checked)
            }

            /// From `start` until `end`; over the end of the unit where `end` is the earlier one.
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

            /// One sub-unit from `start`: a millisecond of a second, a second of a minute, a minute of an
            /// hour, an hour of a day, a day of a week or month, the named month or day of a year.
            #[track_caller]
            #[must_use]
            pub fn on(self, start: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::on(self.unit(), start.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "on", window);
                self.narrow(checked)
            }

            /// The same as [`on`](Self::on).
            #[track_caller]
            #[must_use]
            pub fn at(self, start: impl $crate::cond::IntoBound) -> $narrowed {
                let window = ::rocketry_syntax::ast::Window::on(self.unit(), start.value());
                let checked = $crate::cond::words::methods::checked(&self.word(), "at", window);
                self.narrow(checked)
            }

            /// The full cycle, separated at `start`: `weekly.starting("Thursday")` are weeks that begin on
            /// Thursdays.
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

/// The methods that test how many there are. The type has `fn counted(self, Compare, u64) -> Self`.
macro_rules! counts {
    ($($word:ty),*) => {
        $(impl $word {
            /// `n` or more. Several tests must all hold.
            #[must_use]
            pub fn at_least(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::AtLeast, n)
            }

            /// `n` or fewer, none included.
            #[must_use]
            pub fn at_most(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::AtMost, n)
            }

            /// More than `n`.
            #[must_use]
            pub fn more_than_times(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::More, n)
            }

            /// Fewer than `n`, none included.
            #[must_use]
            pub fn less_than_times(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::Less, n)
            }

            /// `n`, no more and no fewer.
            #[must_use]
            pub fn exactly(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::Equal, n)
            }

            /// Any number but `n`.
            #[must_use]
            pub fn not_exactly(self, n: u64) -> Self {
                self.counted(::rocketry_syntax::ast::Compare::NotEqual, n)
            }
        })*
    };
}
pub(super) use counts;

/// `&`, `|`, `!` and `Display` for words that turn into conditions.
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
