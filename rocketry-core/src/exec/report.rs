//! Reports the end of a run to the scheduler.

use std::sync::Arc;

use crate::dispatch::runner_pool::{Rest, Runner};
use crate::engine::run::{Run, RunEnd};
use crate::log::ProcessEnd;
use crate::session::Session;
use crate::task::Outcome;

/// Reports the end of a run to the scheduler: exactly once, also if the run is dropped.
pub(crate) struct Report {
    session: Session,
    /// Present until the end is reported.
    run: Option<Arc<Run>>,
}

impl Report {
    pub(crate) fn new(session: Session, run: Arc<Run>) -> Self {
        let run = Some(run);
        Report { session, run }
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        self.run.as_ref().expect("the end of a run is reported last")
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Reports what the function said.
    pub(crate) fn done(self, outcome: Outcome) {
        self.finish(Some(outcome), None);
    }

    /// Reports the end of a run; no outcome means that it was cut off.
    pub(crate) fn finish(mut self, outcome: Option<Outcome>, process: Option<ProcessEnd>) {
        if let Some(ended) = self.take(outcome, process) {
            self.session.0.inbox.push(ended);
        }
    }

    /// Reports the end of a run; returns how its runner rests.
    pub(crate) fn finish_and_rest(
        mut self,
        outcome: Option<Outcome>,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> Rest {
        match self.take(outcome, None) {
            Some(ended) => self.session.0.inbox.push_and_rest(ended, runner),
            None => Rest::ForEver,
        }
    }

    #[inline]
    fn take(&mut self, outcome: Option<Outcome>, process: Option<ProcessEnd>) -> Option<RunEnd> {
        let run = self.run.take()?;
        let result = match &outcome {
            Some(Outcome::Success(value)) => self.session.recorded_result(&run.info.task, value),
            _ => None,
        };
        Some(RunEnd {
            task: run.task(),
            number: run.number,
            start: run.start,
            at: self.session.now(),
            outcome,
            process: process.map(Box::new),
            result,
            run: None,
        })
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(ended) = self.take(None, None) {
            self.session.0.inbox.push(ended);
        }
    }
}

/// Ends a run that was decided on and never begins.
pub(crate) fn cut_off(session: &Session, run: Arc<Run>) {
    drop(Report::new(session.clone(), run));
}
