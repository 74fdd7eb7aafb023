//! A failure other than that of a run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::choice::words;
use crate::error::Error;
use crate::time::Timestamp;

/// How many different failures are kept.
const MOST: usize = 100;

/// A failure of something other than a run: a condition, a parameter, the run log or a hook.
///
/// Equal failures are kept as one, with a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// What has failed.
    pub part: Part,
    /// The task that the failure concerns, if it concerns one.
    pub task: Option<Arc<str>>,
    /// What went wrong, and where it was declared.
    pub message: Arc<str>,
    /// When it first happened.
    pub first: Timestamp,
    /// When it last happened.
    pub last: Timestamp,
    /// How often it happened.
    pub times: u64,
}

/// A part of an app that may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A custom condition.
    Condition,
    /// A parameter of a run.
    Parameter,
    /// The run log.
    Log,
    /// A hook, or the function that names the runs of a task.
    Hook,
    /// A restart in another process: the app starts anew in its own instead.
    Restart,
    /// A calendar: its file can't be read, or it was asked about a day after the last that it knows.
    Calendar,
    /// Code that blocks a thread of the runtime: a run without an `await` for a second or two, or what the scheduler waits
    /// for, which is a custom condition, a hook, a set-up function or a run on the scheduler. It is reported as soon as
    /// that is noticed, and goes on. On a manual clock it is not looked for.
    Blocking,
    /// A task during whose runs the app has crashed several times in a row. It pauses before it starts again.
    Crash,
    /// An option of a task that was changed while the app ran and has the code's value again, because the code has changed
    /// since: see [`Task::overrides`](crate::Task::overrides).
    Override,
    /// An extension of the app, such as its notifications: see [`Session::report`](crate::Session::report).
    Extension,
    /// A task that fails over and over, whose start condition stays true all the time. It pauses after each failure.
    FailingLoop,
    /// Something that the app has waited for during five seconds: a task of the start-up or the shut-down; a hook, a set-up
    /// function or a run on the scheduler that is at an `await`; or a run that holds up a
    /// [`TestApp`](crate::testing::TestApp). The app waits on.
    Waiting,
    /// The [cluster](crate::Rocketry::cluster) of which the app is a node: it can't be reached, the node has lost its lead, or
    /// the settings of a server put at risk what the run log has acknowledged.
    Cluster,
}

words!(Part, "part of an app", {
    "condition" => Condition,
    "parameter" => Parameter,
    "run log" => Log,
    "hook" => Hook,
    "restart" => Restart,
    "calendar" => Calendar,
    "runtime" => Blocking,
    "crash" => Crash,
    "override" => Override,
    "extension" => Extension,
    "failing loop" => FailingLoop,
    "waiting" => Waiting,
    "cluster" => Cluster,
});

impl Part {
    /// A failure as a sentence. Some parts do not fail themselves: their message says what is wrong.
    pub(crate) fn sentence(self, task: Option<&Arc<str>>, error: &Error) -> String {
        let is_whole = matches!(
            self,
            Part::Blocking
                | Part::Cluster
                | Part::Crash
                | Part::Extension
                | Part::FailingLoop
                | Part::Override
                | Part::Waiting
        );
        match (is_whole, task) {
            (true, None) => error.to_string(),
            (true, Some(task)) => format!("task `{task}`: {error}"),
            (false, None) => format!("the {self} failed: {error}"),
            (false, Some(task)) => format!("the {self} of task `{task}` failed: {error}"),
        }
    }
}

/// The failures of an app.
#[derive(Default)]
pub(crate) struct Failures {
    /// In the order in which they last happened.
    pub(crate) kept: Vec<Failure>,
    /// The failure that shuts the app down.
    pub(crate) halt: Option<Error>,
}

impl Failures {
    /// Keeps a failure; returns whether it is a new one.
    pub(crate) fn keep(
        &mut self,
        part: Part,
        task: Option<&Arc<str>>,
        message: Arc<str>,
        now: Timestamp,
    ) -> bool {
        let alike =
            |known: &Failure| known.part == part && known.task.as_ref() == task && known.message == message;
        if let Some(index) = self.kept.iter().position(alike) {
            let mut failure = self.kept.remove(index);
            failure.last = now;
            failure.times += 1;
            self.kept.push(failure);
            return false;
        }
        if self.kept.len() == MOST {
            self.kept.remove(0);
        }
        self.kept.push(Failure {
            part,
            task: task.cloned(),
            message,
            first: now,
            last: now,
            times: 1,
        });
        true
    }
}
