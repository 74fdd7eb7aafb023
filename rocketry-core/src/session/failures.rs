//! What has failed besides runs: kept where it can be seen, and halting the app if its settings say so.

use std::fmt;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::state::Phase;
use super::{OnError, Session};
use crate::error::{Error, Kind};
use crate::time::Timestamp;

/// How many different failures are kept.
const MOST: usize = 100;

/// Something other than a run that has failed: a condition, a parameter, the run log or a hook.
///
/// Failures that are alike are one, however often it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What has failed.
    pub part: Part,
    /// The task that it concerned, if one.
    pub task: Option<Arc<str>>,
    /// What went wrong, and where it was declared.
    pub message: Arc<str>,
    /// When it happened first.
    pub first: Timestamp,
    /// When it happened last.
    pub last: Timestamp,
    /// How often it has happened.
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
    /// A hook.
    Hook,
    /// A restart in another process: the app starts anew in its own instead.
    Restart,
    /// A run on the runtime that blocks its thread: one that goes on for a second or two without an `await`. It is told
    /// of as soon as that is seen, and goes on. On a manual clock it is not looked for.
    Blocking,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Part::Condition => "condition",
            Part::Parameter => "parameter",
            Part::Log => "run log",
            Part::Hook => "hook",
            Part::Restart => "restart",
            Part::Blocking => "runtime",
        })
    }
}

/// The failures of an app.
#[derive(Default)]
pub(crate) struct Failures {
    /// The one that happened last comes last.
    kept: Vec<Failure>,
    /// The one because of which the app shuts down.
    halt: Option<Error>,
}

impl Failures {
    /// Keeps a failure; tells whether it is a new one.
    fn keep(&mut self, part: Part, task: Option<&Arc<str>>, message: Arc<str>, now: Timestamp) -> bool {
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

impl Session {
    /// What has failed besides runs, the latest last: at most a hundred different failures.
    ///
    /// Nothing of it has stopped the app, unless its [settings](crate::Config) say so.
    ///
    /// ```
    /// use rocketry::Session;
    ///
    /// async fn report(session: Session) {
    ///     for failure in session.failures() {
    ///         println!("{} × {}: {}", failure.times, failure.part, failure.message);
    ///     }
    /// }
    /// ```
    pub fn failures(&self) -> Vec<Failure> {
        self.kept_failures().kept.clone()
    }

    /// Keeps a failure, tells of it once, and shuts the app down if the settings say so.
    pub(crate) fn fail(&self, part: Part, task: Option<&Arc<str>>, error: Error) {
        let is_new = self
            .kept_failures()
            .keep(part, task, error.to_string().into(), self.now());
        if is_new {
            tracing::error!(%part, task = task.map(|task| &**task), %error, "failed");
        }
        if self.on_error(part) == OnError::Halt {
            self.halt(part, task, error);
        }
    }

    /// The failure because of which the app was shut down.
    pub(crate) fn take_halt(&self) -> Option<Error> {
        self.kept_failures().halt.take()
    }

    fn on_error(&self, part: Part) -> OnError {
        let config = self.config();
        match part {
            Part::Condition => config.on_cond_error,
            Part::Parameter => config.on_setup_error,
            Part::Log => config.on_log_error,
            Part::Hook => config.on_hook_error,
            Part::Restart | Part::Blocking => OnError::Continue,
        }
    }

    /// Shuts down because of a failure; the first one is what the app ends with.
    fn halt(&self, part: Part, task: Option<&Arc<str>>, error: Error) {
        let problem = &error.problems()[0];
        let of = task.map_or_else(String::new, |task| format!(" of task `{task}`"));
        let message = format!("halted by the failure of the {part}{of}: {}", problem.message);
        let halted = Error::at(Kind::Halted, message, problem.location).because(error);
        self.kept_failures().halt.get_or_insert(halted);
        self.close(|_| Phase::Closing);
    }

    fn kept_failures(&self) -> MutexGuard<'_, Failures> {
        self.0.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
