//! The execution of runs: on the scheduler, on the runtime, on a thread, or in its own process.
//!
//! Each way to execute runs is an [`Executor`](executor::Executor). All of them prepare runs with the same
//! function, which opens the span of the run, and report ends with the same type.

#[cfg(unix)]
mod command;
mod executor;
mod executors;
mod in_process;
mod on_runtime;
mod on_scheduler;
mod on_thread;
mod prepare;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod program_run;
mod relaunch;
mod remote;
mod report;
mod reported_end;
mod response;

use crate::drops;
use crate::stderr;
pub(crate) use executor::OnScheduler;
pub(crate) use executors::Executors;
#[cfg(unix)]
pub use process::is_child;
#[cfg(unix)]
pub(crate) use process::{run_as_child, serve_as_child};
pub(crate) use relaunch::{LEFT, arrive, leave};
pub(crate) use remote::{RUN_FUNCTIONS, hand_over};
pub(crate) use report::cut_off;

/// Returns whether this process was started for a single run. Always `false` on this system.
#[cfg(not(unix))]
pub fn is_child() -> bool {
    false
}

/// Waits until user values are dropped and standard error is written, for at most a second each, on a
/// dedicated thread.
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
        // It is dropped rather than sent.
        let _ = waits.await;
    }
}
