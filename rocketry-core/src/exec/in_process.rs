//! Runs in their own processes.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::executor::{Executor, OnScheduler};
#[cfg(unix)]
use super::on_thread::on_thread_with;
#[cfg(unix)]
use super::process::WarmChildren;
use super::report::Report;
use crate::engine::run::Run;
use crate::session::Session;
#[cfg(unix)]
use crate::session::remote::{AssignedHost, Request};
#[cfg(unix)]
use crate::task::Execution;

/// Executes each run in its own process: a command, or a new process of the same program.
pub(super) struct ProcessExecutor {
    session: Session,
    runtime: Handle,
    #[cfg(unix)]
    warm: WarmChildren,
}

impl ProcessExecutor {
    #[cfg(unix)]
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        let warm = WarmChildren::new(session.config().warm_children, runtime.clone());
        if session.clock().as_manual().is_none() && has_functions(&session) {
            warm.fill(session.in_force().echo_output);
        }
        ProcessExecutor {
            session,
            runtime,
            warm,
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        ProcessExecutor { session, runtime }
    }

    /// Ends the processes that wait for a run.
    pub(super) async fn close(&self) {
        #[cfg(unix)]
        self.warm.close().await;
    }
}

/// Returns true if runs of any task need a process with the app.
#[cfg(unix)]
fn has_functions(session: &Session) -> bool {
    let state = session.state();
    state.tasks.iter().any(|entry| {
        let is_command = entry.spec.handler.as_command().is_some();
        entry.spec.execution == Execution::Process && !is_command
    })
}

impl Executor for ProcessExecutor {
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        self.in_process(Report::begin(self.session.clone(), run));
        None
    }
}

impl ProcessExecutor {
    /// On manual time, a function runs on a thread instead, because the `main` of a test is the test harness,
    /// which would run the tests again.
    #[cfg(unix)]
    fn in_process(&self, report: Report) {
        use super::on_thread::on_blocking_thread;
        use super::{command, process, program_run};

        if report.run().spec.handler.as_command().is_some() {
            program_run::launch(&self.runtime, report, command::Started::start);
        } else if report.session().clock().as_manual().is_some() {
            on_blocking_thread(&self.runtime, report, process::as_if_elsewhere);
        } else {
            let warm = self.warm.clone();
            program_run::launch(&self.runtime, report, move |run, session| {
                process::Started::start(run, session, &warm)
            });
        }
    }

    /// An app with such a task can't be built.
    #[cfg(not(unix))]
    fn in_process(&self, report: Report) {
        use crate::task::Outcome;

        report.done(Outcome::Fail("a process of its own needs a Unix system".into()));
    }
}

/// Executes a run for the leader in its own process.
#[cfg(unix)]
pub(super) fn make_for_leader(runtime: &Handle, report: Report, host: AssignedHost, request: Request) {
    use super::on_thread::on_own_thread;
    use super::{command, process, program_run};

    if report.run().spec.handler.as_command().is_some() {
        let start = move |run: &Run, session: &Session| command::Started::start_with(&host, run, session);
        program_run::launch(runtime, report, start);
    } else if report.session().clock().as_manual().is_some() {
        on_own_thread(runtime, report, move |report, runtime| {
            let outcome = on_thread_with(&host, runtime, &report);
            report.finish(outcome.and_then(process::as_if_elsewhere), None);
        });
    } else {
        let none = WarmChildren::new(0, runtime.clone());
        program_run::launch(runtime, report, move |run, session| {
            process::Started::start_with(&request, run, session, &none)
        });
    }
}
