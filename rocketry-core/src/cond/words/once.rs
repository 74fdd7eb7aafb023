//! Conditions for one run in each occurrence of a period: `once_per(…)`, `one_start_per(…)`.

use rocketry_syntax::ast::{Basis, CondExpr, Once, PeriodExpr};

use super::arg::IntoPeriod;
use super::methods::{refined, words};
use super::mistake::{Checked, condition};
use crate::cond::{Condition, TaskRef};

/// One run in each occurrence of a period, as returned by [`once_per`], [`daily`](super::daily) and similar words.
#[derive(Clone, Debug)]
pub struct OncePer {
    period: Checked<PeriodExpr>,
    task: Option<String>,
    retries: u32,
}

/// True inside a period until a run has ended in its current occurrence with a success, an inaction, a termination or
/// a failure. (Rocketry: `TaskExecutable`.)
///
/// ```
/// use rocketry::conds::*;
///
/// let office = time_of_week.between("Mon", "Fri") & time_of_day.between("09:00", "17:00");
/// assert_eq!(
///     once_per(office).retries(2).to_string(),
///     "once per (time of week between Monday and Friday & time of day between 09:00 and 17:00) with 2 retries",
/// );
/// assert_eq!(once_per(past("2 hours")).to_string(), "once per (past 2 hours)");
/// ```
#[track_caller]
pub fn once_per(period: impl IntoPeriod) -> OncePer {
    OncePer::new(period.period())
}

impl OncePer {
    pub(super) const fn new(period: Checked<PeriodExpr>) -> Self {
        OncePer {
            period,
            task: None,
            retries: 0,
        }
    }

    fn refine(self, refine: impl FnOnce(PeriodExpr) -> Checked<PeriodExpr>) -> Self {
        OncePer {
            period: self.period.and_then(refine),
            ..self
        }
    }

    /// Sets how many failures an occurrence allows before it is used up.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(daily.retries(3).to_string(), "daily with 3 retries");
    /// ```
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Considers the runs of another task instead of the task with this condition.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     once_per(time_of_day.after("07:00")).of("fetch").to_string(),
    ///     "task 'fetch' once per (time of day after 07:00)",
    /// );
    /// ```
    #[must_use]
    pub fn of<M>(mut self, task: impl TaskRef<M>) -> Self {
        self.task = Some(task.name());
        self
    }
}

impl From<OncePer> for Condition {
    fn from(
        OncePer {
            period,
            task,
            retries,
        }: OncePer,
    ) -> Self {
        condition(period, |period| once(task, period, Basis::Finish, retries))
    }
}

/// One start in each occurrence of a period, as returned by [`one_start_per`].
#[derive(Clone, Debug)]
pub struct OneStartPer {
    period: Checked<PeriodExpr>,
    task: Option<String>,
}

/// True inside a period until the task has started in its current occurrence, whatever the outcome of that run.
/// (Rocketry: `TaskRunnable`.)
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(
///     one_start_per(time_of_day.after("07:00")).to_string(),
///     "one start per (time of day after 07:00)",
/// );
/// ```
#[track_caller]
pub fn one_start_per(period: impl IntoPeriod) -> OneStartPer {
    OneStartPer {
        period: period.period(),
        task: None,
    }
}

impl OneStartPer {
    /// Considers the runs of another task instead of the task with this condition.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     one_start_per(past("2 hours")).of("fetch").to_string(),
    ///     "task 'fetch' one start per (past 2 hours)",
    /// );
    /// ```
    #[must_use]
    pub fn of<M>(mut self, task: impl TaskRef<M>) -> Self {
        self.task = Some(task.name());
        self
    }
}

impl From<OneStartPer> for Condition {
    fn from(OneStartPer { period, task }: OneStartPer) -> Self {
        condition(period, |period| once(task, period, Basis::Start, 0))
    }
}

refined!(OncePer);
words!(OncePer, OneStartPer);

pub(super) fn once(task: Option<String>, period: PeriodExpr, basis: Basis, retries: u32) -> Condition {
    Condition::new(CondExpr::Once(Once {
        task,
        period,
        basis,
        retries,
    }))
}
