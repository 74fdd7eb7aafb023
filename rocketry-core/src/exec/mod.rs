//! Where a run happens: on the scheduler, on the runtime, on a thread, or in a process of its own.

#[cfg(unix)]
mod command;
mod on_runtime;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod program_run;
mod race;
mod relaunch;
mod report;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::dispatch::deadlock_guard::{await_for_scheduler, call_for_scheduler};
use crate::drops;
use crate::engine::run::Run;
use crate::error::Error;
use crate::failure::Part;
use crate::param::Context;
use crate::session::{Session, telling};
use crate::stderr;
use crate::task::{Execution, Outcome, Work};
use crate::threads::Threads;
#[cfg(unix)]
pub use process::is_child;
#[cfg(unix)]
pub(crate) use process::{run_as_child, serve_as_child};
pub(crate) use race::race;
pub(crate) use relaunch::{LEFT, arrive, leave};
use report::Report;

/// Begins runs.
pub(crate) struct Launcher {
    session: Session,
    runtime: Handle,
    /// Runs for the runtime. It is left many at once.
    ready: VecDeque<Arc<Run>>,
}

impl Launcher {
    /// Begins runs on the current runtime.
    pub(crate) fn new(session: Session) -> Self {
        session.0.inbox.engage();
        Launcher {
            session,
            runtime: Handle::current(),
            ready: VecDeque::new(),
        }
    }

    /// Begins a run, now or with the next flush. One on the scheduler itself begins with what is given back.
    pub(crate) fn launch(&mut self, run: Arc<Run>) -> Option<impl Future<Output = ()> + use<>> {
        match run.spec.execution {
            Execution::Async => self.ready.push_back(run),
            Execution::Thread => on_blocking_thread(&self.runtime, self.report(run), Some),
            Execution::Process => in_process(&self.runtime, self.report(run)),
            Execution::Main => {
                // Whoever comes before does not wait for it.
                self.flush();
                return Some(on_scheduler(self.runtime.clone(), self.report(run)));
            }
        }
        None
    }

    fn report(&self, run: Arc<Run>) -> Report {
        Report::new(self.session.clone(), run)
    }

    /// Lets all begin that have been launched.
    pub(crate) fn flush(&mut self) {
        if !self.ready.is_empty() {
            on_runtime::leave(&self.session, &self.runtime, &mut self.ready);
        }
    }
}

impl Drop for Launcher {
    /// Runs that the runtime has not begun yet never begin.
    fn drop(&mut self) {
        let left = self.session.0.inbox.dismiss();
        let never = self.ready.drain(..).chain(left);
        never.for_each(|run| cut_off(&self.session, run));
    }
}

/// Ends a run that has been decided on and never begins.
pub(crate) fn cut_off(session: &Session, run: Arc<Run>) {
    drop(Report::new(session.clone(), run));
}

/// Waits until values of users are dropped and the standard error has what was told: a second each at most, on a thread of
/// its own.
pub(crate) async fn finish() {
    if drops::is_done() && stderr::is_idle() {
        return;
    }
    let (done, waits) = tokio::sync::oneshot::channel::<()>();
    let wait = move || {
        drops::finish();
        stderr::finish();
        drop(done);
    };
    if std::thread::Builder::new().spawn(wait).is_ok() {
        // It is dropped, not sent.
        let _ = waits.await;
    }
}

/// A run that is cut off is recorded where its report is dropped.
fn on_blocking_thread(runtime: &Handle, report: Report, carry: fn(Outcome) -> Option<Outcome>) {
    on_own_thread(runtime, report, move |report, runtime| {
        if let Some(outcome) = on_thread(runtime, report.run(), report.session()) {
            report.finish(carry(outcome), None);
        }
    });
}

/// The threads of runs. The threads that a runtime has for what blocks are the user's: they may all be taken.
static RUNNING: Threads = Threads::new("rocketry-run");

/// Makes a run, or a part of it, on a thread that belongs to it until then. If the system has no thread, the run fails.
fn on_own_thread(runtime: &Handle, report: Report, make: impl FnOnce(Report, &Handle) + Send + 'static) {
    let handle = runtime.clone();
    // It stays here until the job has it: a job that finds no thread is not made.
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
            format!("there is no thread for the run: {cause}").into(),
        ));
    }
}

fn take(report: &Mutex<Option<Report>>) -> Option<Report> {
    report.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// `None` if the run was cut off.
fn on_thread(runtime: &Handle, run: &Run, session: &Session) -> Option<Outcome> {
    match prepare(run, session) {
        Ok(Work::Blocking(function)) => Some(function()),
        Ok(Work::Async(future)) => runtime.block_on(race(future, run.info.flag().wait())),
        Err(outcome) => Some(outcome),
    }
}

/// The scheduler stands still meanwhile, but the other tasks of a runtime with several threads go on.
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

/// On manual time a function runs on a thread in place of a process: a test has a `main` of its own, which would run
/// the tests once more.
#[cfg(unix)]
fn in_process(runtime: &Handle, report: Report) {
    if report.run().spec.handler.as_command().is_some() {
        program_run::launch::<command::Started>(runtime, report);
    } else if report.session().clock().as_manual().is_some() {
        on_blocking_thread(runtime, report, process::as_if_elsewhere);
    } else {
        program_run::launch::<process::Started>(runtime, report);
    }
}

/// No process is started for a single run where there are none.
#[cfg(not(unix))]
pub fn is_child() -> bool {
    false
}

/// An app that has such a task can't be put together.
#[cfg(not(unix))]
fn in_process(_: &Handle, report: Report) {
    report.done(Outcome::Fail("a process of its own needs a Unix system".into()));
}

fn prepare(run: &Run, session: &Session) -> Result<Work, Outcome> {
    // A function without parameters does not see what time it is, and the clock costs more than the call.
    let handler = &run.spec.handler;
    let now = if handler.is_async() && handler.specs().is_empty() {
        run.start
    } else {
        session.now()
    };
    let context = Context::new(session, now, run.spec.zone, Some(&run.info));
    let span = telling::span_of(&run.info);
    let prepared = span.in_scope(|| handler.prepare(&context));
    let prepared = prepared.map(|work| telling::within(span, work));
    prepared.map_err(|error| not_set_up(run, session, error))
}

/// Keeps the failure of a parameter; it is how the run ends.
fn not_set_up(run: &Run, session: &Session, error: Error) -> Outcome {
    let outcome = Outcome::Fail(error.to_string().into());
    session.fail(Part::Parameter, Some(&run.spec.name), error);
    outcome
}

/// The outcome of a part of a run that broke down, such as a function of a parameter.
#[cfg(unix)]
fn broken(cause: tokio::task::JoinError) -> Outcome {
    match cause.try_into_panic() {
        Ok(payload) => Outcome::caught(payload),
        Err(cause) => Outcome::Fail(cause.to_string().into()),
    }
}
