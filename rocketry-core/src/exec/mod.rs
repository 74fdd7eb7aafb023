//! Where a run happens: on the scheduler, on the runtime, or on a thread.

mod race;

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::cond::TaskId;
use crate::param::RunInfo;
use crate::session::state::{Ended, How, Spec};
use crate::session::{Part, Session};
use crate::task::{Execution, Outcome, Work};
pub(crate) use race::race;

/// A run that has been recorded and is to begin.
pub(crate) struct Launch {
    pub(crate) task: TaskId,
    pub(crate) spec: Arc<Spec>,
    pub(crate) info: RunInfo,
}

/// Begins a run; comes back at once unless it runs on the scheduler itself.
pub(crate) async fn launch(session: &Session, runtime: &Handle, launch: Launch) {
    let flag = launch.info.flag.clone();
    let report = Report::new(session.clone(), &launch);
    match launch.spec.execution {
        Execution::Async => flag.aborts(runtime.spawn(on_runtime(launch, report)).abort_handle()),
        Execution::Thread => {
            let handle = runtime.clone();
            runtime.spawn_blocking(move || on_thread(&handle, &launch, report));
        }
        Execution::Main => on_scheduler(runtime, launch, report).await,
    }
}

async fn on_runtime(launch: Launch, report: Report) {
    match prepare(&launch, &report.session) {
        Ok(Work::Async(future)) => report.done(future.await),
        Ok(Work::Blocking(function)) => report.done(function()),
        Err(outcome) => report.done(outcome),
    }
}

fn on_thread(runtime: &Handle, launch: &Launch, report: Report) {
    match prepare(launch, &report.session) {
        Ok(Work::Blocking(function)) => report.done(function()),
        Ok(Work::Async(future)) => {
            // Dropping the report of a run that lost to its flag records that it was cut off.
            if let Some(outcome) = runtime.block_on(race(future, launch.info.flag.wait())) {
                report.done(outcome);
            }
        }
        Err(outcome) => report.done(outcome),
    }
}

/// The scheduler stands still meanwhile, but the other tasks of a runtime with several threads go on.
async fn on_scheduler(runtime: &Handle, launch: Launch, report: Report) {
    match prepare(&launch, &report.session) {
        Ok(Work::Async(future)) => {
            if let Some(outcome) = race(future, launch.info.flag.wait()).await {
                report.done(outcome);
            }
        }
        Ok(Work::Blocking(function)) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            report.done(tokio::task::block_in_place(function));
        }
        Ok(Work::Blocking(function)) => report.done(function()),
        Err(outcome) => report.done(outcome),
    }
}

fn prepare(launch: &Launch, session: &Session) -> Result<Work, Outcome> {
    let context = session.context_in(launch.spec.zone, Some(&launch.info));
    launch.spec.handler.prepare(&context).map_err(|error| {
        let outcome = Outcome::Fail(error.to_string().into());
        session.fail(Part::Parameter, Some(&launch.spec.name), error);
        outcome
    })
}

/// Tells the scheduler that a run has ended, exactly once, even if the run is dropped.
struct Report {
    session: Session,
    ended: Option<Ended>,
}

impl Report {
    fn new(session: Session, launch: &Launch) -> Self {
        let at = session.now();
        let ended = Ended {
            task: launch.task,
            run_id: launch.info.run_id.clone(),
            at,
            how: How::CutOff,
        };
        Report {
            session,
            ended: Some(ended),
        }
    }

    fn done(mut self, outcome: Outcome) {
        if let Some(ended) = &mut self.ended {
            ended.how = match outcome {
                Outcome::Success(value) => How::Success(value),
                Outcome::Fail(message) => How::Fail(message),
                Outcome::Inaction(message) => How::Inaction(message),
            };
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(mut ended) = self.ended.take() {
            ended.at = self.session.now();
            self.session.0.inbox.push(ended);
        }
    }
}
