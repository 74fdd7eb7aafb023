//! Where a run happens: on the scheduler, on the runtime, on a thread, or in a process of its own.

#[cfg(unix)]
mod command;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod program;
mod race;

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::cond::TaskId;
use crate::error::Error;
use crate::log::ProcessEnd;
use crate::param::RunInfo;
use crate::session::state::{Ended, How, Spec};
use crate::session::{Part, Session};
use crate::task::{Execution, Outcome, Work};
#[cfg(unix)]
pub use process::is_child;
#[cfg(unix)]
pub(crate) use process::{run_as_child, serve_as_child};
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
            runtime.spawn_blocking(move || {
                if let Some(outcome) = on_thread(&handle, &launch, &report.session) {
                    report.done(outcome);
                }
            });
        }
        Execution::Main => on_scheduler(runtime, launch, report).await,
        Execution::Process => in_process(runtime, launch, report),
    }
}

async fn on_runtime(launch: Launch, report: Report) {
    match prepare(&launch, &report.session) {
        Ok(Work::Async(future)) => report.done(future.await),
        Ok(Work::Blocking(function)) => report.done(function()),
        Err(outcome) => report.done(outcome),
    }
}

/// `None` if the run was cut off; that is recorded where its report is dropped.
fn on_thread(runtime: &Handle, launch: &Launch, session: &Session) -> Option<Outcome> {
    match prepare(launch, session) {
        Ok(Work::Blocking(function)) => Some(function()),
        Ok(Work::Async(future)) => runtime.block_on(race(future, launch.info.flag.wait())),
        Err(outcome) => Some(outcome),
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

/// On manual time a function runs on a thread in place of a process: a test has a `main` of its own, which would run
/// the tests once more.
#[cfg(unix)]
fn in_process(runtime: &Handle, launch: Launch, report: Report) {
    if let Some(line) = launch.spec.handler.as_command().cloned() {
        runtime.spawn(async move {
            let finished = command::run(line, Arc::new(launch), &report.session).await;
            report.finish(finished);
        });
    } else if report.session.clock().as_manual().is_some() {
        let handle = runtime.clone();
        runtime.spawn_blocking(move || {
            if let Some(outcome) = on_thread(&handle, &launch, &report.session) {
                report.finish(process::as_if_elsewhere(outcome));
            }
        });
    } else {
        runtime.spawn(async move {
            let finished = process::run(Arc::new(launch), &report.session).await;
            report.finish(finished);
        });
    }
}

/// No process is started for a single run where there are none.
#[cfg(not(unix))]
pub fn is_child() -> bool {
    false
}

/// An app that has such a task can't be put together.
#[cfg(not(unix))]
fn in_process(_: &Handle, _: Launch, report: Report) {
    report.done(Outcome::Fail("a process of its own needs a Unix system".into()));
}

fn prepare(launch: &Launch, session: &Session) -> Result<Work, Outcome> {
    let context = session.context_in(launch.spec.zone, Some(&launch.info));
    let prepared = launch.spec.handler.prepare(&context);
    prepared.map_err(|error| not_set_up(launch, session, error))
}

/// Keeps the failure of a parameter; it is how the run ends.
fn not_set_up(launch: &Launch, session: &Session, error: Error) -> Outcome {
    let outcome = Outcome::Fail(error.to_string().into());
    session.fail(Part::Parameter, Some(&launch.spec.name), error);
    outcome
}

/// The end of a run, and of its process if it had one.
struct Finished {
    how: How,
    process: Option<ProcessEnd>,
}

impl Finished {
    #[cfg(unix)]
    fn of_process(how: How, process: ProcessEnd) -> Self {
        let process = Some(process);
        Finished { how, process }
    }

    #[cfg(unix)]
    fn failed(message: String) -> Self {
        Finished::from(Outcome::Fail(message.into()))
    }
}

impl From<Outcome> for Finished {
    fn from(outcome: Outcome) -> Self {
        let how = match outcome {
            Outcome::Success(value) => How::Success(value),
            Outcome::Fail(message) => How::Fail(message),
            Outcome::Inaction(message) => How::Inaction(message),
        };
        Finished { how, process: None }
    }
}

/// The outcome of a part of a run that broke down, such as a function of a parameter.
#[cfg(unix)]
fn broken(cause: tokio::task::JoinError) -> Outcome {
    match cause.try_into_panic() {
        Ok(payload) => Outcome::of_panic(&*payload),
        Err(cause) => Outcome::Fail(cause.to_string().into()),
    }
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
            process: None,
        };
        Report {
            session,
            ended: Some(ended),
        }
    }

    fn done(self, outcome: Outcome) {
        self.finish(outcome.into());
    }

    fn finish(mut self, finished: Finished) {
        if let Some(ended) = &mut self.ended {
            ended.how = finished.how;
            ended.process = finished.process;
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
