//! Conditions on tasks that are running: `running("fetch").more_than("10 minutes")`.

use rocketry_syntax::ast::{Age, Compare, CondExpr, Count, Running as RunningExpr};

use super::arg::{IntoDelta, age};
use super::methods::{counts, words};
use super::mistake::{Checked, condition};
use crate::cond::{Condition, Subject};

/// A task that is running, as returned by [`running`].
#[derive(Clone, Debug)]
pub struct Running {
    task: Option<String>,
    age: Checked<Age>,
    count: Count,
}

/// True while a task is running.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(running("fetch").to_string(), "task 'fetch' is running");
/// assert_eq!((!running(this_task)).to_string(), "~is running");
/// assert_eq!(running("fetch").at_least(2).to_string(), "task 'fetch' is running in at least 2 runs");
/// ```
pub fn running<M>(task: impl Subject<M>) -> Running {
    Running {
        task: task.subject(),
        age: Ok(Age::default()),
        count: Count::default(),
    }
}

impl Running {
    /// Counts only runs that started at least this long ago.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     running("fetch").more_than("10 min").to_string(),
    ///     "task 'fetch' is running for more than 10 minutes",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn more_than(mut self, length: impl IntoDelta) -> Self {
        self.age = more_than("running.more_than", self.age, length);
        self
    }

    /// Counts only runs that started at most this long ago.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     running("fetch").less_than("1 h").to_string(),
    ///     "task 'fetch' is running for less than 1 hour",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn less_than(mut self, length: impl IntoDelta) -> Self {
        self.age = less_than("running.less_than", self.age, length);
        self
    }

    /// Counts only runs that started at least `least` and at most `most` ago.
    ///
    /// ```
    /// use rocketry::conds::*;
    ///
    /// assert_eq!(
    ///     running("fetch").between("10 min", "1 h").to_string(),
    ///     "task 'fetch' is running for more than 10 minutes and less than 1 hour",
    /// );
    /// ```
    #[track_caller]
    #[must_use]
    pub fn between(mut self, least: impl IntoDelta, most: impl IntoDelta) -> Self {
        let age = more_than("running.between", self.age, least);
        self.age = less_than("running.between", age, most);
        self
    }

    fn counted(mut self, compare: Compare, n: u64) -> Self {
        self.count.0.push((compare, n));
        self
    }
}

/// Sets the minimum age.
#[track_caller]
pub(super) fn more_than(word: &str, so_far: Checked<Age>, least: impl IntoDelta) -> Checked<Age> {
    let least = age(word, least);
    Ok(Age {
        more_than: Some(least?),
        ..so_far?
    })
}

/// Sets the maximum age.
#[track_caller]
pub(super) fn less_than(word: &str, so_far: Checked<Age>, most: impl IntoDelta) -> Checked<Age> {
    let most = age(word, most);
    Ok(Age {
        less_than: Some(most?),
        ..so_far?
    })
}

counts!(Running);
words!(Running);

impl From<Running> for Condition {
    fn from(Running { task, age, count }: Running) -> Self {
        condition(age, |age| {
            Condition::new(CondExpr::Running(RunningExpr { task, age, count }))
        })
    }
}
