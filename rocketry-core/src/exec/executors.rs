//! The executors of an app, one for each way to execute runs.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::executor::{Executor, OnScheduler};
use super::in_process::ProcessExecutor;
use super::on_runtime::RuntimeExecutor;
use super::on_scheduler::SchedulerExecutor;
use super::on_thread::ThreadExecutor;
use crate::engine::run::Run;
use crate::session::Session;
use crate::task::Execution;

/// The executors of an app.
pub(crate) struct Executors {
    runtime: RuntimeExecutor,
    thread: ThreadExecutor,
    scheduler: SchedulerExecutor,
    process: ProcessExecutor,
}

impl Executors {
    /// Executors on the current runtime.
    pub(crate) fn new(session: &Session) -> Self {
        let runtime = Handle::current();
        Executors {
            runtime: RuntimeExecutor::new(session.clone(), runtime.clone()),
            thread: ThreadExecutor::new(session.clone(), runtime.clone()),
            scheduler: SchedulerExecutor::new(session.clone(), runtime.clone()),
            process: ProcessExecutor::new(session.clone(), runtime),
        }
    }

    /// Starts a run, now or with the next flush. A run on the scheduler starts when the returned future is
    /// awaited.
    #[inline]
    pub(crate) fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        match run.spec.execution {
            Execution::Async => self.runtime.begin(run),
            Execution::Thread => self.thread.begin(run),
            Execution::Process => self.process.begin(run),
            Execution::Main => {
                // Earlier runs do not wait for it.
                self.flush();
                self.scheduler.begin(run)
            }
        }
    }

    /// Ends the processes that the executors keep for future runs.
    pub(crate) async fn close(&self) {
        self.process.close().await;
    }

    /// Starts the collected runs.
    #[inline]
    pub(crate) fn flush(&mut self) {
        self.runtime.flush();
    }
}
