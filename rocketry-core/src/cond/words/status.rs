//! Conditions on the past of a task: `failed("fetch").today().at_least(3)`.

use rocketry_syntax::ast::{Action, Compare, CondExpr, Count, PeriodExpr, Status, Unit, Window};

use super::arg::{IntoDelta, IntoPeriod, length};
use super::methods::{counts, windows, words};
use super::mistake::{Checked, condition};
use crate::cond::{Condition, Subject, ThisTask};

/// An event of a task, as returned by [`failed`] and similar words.
///
/// By default the event has to occur once, at any time.
#[derive(Clone, Debug)]
pub struct Happened {
    task: Option<String>,
    action: Action,
    within: Checked<Option<PeriodExpr>>,
    count: Count,
}

/// An event of a task in the current unit of time, which can be limited to a part:
/// `failed("fetch").today().after("07:00")`.
#[derive(Clone, Debug)]
pub struct HappenedIn {
    happened: Happened,
    unit: Unit,
}

/// The task with the condition, for words that take a task.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(failed(this_task).today().to_string(), "has failed today");
/// assert_eq!(running(this_task).more_than("1 hour").to_string(), "is running for more than 1 hour");
/// ```
pub static this_task: ThisTask = ThisTask;

/// True once a task has started.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(started("fetch").to_string(), "task 'fetch' has started");
/// assert_eq!(started(this_task).this_week().to_string(), "has started this week");
/// ```
pub fn started<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Started)
}

/// True once a run of a task has succeeded.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(succeeded("fetch").to_string(), "task 'fetch' has succeeded");
/// assert_eq!(succeeded(this_task).this_week().to_string(), "has succeeded this week");
/// ```
pub fn succeeded<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Succeeded)
}

/// True once a run of a task has failed.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(failed("fetch").to_string(), "task 'fetch' has failed");
/// assert_eq!(failed(this_task).this_week().to_string(), "has failed this week");
/// ```
pub fn failed<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Failed)
}

/// True once a run of a task has succeeded, failed or been terminated.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(finished("fetch").to_string(), "task 'fetch' has finished");
/// assert_eq!(finished(this_task).this_week().to_string(), "has finished this week");
/// ```
pub fn finished<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Finished)
}

/// True once a run of a task has been terminated.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(terminated("fetch").to_string(), "task 'fetch' has terminated");
/// assert_eq!(terminated(this_task).this_week().to_string(), "has terminated this week");
/// ```
pub fn terminated<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Terminated)
}

/// True once a run of a task has had nothing to do.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(inacted("fetch").to_string(), "task 'fetch' has inacted");
/// assert_eq!(inacted(this_task).this_week().to_string(), "has inacted this week");
/// ```
pub fn inacted<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Inacted)
}

/// True once a run of a task was interrupted because its process ended.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(crashed("fetch").to_string(), "task 'fetch' has crashed");
/// assert_eq!(crashed(this_task).this_week().to_string(), "has crashed this week");
/// ```
pub fn crashed<M>(task: impl Subject<M>) -> Happened {
    happened(task, Action::Crashed)
}

fn happened<M>(task: impl Subject<M>, action: Action) -> Happened {
    Happened {
        task: task.subject(),
        action,
        within: Ok(None),
        count: Count::default(),
    }
}

/// Methods for the time of the event. The last call counts.
impl Happened {
    /// Counts events in the current second.
    #[must_use]
    pub fn this_second(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Second,
        }
    }

    /// Counts events in the current minute.
    #[must_use]
    pub fn this_minute(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Minute,
        }
    }

    /// Counts events in the current hour.
    #[must_use]
    pub fn this_hour(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Hour,
        }
    }

    /// Counts events in the current day, from midnight.
    #[must_use]
    pub fn this_day(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Day,
        }
    }

    /// Counts events in the current week, from Monday.
    #[must_use]
    pub fn this_week(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Week,
        }
    }

    /// Counts events in the current month.
    #[must_use]
    pub fn this_month(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Month,
        }
    }

    /// Counts events in the current quarter.
    #[must_use]
    pub fn this_quarter(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Quarter,
        }
    }

    /// Counts events in the current year.
    #[must_use]
    pub fn this_year(self) -> HappenedIn {
        HappenedIn {
            happened: self,
            unit: Unit::Year,
        }
    }

    /// Same as [`this_day`](Self::this_day).
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     failed("fetch").today().after("07:00").at_least(3).to_string(),
    ///     "task 'fetch' has failed today after 07:00 at least 3 times",
    /// );
    /// ```
    #[must_use]
    pub fn today(self) -> HappenedIn {
        self.this_day()
    }

    /// Counts events that happened less than this long ago.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(started("fetch").past("2 hours").to_string(), "task 'fetch' has started past 2 hours");
    /// ```
    #[track_caller]
    #[must_use]
    pub fn past(mut self, delta: impl IntoDelta) -> Self {
        self.within = length("past", delta).map(|delta| Some(PeriodExpr::Past(delta)));
        self
    }

    /// Counts events in the latest occurrence of a period.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// let weekend = time_of_week.between("Sat", "Sun") | time_of_week.after("Friday 18:00");
    /// assert_eq!(
    ///     failed("fetch").within(weekend).to_string(),
    ///     "task 'fetch' has failed in (time of week between Saturday and Sunday | time of week after Friday 18:00)",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn within(mut self, period: impl IntoPeriod) -> Self {
        self.within = period.period().map(Some);
        self
    }

    fn counted(mut self, compare: Compare, n: u64) -> Self {
        self.count.0.push((compare, n));
        self
    }
}

counts!(Happened);
windows!(HappenedIn => Happened);
words!(Happened, HappenedIn);

/// Methods for the number of events.
impl HappenedIn {
    /// Requires at least `n` events.
    #[must_use]
    pub fn at_least(self, n: u64) -> Happened {
        self.full().at_least(n)
    }

    /// Requires at most `n` events, which includes none.
    #[must_use]
    pub fn at_most(self, n: u64) -> Happened {
        self.full().at_most(n)
    }

    /// Requires more than `n` events.
    #[must_use]
    pub fn more_than_times(self, n: u64) -> Happened {
        self.full().more_than_times(n)
    }

    /// Requires fewer than `n` events, which includes none.
    #[must_use]
    pub fn less_than_times(self, n: u64) -> Happened {
        self.full().less_than_times(n)
    }

    /// Requires exactly `n` events.
    #[must_use]
    pub fn exactly(self, n: u64) -> Happened {
        self.full().exactly(n)
    }

    /// Requires any number of events except `n`.
    #[must_use]
    pub fn not_exactly(self, n: u64) -> Happened {
        self.full().not_exactly(n)
    }

    const fn unit(&self) -> Unit {
        self.unit
    }

    fn word(&self) -> String {
        format!("this_{}", self.unit.name())
    }

    fn full(self) -> Happened {
        self.narrow(Ok(Window::Full))
    }

    fn narrow(self, window: Checked<Window>) -> Happened {
        let within = window.map(|window| Some(PeriodExpr::anchored(self.unit, window)));
        Happened {
            within,
            ..self.happened
        }
    }
}

impl From<Happened> for Condition {
    fn from(
        Happened {
            task,
            action,
            within,
            count,
        }: Happened,
    ) -> Self {
        condition(within, |within| {
            Condition::new(CondExpr::Status(Status {
                task,
                action,
                within,
                count,
            }))
        })
    }
}

impl From<HappenedIn> for Condition {
    fn from(word: HappenedIn) -> Self {
        word.full().into()
    }
}
