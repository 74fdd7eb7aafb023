//! Failures outside of runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::choice::words;
use crate::error::Error;
use crate::time::Timestamp;

/// The maximum number of distinct failures to keep.
const MOST: usize = 100;

/// A failure outside of a run: in a condition, a parameter, the run log or a hook.
///
/// Equal failures are merged into one, with a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// The part that failed.
    pub part: Part,
    /// The task that the failure concerns, if any.
    pub task: Option<Arc<str>>,
    /// The error message, with the place of the declaration.
    pub message: Arc<str>,
    /// When it first happened.
    pub first: Timestamp,
    /// When it last happened.
    pub last: Timestamp,
    /// The number of times it happened.
    pub times: u64,
}

/// A part of an app that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A custom condition.
    Condition,
    /// A parameter of a run.
    Parameter,
    /// The run log.
    Log,
    /// A hook, or the function that generates the run ids of a task.
    Hook,
    /// A restart in a new process. The app restarts in its own process instead.
    Restart,
    /// A calendar: its file can't be read, or a statement needed a day after the last day that the calendar
    /// knows.
    Calendar,
    /// Code that blocks a thread of the runtime for too long without an `await`: a run, or a call that the
    /// scheduler waits for (a custom condition, a hook, a set-up function or a run on the scheduler). It is
    /// reported as soon as it is detected; the code continues. Disabled on a manual clock.
    Blocking,
    /// A task during whose runs the app has crashed several times in a row. The task pauses before its next
    /// start.
    Crash,
    /// An override of a task's option that was discarded because the code has changed that option: see
    /// [`Task::overrides`](crate::Task::overrides).
    Override,
    /// An extension of the app, such as its notifications: see [`Session::report`](crate::Session::report).
    Extension,
    /// A task that fails repeatedly while its start condition stays true. It pauses after each failure.
    FailingLoop,
    /// A wait of more than five seconds: for a task of the start-up or the shut-down; for a hook, a set-up
    /// function or a run on the scheduler that is at an `await`; or for a run that blocks a
    /// [`TestApp`](crate::testing::TestApp). The app continues to wait.
    Waiting,
    /// The [cluster](crate::Rocketry::cluster) of which the app is a node: it can't be reached, the node has
    /// lost the lead, or the settings of a server put acknowledged writes of the run log at risk.
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
    /// The failure as a sentence. For some parts, the message is already a complete sentence.
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
    /// The failures, ordered by when they last happened.
    pub(crate) kept: Vec<Failure>,
    /// The failure that shut the app down.
    pub(crate) halt: Option<Error>,
}

impl Failures {
    /// Records a failure. Returns `true` if it is new.
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
