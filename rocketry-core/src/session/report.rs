//! The end of a run, on its way to the scheduler.

use std::sync::Arc;

use super::Session;
use super::crew::{Rest, Runner};
use super::run::{Ended, How, Run};
use crate::log::ProcessEnd;
use crate::task::Outcome;

/// The end of a run, and of its process if it had one.
pub(crate) struct Finished {
    pub(crate) how: How,
    pub(crate) process: Option<ProcessEnd>,
}

impl From<How> for Finished {
    fn from(how: How) -> Self {
        Finished { how, process: None }
    }
}

impl From<Outcome> for Finished {
    fn from(outcome: Outcome) -> Self {
        Finished::from(match outcome {
            Outcome::Success(value) => How::Success(value),
            Outcome::Fail(message) => How::Fail(message),
            Outcome::Inaction(message) => How::Inaction(message),
        })
    }
}

/// Tells the scheduler that a run has ended, exactly once, even if the run is dropped.
pub(crate) struct Report {
    session: Session,
    /// Gone once its end was told.
    run: Option<Arc<Run>>,
}

impl Report {
    pub(crate) fn new(session: Session, run: Arc<Run>) -> Self {
        let run = Some(run);
        Report { session, run }
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        self.run.as_ref().expect("the end of a run is told last")
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn done(self, outcome: Outcome) {
        self.finish(outcome.into());
    }

    pub(crate) fn finish(mut self, finished: Finished) {
        if let Some(ended) = self.take(finished) {
            self.session.0.inbox.push(ended);
        }
    }

    /// Tells the end of a run; gives how its runner rests.
    pub(crate) fn finish_and_rest(
        mut self,
        finished: Finished,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> Rest {
        let ended = self.take(finished);
        ended.map_or(Rest::ForEver, |ended| {
            self.session.0.inbox.push_and_rest(ended, runner)
        })
    }

    fn take(&mut self, Finished { how, process }: Finished) -> Option<Ended> {
        let run = self.run.take()?;
        let at = self.session.now();
        let result = match &how {
            How::Success(value) => self.session.recorded_result(&run.info.task, value),
            _ => None,
        };
        Some(Ended {
            process,
            result,
            ..Ended::new(run, at, how)
        })
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(ended) = self.take(How::CutOff.into()) {
            self.session.0.inbox.push(ended);
        }
    }
}
