//! Runs on threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;

use super::executor::{Executor, OnScheduler};
use super::prepare::{prepare, prepare_with};
use super::report::Report;
use crate::dispatch::race::race;
use crate::drops;
use crate::engine::run::Run;
use crate::param::Host;
use crate::session::Session;
use crate::task::{Outcome, Work};
use crate::threads::Threads;

/// Executes each run on its own thread.
pub(super) struct ThreadExecutor {
    session: Session,
    runtime: Handle,
}

impl ThreadExecutor {
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        ThreadExecutor { session, runtime }
    }
}

impl Executor for ThreadExecutor {
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        on_blocking_thread(&self.runtime, Report::begin(self.session.clone(), run), Some);
        None
    }
}

/// Executes a run on a thread. `carry` converts its outcome. A run that is cut off is recorded when its
/// report is dropped.
pub(super) fn on_blocking_thread(runtime: &Handle, report: Report, carry: fn(Outcome) -> Option<Outcome>) {
    on_own_thread(runtime, report, move |report, runtime| {
        if let Some(outcome) = on_thread(runtime, &report) {
            report.finish(carry(outcome), None);
        }
    });
}

/// The threads of runs. The blocking threads of a runtime belong to the user, and may all be in use.
static RUNNING: Threads = Threads::new("rocketry-run");

/// Executes a run, or a part of it, on its own thread. If the system can't create a thread, the run fails.
pub(super) fn on_own_thread(
    runtime: &Handle,
    report: Report,
    make: impl FnOnce(Report, &Handle) + Send + 'static,
) {
    let handle = runtime.clone();
    // The report stays here until the job takes it, because a job without a thread never does.
    let report = Arc::new(Mutex::new(Some(report)));
    let given = report.clone();
    let job = move || {
        let _inside = handle.enter();
        let Some(report) = take(&given) else { return };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| make(report, &handle))) {
            // The run was cut off when its report was dropped.
            tracing::error!("the thread of a run {}", drops::caught(payload));
        }
    };
    if let Err((cause, _)) = RUNNING.leave(Box::new(job))
        && let Some(report) = take(&report)
    {
        report.done(Outcome::Fail(
            format!("a thread for the run can't be created: {cause}").into(),
        ));
    }
}

fn take(report: &Mutex<Option<Report>>) -> Option<Report> {
    report.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Executes a run on this thread; `None` if it was cut off.
fn on_thread(runtime: &Handle, report: &Report) -> Option<Outcome> {
    work_off(prepare(report), runtime, report.run())
}

/// Executes a run on this thread, with parameters from a host; `None` if it was cut off.
pub(super) fn on_thread_with(host: &dyn Host, runtime: &Handle, report: &Report) -> Option<Outcome> {
    work_off(prepare_with(host, report), runtime, report.run())
}

fn work_off(prepared: Result<Work, Outcome>, runtime: &Handle, run: &Run) -> Option<Outcome> {
    match prepared {
        Ok(Work::Blocking(function)) => Some(function()),
        Ok(Work::Async(future)) => runtime.block_on(race(future, run.info.flag().wait())),
        Err(outcome) => Some(outcome),
    }
}
