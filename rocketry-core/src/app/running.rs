//! Runs an app.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::signals;
use crate::dispatch::scheduler_task::SchedulerTask;
use crate::drops::{drop_here, held};
use crate::error::{Error, Kind, Result};
use crate::scheduler::Scheduler;
use crate::session::Session;
use crate::simulate::Simulation;
use crate::time::Timestamp;

/// How long the runtime waits for threads after the app has ended.
const LAST_WAIT: Duration = Duration::from_millis(100);

/// An app that is built and can be run.
#[derive(Debug)]
#[must_use = "an app does nothing until it is run"]
pub struct App {
    session: Session,
    signals: bool,
    /// Whether a handle exists whose owner may add tasks.
    is_shared: AtomicBool,
}

impl App {
    pub(super) fn new(session: Session, signals: bool) -> Self {
        App {
            session,
            signals,
            is_shared: AtomicBool::new(false),
        }
    }

    /// Returns a handle that controls the app from elsewhere.
    pub fn session(&self) -> Session {
        self.is_shared.store(true, Ordering::Relaxed);
        self.session.clone()
    }

    /// Simulates the app; see [`Session::simulate`].
    pub fn simulate<F, T>(&self, from: F, to: T) -> Simulation<'static>
    where
        F: TryInto<Timestamp, Error: fmt::Display>,
        T: TryInto<Timestamp, Error: fmt::Display>,
    {
        self.session.simulate(from, to)
    }

    /// Returns whether the app has neither tasks nor hooks, and nothing has a handle that could add them. Such an app ends
    /// at once.
    pub fn is_empty(&self) -> bool {
        let has_handle = self.is_shared.load(Ordering::Relaxed);
        !has_handle && self.session.0.hooks.is_empty() && self.session.state().tasks.len() == 0
    }

    /// Runs the app until it is shut down, on a runtime of its own with one thread per processor.
    ///
    /// Ctrl-C and SIGTERM shut the app down after the runs in progress have ended. A second signal ends it
    /// immediately; if the app has not ended after five seconds, the process exits with 128 plus the number of
    /// the signal as its exit code. A third signal ends the process at once.
    ///
    /// The app reports events through `tracing`, with the targets `rocketry::run` and `rocketry::app`: a span for
    /// each run, and events when a run starts, ends or has to wait, and when the app starts and shuts down. If no
    /// subscriber is set, it prints the important events to standard error, unless the [settings](crate::Config::console)
    /// disable this.
    ///
    /// The span of a run is named `run`, has the level INFO, and is open until the run has ended. Its fields:
    ///
    /// | field | is |
    /// |---|---|
    /// | `task`, `run_id` | the task, and the id of the run in the log |
    /// | `due` | when the run was due |
    /// | `cause` | why it started, as the text of a [`Cause`](crate::Cause) |
    /// | `upstream` | the runs that triggered it, with a word such as `after task 'fetch'` |
    /// | `traceparent` | the trace context of a caller in another program: see [`Session::traced`](crate::Session::traced) |
    /// | `outcome` | how it ended: `success`, `fail`, `terminate`, `inaction` |
    /// | `otel.status_code` | `ERROR` if it failed or took longer than its timeout |
    /// | `otel.status_description` | the error message |
    ///
    /// The span of a requested run is a child of its caller's span. If the caller is a run itself, the span
    /// follows from the caller's span instead. All other spans are roots of a trace.
    ///
    /// An app without tasks logs that and ends, unless tasks may still be added: by a hook, or through a
    /// [`session`](Self::session) that is still held.
    ///
    /// When this returns, another app can open the run log, unless this app has restarted in another process. A
    /// [`Session`] that is still held can read the log.
    ///
    /// An app can only run once:
    ///
    /// ```compile_fail,E0382
    /// # use rocketry::Rocketry;
    /// let app = Rocketry::builder().build()?;
    /// app.run()?;
    /// app.run()?;
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_state`] is true if this is called inside a runtime (use
    /// [`serve`](Self::serve) there), if the runtime can't be created, or if a setup hook fails. [`Error::is_halted`]
    /// is true if a failure shut the app down because its [settings](crate::Config) say so. [`Error::is_log`] is true if the
    /// run log could not be written completely; the message says how much is missing.
    pub fn run(self) -> Result<()> {
        blocking(self.session.clone(), self.serve())
    }

    /// Runs the app until it is shut down, on the current runtime.
    ///
    /// When this returns, another app can open the run log, as with [`run`](Self::run).
    ///
    /// This method is not cancel safe: if the future is dropped, the runs in progress are abandoned. Use
    /// [`Session::shut_down`] instead. After a drop, the run log is only free for another app when the runtime has
    /// ended.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_state`] is true if a setup hook fails. [`Error::is_halted`] is true if
    /// a failure shut the app down because its [settings](crate::Config) say so. [`Error::is_log`] is true if the run log
    /// could not be written completely.
    pub async fn serve(self) -> Result<()> {
        let is_empty = self.is_empty();
        let App { session, signals, .. } = self;
        #[cfg(unix)]
        if crate::exec::is_child() {
            crate::exec::serve_as_child(&session).await;
        }
        session.open_console();
        if is_empty {
            session.report_empty();
            drop(Scheduler::new(session)?);
            crate::exec::finish().await;
            return Ok(());
        }
        let listener = if signals {
            signals::listen(&session).await
        } else {
            None
        };
        let ended = serve_until_over(&session).await;
        drop(listener);
        // Drops everything that the app holds, unless a handle still refers to it.
        drop_here(session);
        crate::exec::finish().await;
        ended
    }

    /// The handle, which is not shared.
    pub(super) fn handle(&self) -> &Session {
        &self.session
    }

    pub(crate) fn into_session(self) -> Session {
        self.session
    }
}

/// Serves an app until it is shut down, across restarts in this process.
async fn serve_until_over(session: &Session) -> Result<()> {
    loop {
        let scheduler = Scheduler::new(session.clone())?;
        let scheduler = SchedulerTask::new(held(scheduler.run()));
        session.0.inbox.lend_runners(&scheduler);
        // On a worker of the runtime, a new run is available to that worker immediately.
        let ended = tokio::spawn(scheduler).await;
        let anew = ended.unwrap_or_else(|cause| {
            let message = format!("the scheduler broke down: {cause}");
            Err(Error::new(Kind::State, message))
        });
        if !anew? {
            return Ok(());
        }
    }
}

/// Waits for the end of an app on a runtime of its own.
pub(super) fn blocking<T>(session: Session, served: impl Future<Output = Result<T>>) -> Result<T> {
    if tokio::runtime::Handle::try_current().is_ok() {
        let message = "`run` blocks its thread, which is not possible inside an asynchronous runtime; use `serve().await`";
        return Err(Error::new(Kind::State, message));
    }
    #[cfg(unix)]
    if crate::exec::is_child() {
        crate::exec::run_as_child(&session);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| {
            Error::new(Kind::State, format!("the runtime can't be made: {cause}")).because(cause)
        })?;
    let ended = runtime.block_on(served);
    runtime.shutdown_timeout(LAST_WAIT);
    drop_here(session);
    ended
}
