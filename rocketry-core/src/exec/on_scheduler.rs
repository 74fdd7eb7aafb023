//! Runs on the scheduler itself.

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::executor::{Executor, OnScheduler};
use super::prepare::prepare;
use super::race::race;
use super::report::Report;
use crate::dispatch::deadlock_guard::{await_for_scheduler, call_for_scheduler};
use crate::engine::run::Run;
use crate::session::Session;
use crate::task::Work;

/// Makes runs on the scheduler, one at a time.
pub(super) struct SchedulerExecutor {
    session: Session,
    runtime: Handle,
}

impl SchedulerExecutor {
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        SchedulerExecutor { session, runtime }
    }
}

impl Executor for SchedulerExecutor {
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        let report = Report::new(self.session.clone(), run);
        Some(Box::pin(on_scheduler(self.runtime.clone(), report)))
    }
}

/// Makes a run. The scheduler waits for it, but the other tasks of a runtime with several threads go on.
async fn on_scheduler(runtime: Handle, report: Report) {
    match prepare(report.run(), report.session()) {
        Ok(Work::Async(future)) => {
            let future = await_for_scheduler(future);
            if let Some(outcome) = race(future, report.run().info.flag().wait()).await {
                report.done(outcome);
            }
        }
        Ok(Work::Blocking(function)) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            report.done(tokio::task::block_in_place(|| call_for_scheduler(function)));
        }
        Ok(Work::Blocking(function)) => report.done(call_for_scheduler(function)),
        Err(outcome) => report.done(outcome),
    }
}
