//! The pool and the lane of a task: how many of its runs there may be, and on which nodes.

use std::borrow::Cow;

use super::builder::{Execution, TaskBuilder};
use crate::error::Problem;

impl TaskBuilder {
    /// Limits the runs of the task, together with those of other tasks, to the size of a
    /// [`Rocketry::pool`](crate::Rocketry::pool). A run that is due while the pool is full waits. The run
    /// with the highest priority starts first; among equals, the one that has waited longest. Every tenth
    /// free slot goes to the run that has waited longest, regardless of its priority, so that no run waits
    /// forever.
    pub fn pool(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().pool = Some(name.into());
        self
    }

    /// Restricts the runs of the task to nodes of the [cluster](crate::Rocketry::cluster) that have this
    /// [lane](crate::Config::lanes). Without a lane, any node can take them. While no node has the lane, runs
    /// wait, and [`Session::failures`](crate::Session::failures) reports it.
    ///
    /// An app that is not a node ignores lanes.
    ///
    /// ```
    /// use rocketry::{Config, Rocketry, Task};
    ///
    /// let config = Config { lanes: vec!["gpu".into()], ..Config::default() };
    /// let app = Rocketry::builder()
    ///     .config(config)
    ///     .task(Task::func("train", || async {}).start("daily after 02:00").lane("gpu"))
    ///     .build()?;
    /// let train = app.session().task("train")?;
    /// assert_eq!(train.info().lane.as_deref(), Some("gpu"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Building the app fails if only the leader can execute runs of the task: with `execution = "main"`, or
    /// for start-up and shut-down tasks.
    pub fn lane(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().lane = Some(name.into());
        self
    }
}

/// The mistake in the lane of a task.
pub(crate) fn lane_mistake(task: &TaskBuilder, lane: Option<&str>, execution: Execution) -> Option<Problem> {
    let lane = lane?;
    let why = if execution == Execution::Main {
        "`execution = \"main\"`"
    } else if task.on_startup {
        "`on_startup`"
    } else if task.on_shutdown {
        "`on_shutdown`"
    } else {
        return None;
    };
    let name = &task.name;
    let message = format!(
        "task `{name}` has the lane `{lane}`, but the node that leads makes runs with {why} itself: remove one of the two"
    );
    let location = Some(task.location);
    Some(Problem { message, location })
}
