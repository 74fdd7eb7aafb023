//! Conditions on the end of other tasks: `after_success("fetch")`.
//!
//! Each condition is true while the named task has ended later than the last start of the task with the condition. An
//! end at exactly the time of the start is not later.

use rocketry_syntax::ast::{After, CondExpr, Outcome, Quantifier};

use super::arg::{IntoDelta, length};
use super::methods::words;
use super::mistake::{Checked, Mistake, condition};
use crate::cond::{Condition, TaskRef, TaskRefs};

/// True after a task has succeeded, until the task with this condition starts.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_success("fetch").to_string(), "after task 'fetch'");
/// ```
pub fn after_success<M>(task: impl TaskRef<M>) -> AfterTasks {
    after(Outcome::Success, Quantifier::One, vec![task.name()])
}

/// True after a task has failed, until the task with this condition starts.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_fail("fetch").to_string(), "after task 'fetch' failed");
/// ```
pub fn after_fail<M>(task: impl TaskRef<M>) -> AfterTasks {
    after(Outcome::Fail, Quantifier::One, vec![task.name()])
}

/// True after a task has succeeded or failed, until the task with this condition starts.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_finish("fetch").to_string(), "after task 'fetch' finished");
/// ```
pub fn after_finish<M>(task: impl TaskRef<M>) -> AfterTasks {
    after(Outcome::Finish, Quantifier::One, vec![task.name()])
}

/// True after a task has been terminated, until the task with this condition starts.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_terminate("fetch").to_string(), "after task 'fetch' terminated");
/// ```
pub fn after_terminate<M>(task: impl TaskRef<M>) -> AfterTasks {
    after(Outcome::Terminate, Quantifier::One, vec![task.name()])
}

/// True after each of several tasks has succeeded since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_all_success(("fetch", "load")).to_string(), "after tasks 'fetch', 'load'");
/// ```
#[track_caller]
pub fn after_all_success<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_all_success",
        Outcome::Success,
        Quantifier::All,
        tasks.names(),
    )
}

/// True after each of several tasks has failed since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_all_fail(("fetch", "load")).to_string(), "after tasks 'fetch', 'load' failed");
/// ```
#[track_caller]
pub fn after_all_fail<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several("after_all_fail", Outcome::Fail, Quantifier::All, tasks.names())
}

/// True after each of several tasks has succeeded or failed since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_all_finish(("fetch", "load")).to_string(), "after tasks 'fetch', 'load' finished");
/// ```
#[track_caller]
pub fn after_all_finish<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_all_finish",
        Outcome::Finish,
        Quantifier::All,
        tasks.names(),
    )
}

/// True after each of several tasks has been terminated since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_all_terminate(("fetch", "load")).to_string(), "after tasks 'fetch', 'load' terminated");
/// ```
#[track_caller]
pub fn after_all_terminate<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_all_terminate",
        Outcome::Terminate,
        Quantifier::All,
        tasks.names(),
    )
}

/// True after any of several tasks has succeeded since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_any_success(["fetch", "load"]).to_string(), "after any tasks 'fetch', 'load'");
/// ```
#[track_caller]
pub fn after_any_success<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_any_success",
        Outcome::Success,
        Quantifier::Any,
        tasks.names(),
    )
}

/// True after any of several tasks has failed since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_any_fail(["fetch", "load"]).to_string(), "after any tasks 'fetch', 'load' failed");
/// ```
#[track_caller]
pub fn after_any_fail<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several("after_any_fail", Outcome::Fail, Quantifier::Any, tasks.names())
}

/// True after any of several tasks has succeeded or failed since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_any_finish(["fetch", "load"]).to_string(), "after any tasks 'fetch', 'load' finished");
/// ```
#[track_caller]
pub fn after_any_finish<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_any_finish",
        Outcome::Finish,
        Quantifier::Any,
        tasks.names(),
    )
}

/// True after any of several tasks has been terminated since the last start of the task with this condition.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(after_any_terminate(["fetch", "load"]).to_string(), "after any tasks 'fetch', 'load' terminated");
/// ```
#[track_caller]
pub fn after_any_terminate<M>(tasks: impl TaskRefs<M>) -> AfterTasks {
    several(
        "after_any_terminate",
        Outcome::Terminate,
        Quantifier::Any,
        tasks.names(),
    )
}

/// A condition on the end of other tasks, as returned by [`after_success`] and similar words.
#[derive(Clone, Debug)]
pub struct AfterTasks(Checked<After>);

impl AfterTasks {
    /// Delays the condition by a time after the end of the tasks.
    ///
    /// Each end is delayed separately. An end during the delay of an earlier one does not affect it.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     after_success("fetch").delay("30 minutes").to_string(),
    ///     "30 minutes after task 'fetch'",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn delay(self, delay: impl IntoDelta) -> Self {
        let delay = length("delay", delay);
        AfterTasks(self.0.and_then(|after| {
            Ok(After {
                delay: Some(delay?),
                ..after
            })
        }))
    }
}

words!(AfterTasks);

impl From<AfterTasks> for Condition {
    fn from(AfterTasks(after): AfterTasks) -> Self {
        condition(after, |after| Condition::new(CondExpr::After(after)))
    }
}

fn after(outcome: Outcome, quantifier: Quantifier, tasks: Vec<String>) -> AfterTasks {
    AfterTasks(Ok(After {
        outcome,
        quantifier,
        tasks,
        delay: None,
    }))
}

#[track_caller]
fn several(word: &str, outcome: Outcome, quantifier: Quantifier, tasks: Vec<String>) -> AfterTasks {
    if tasks.is_empty() {
        return AfterTasks(Err(Mistake::new(word, "expected at least one task")));
    }
    after(outcome, quantifier, tasks)
}
