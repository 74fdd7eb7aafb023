//! Stores failures outside of runs, and halts the app if its settings say so.

use std::sync::Arc;

use super::Session;
use crate::config::OnError;
use crate::drops::Locked;
use crate::engine::event::Event;
use crate::engine::state::Phase;
use crate::error::{Error, Kind};
use crate::failure::{Failure, Failures, Part};

impl Session {
    /// Returns the failures outside of runs, the latest last: at most a hundred distinct failures.
    ///
    /// None of them has stopped the app, unless its [settings](crate::Config) say so.
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

    /// Reports a failure of an extension of the app. The failure is kept in [`failures`](Self::failures),
    /// published as an event and logged, once for equal messages. The app continues.
    ///
    /// ```
    /// use rocketry::{Part, Rocketry};
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// session.report("the export to `archive` failed: the disk is full");
    /// assert_eq!(session.failures()[0].part, Part::Extension);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn report(&self, message: impl Into<String>) {
        self.fail(Part::Extension, None, Error::new(Kind::State, message.into()));
    }

    /// Stores a failure, reports it once, and shuts the app down if the settings say so.
    pub(crate) fn fail(&self, part: Part, task: Option<&Arc<str>>, error: Error) {
        let is_new = self
            .kept_failures()
            .keep(part, task, error.to_string().into(), self.now());
        if is_new {
            tracing::error!(target: "rocketry::app", %part, task = task.map(|task| &**task), %error, "failed");
            // A run that lacks a parameter fails, and that failure is reported as well.
            if part != Part::Parameter {
                self.say_failure(&part.sentence(task, &error));
            }
        }
        self.report_failure();
        if self.on_error(part) == OnError::Halt {
            self.halt(part, task, error);
        }
    }

    /// Stores a failure of the cluster of which the app is a node.
    pub(crate) fn fail_in_cluster(&self, task: Option<&Arc<str>>, message: impl Into<String>) {
        self.fail(Part::Cluster, task, Error::new(Kind::State, message.into()));
    }

    /// Reports that a task fails repeatedly while its start condition stays true.
    pub(crate) fn report_failing(&self, task: &Arc<str>) {
        let message = "it fails over and over, and its start condition stays true, so it would start again at once; \
                       it pauses after each failure, twice as long each time, until a run succeeds";
        self.fail(
            Part::FailingLoop,
            Some(task),
            Error::new(Kind::State, message.to_owned()),
        );
    }

    /// Publishes the last failure as an event, if there are subscribers.
    fn report_failure(&self) {
        let failure = self.kept_failures().kept.last().cloned();
        let mut state = self.state();
        if let Some(failure) = failure.filter(|_| state.events.is_wanted()) {
            state.events.push(|| Event::Failed(failure));
            drop(state);
            self.0.inbox.ring();
        }
    }

    /// Takes the failure that shut the app down.
    pub(crate) fn take_halt(&self) -> Option<Error> {
        self.kept_failures().halt.take()
    }

    fn on_error(&self, part: Part) -> OnError {
        let config = self.in_force();
        match part {
            Part::Condition => config.on_cond_error,
            Part::Parameter => config.on_setup_error,
            Part::Log => config.on_log_error,
            Part::Hook => config.on_hook_error,
            Part::Restart
            | Part::Calendar
            | Part::Blocking
            | Part::Crash
            | Part::Extension
            | Part::FailingLoop
            | Part::Override
            | Part::Waiting
            | Part::Cluster => OnError::Continue,
        }
    }

    /// Shuts down because of a failure. The app ends with the first such failure.
    fn halt(&self, part: Part, task: Option<&Arc<str>>, error: Error) {
        let problem = &error.problems()[0];
        let of = task.map_or_else(String::new, |task| format!(" of task `{task}`"));
        let message = format!("halted by the failure of the {part}{of}: {}", problem.message);
        let halted = Error::at(Kind::Halted, message, problem.location).because(error);
        self.kept_failures().halt.get_or_insert(halted);
        self.close(Phase::Closing);
    }

    fn kept_failures(&self) -> Locked<'_, Failures> {
        Locked::new(&self.0.failures)
    }
}
