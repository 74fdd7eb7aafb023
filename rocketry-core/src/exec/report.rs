//! Reports the ends of runs to the scheduler.

use std::sync::Arc;
use std::time::Duration;

use tracing::Span;

use super::reported_end::report_to_leader;
use crate::dispatch::inbox::{Inbox, Next};
use crate::dispatch::runner_pool::{Rest, Runner};
use crate::engine::run::{Run, RunEnd};
use crate::log::ProcessEnd;
use crate::session::{Session, spans};
use crate::task::Outcome;
use crate::time::Timestamp;

/// The maximum duration of a short run, after which its runner may poll the scheduler.
const SHORT_RUN: Duration = Duration::from_micros(200);

/// Reports the end of a run to the scheduler exactly once, even if the run is dropped.
///
/// Once the end is reported, the app may end as well. So the report drops its references to the app before,
/// and the app has ended when its caller is notified.
pub(crate) struct Report(Option<Open>);

/// A run whose end has not been reported.
struct Open {
    session: Session,
    run: Arc<Run>,
    /// The span of the run, if this process executes it and a `tracing` subscriber listens.
    span: Option<Box<Span>>,
}

impl Report {
    /// Creates the report of a run that is not executed here.
    pub(crate) fn new(session: Session, run: Arc<Run>) -> Self {
        Report(Some(Open {
            session,
            run,
            span: None,
        }))
    }

    /// Creates the report of a run that is about to be executed. Its span is open until the end is reported.
    #[inline]
    pub(super) fn begin(session: Session, run: Arc<Run>) -> Self {
        let span = spans::of_run(&session, &run);
        Report(Some(Open { session, run, span }))
    }

    fn open(&self) -> &Open {
        self.0.as_ref().expect("the end of a run is reported last")
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        &self.open().run
    }

    pub(crate) fn session(&self) -> &Session {
        &self.open().session
    }

    /// The span of the run, if a subscriber listens.
    #[inline]
    pub(super) fn span(&self) -> Option<&Span> {
        self.open().span.as_deref()
    }

    /// Reports the outcome of the function.
    pub(crate) fn done(self, outcome: Outcome) {
        self.finish(Some(outcome), None);
    }

    /// Reports the end of a run. No outcome means that it was cut off.
    pub(crate) fn finish(mut self, outcome: Option<Outcome>, process: Option<ProcessEnd>) {
        self.push(outcome, process);
    }

    /// Reports the end of a run that another node has executed, and when it ended.
    pub(super) fn finish_at(mut self, at: Timestamp, outcome: Option<Outcome>, process: Option<ProcessEnd>) {
        if let Some(open) = self.0.take() {
            let session = open.session.clone();
            let end = open.end(outcome, process);
            session.take_late(RunEnd { at, ..end });
        }
    }

    fn push(&mut self, outcome: Option<Outcome>, process: Option<ProcessEnd>) {
        if let Some(open) = self.0.take() {
            if open.run.is_assigned() {
                return open.send_to_leader(outcome, process.as_ref());
            }
            let inbox = open.session.0.inbox.clone();
            inbox.push(open.end(outcome, process));
        }
    }

    /// Reports the end of a run. Returns what its runner does next: it polls the scheduler if it may, or
    /// rests.
    #[inline]
    pub(crate) fn finish_and_go_on(
        mut self,
        outcome: Option<Outcome>,
        inbox: &Inbox,
        may_schedule: bool,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> Next {
        match self.0.take() {
            Some(open) => {
                let end = open.end(outcome, None);
                let may_schedule = may_schedule && end.at.since(end.start) <= SHORT_RUN;
                inbox.push_and_go_on(end, may_schedule, runner)
            }
            None => Next::Rest(Rest::ForEver),
        }
    }
}

impl Open {
    fn send_to_leader(mut self, outcome: Option<Outcome>, process: Option<&ProcessEnd>) {
        self.close_span(outcome.as_ref());
        if let Some(work) = self.session.work() {
            report_to_leader(&self.session, work, &self.run, outcome, process);
        }
    }

    #[inline]
    fn close_span(&mut self, outcome: Option<&Outcome>) {
        if let Some(span) = self.span.take() {
            spans::end(&self.session, &self.run, &span, outcome);
        }
    }

    #[inline]
    fn end(mut self, outcome: Option<Outcome>, process: Option<ProcessEnd>) -> RunEnd {
        self.close_span(outcome.as_ref());
        let Open { session, run, .. } = self;
        let result = match &outcome {
            Some(Outcome::Success(value)) => session.recorded_result(&run.info.task, value),
            _ => None,
        };
        RunEnd {
            task: run.task(),
            number: run.number,
            start: run.start,
            at: session.now(),
            outcome,
            process: process.map(Box::new),
            result,
            run: None,
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        self.push(None, None);
    }
}

/// Ends a run that was decided but never started.
pub(crate) fn cut_off(session: &Session, run: Arc<Run>) {
    drop(Report::new(session.clone(), run));
}
