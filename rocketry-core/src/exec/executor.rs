//! The trait of all executors.

use std::pin::Pin;
use std::sync::Arc;

use crate::engine::run::Run;

/// A run that the scheduler itself executes by awaiting it.
pub(crate) type OnScheduler = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A way to execute runs: on the runtime, on a thread, on the scheduler, in a process, or on another machine.
///
/// An executor executes what [`prepare`](super::prepare::prepare) returns for a run, and reports its end with
/// a [`Report`](super::report::Report) exactly once, by the number of the run. It never blocks its caller.
pub(super) trait Executor {
    /// Starts a run, now or with the next [`flush`](Self::flush). A run on the scheduler starts when the
    /// returned future is awaited.
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler>;

    /// Starts the collected runs.
    fn flush(&mut self) {}
}
