//! Runs on the scheduler itself.

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::executor::{Executor, OnScheduler};
use super::prepare::prepare;
use super::report::Report;
use crate::dispatch::race::race;
use crate::dispatch::user_calls::Called;
use crate::engine::run::Run;
use crate::session::Session;
use crate::task::Work;

/// Executes runs on the scheduler, one at a time.
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
        let report = Report::begin(self.session.clone(), run);
        Some(Box::pin(on_scheduler(self.runtime.clone(), report)))
    }
}

/// Executes a run. The scheduler waits for it, but other tasks of a multi-threaded runtime continue.
async fn on_scheduler(runtime: Handle, report: Report) {
    let session = report.session().clone();
    let called = Called::Main(report.run().task());
    let prepared = session.call_on_scheduler(called.clone(), || prepare(&report));
    match prepared {
        Ok(Work::Async(future)) => {
            let raced = race(future, report.run().info.flag().wait());
            if let Some(Some(outcome)) = session.await_on_scheduler(called, raced).await {
                report.done(outcome);
            }
        }
        Ok(Work::Blocking(function)) => {
            let call = || session.call_on_scheduler(called, function);
            report.done(match runtime.runtime_flavor() {
                RuntimeFlavor::MultiThread => tokio::task::block_in_place(call),
                _ => call(),
            });
        }
        Err(outcome) => report.done(outcome),
    }
}
