//! The names of the lints.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::suggest;

/// A kind of schedule that rarely means what it says.
///
/// Variants that need more than the statement are only reported by `Rocketry::check`; the others also by the
/// macros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Lint {
    /// `never_true`: a conjunction that is never true.
    NeverTrue,
    /// `always_true`: a disjunction that is always true.
    AlwaysTrue,
    /// `once_a_window`: `daily between … & every …`, which runs once in each window.
    OnceAWindow,
    /// `day_not_in_every_month`: a window that starts on a day that some months lack.
    DayNotInEveryMonth,
    /// `uneven_step`: a cron step that does not divide its field.
    UnevenStep,
    /// `both_day_fields`: a cron expression that restricts both day fields, so that a match in either
    /// suffices.
    BothDayFields,
    /// `clock_change`: a start in a gap or repeat of daylight saving time.
    ClockChange,
    /// `after_never`: a task that starts after one that never starts.
    AfterNever,
    /// `circle`: a cycle of tasks that start after each other.
    Circle,
    /// `interval_too_short`: an interval that is shorter than the task usually takes.
    IntervalTooShort,
    /// `timeout_over_interval`: a timeout that is longer than the interval of a task that skips starts while it runs.
    TimeoutOverInterval,
    /// `grace_over_period`: a grace that lasts beyond the next start.
    GraceOverPeriod,
    /// `many_at_once`: many tasks that are due at the same instant.
    ManyAtOnce,
    /// `unused_condition`: a custom condition that no task uses.
    UnusedCondition,
    /// `unused_parameter`: a parameter that no function takes.
    UnusedParameter,
}

impl Lint {
    /// All lints.
    pub const ALL: [Self; 15] = [
        Self::NeverTrue,
        Self::AlwaysTrue,
        Self::OnceAWindow,
        Self::DayNotInEveryMonth,
        Self::UnevenStep,
        Self::BothDayFields,
        Self::ClockChange,
        Self::AfterNever,
        Self::Circle,
        Self::IntervalTooShort,
        Self::TimeoutOverInterval,
        Self::GraceOverPeriod,
        Self::ManyAtOnce,
        Self::UnusedCondition,
        Self::UnusedParameter,
    ];

    /// Returns the name, as in `allow(never_true)`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverTrue => "never_true",
            Self::AlwaysTrue => "always_true",
            Self::OnceAWindow => "once_a_window",
            Self::DayNotInEveryMonth => "day_not_in_every_month",
            Self::UnevenStep => "uneven_step",
            Self::BothDayFields => "both_day_fields",
            Self::ClockChange => "clock_change",
            Self::AfterNever => "after_never",
            Self::Circle => "circle",
            Self::IntervalTooShort => "interval_too_short",
            Self::TimeoutOverInterval => "timeout_over_interval",
            Self::GraceOverPeriod => "grace_over_period",
            Self::ManyAtOnce => "many_at_once",
            Self::UnusedCondition => "unused_condition",
            Self::UnusedParameter => "unused_parameter",
        }
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Finds a lint by its name. `-` is accepted in place of `_`.
///
/// ```
/// use rocketry_syntax::Lint;
///
/// assert_eq!("never-true".parse(), Ok(Lint::NeverTrue));
/// let error = "newer_true".parse::<Lint>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no lint `newer_true`; did you mean `never_true`?");
/// ```
impl FromStr for Lint {
    type Err = UnknownLint;

    fn from_str(name: &str) -> Result<Self, UnknownLint> {
        let meant = name.replace('-', "_");
        let known = Self::ALL.into_iter().find(|lint| lint.name() == meant);
        known.ok_or_else(|| UnknownLint(name.to_owned()))
    }
}

/// Finds a lint by its name, like [`FromStr`].
impl TryFrom<&str> for Lint {
    type Error = UnknownLint;

    fn try_from(name: &str) -> Result<Self, UnknownLint> {
        name.parse()
    }
}

/// A set of lints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lints(u32);

impl Lints {
    /// No lint.
    pub const NONE: Self = Self(0);

    /// Adds a lint.
    #[must_use]
    pub const fn with(self, lint: Lint) -> Self {
        Self(self.0 | 1 << lint as u32)
    }

    /// Returns the lints of both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns true if the lint is in the set.
    pub const fn contains(self, lint: Lint) -> bool {
        self.0 >> lint as u32 & 1 == 1
    }
}

/// The error for an unknown lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLint(String);

impl UnknownLint {
    /// Returns the most similar lint.
    pub fn nearest(&self) -> Option<&'static str> {
        suggest::nearest(&self.0, Lint::ALL.map(Lint::name))
    }
}

impl fmt::Display for UnknownLint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no lint `{}`", self.0)?;
        match self.nearest() {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => write!(
                f,
                "; there are {}",
                Lint::ALL.map(|lint| format!("`{lint}`")).join(", ")
            ),
        }
    }
}

impl Error for UnknownLint {}
