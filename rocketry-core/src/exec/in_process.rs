//! Runs in processes of their own.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::executor::{Executor, OnScheduler};
use super::report::Report;
use crate::engine::run::Run;
use crate::session::Session;

/// Makes each run in a process of its own: a command, or the same program started anew.
pub(super) struct ProcessExecutor {
    session: Session,
    runtime: Handle,
}

impl ProcessExecutor {
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        ProcessExecutor { session, runtime }
    }
}

impl Executor for ProcessExecutor {
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        in_process(&self.runtime, Report::new(self.session.clone(), run));
        None
    }
}

/// On manual time a function runs on a thread instead: the `main` of a test is the harness, which would run the tests once
/// more.
#[cfg(unix)]
fn in_process(runtime: &Handle, report: Report) {
    use super::on_thread::on_blocking_thread;
    use super::{command, process, program_run};

    if report.run().spec.handler.as_command().is_some() {
        program_run::launch::<command::Started>(runtime, report);
    } else if report.session().clock().as_manual().is_some() {
        on_blocking_thread(runtime, report, process::as_if_elsewhere);
    } else {
        program_run::launch::<process::Started>(runtime, report);
    }
}

/// An app with such a task can't be built.
#[cfg(not(unix))]
fn in_process(_: &Handle, report: Report) {
    use crate::task::Outcome;

    report.done(Outcome::Fail("a process of its own needs a Unix system".into()));
}
