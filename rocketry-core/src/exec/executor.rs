//! A way to make runs.

use std::pin::Pin;
use std::sync::Arc;

use crate::engine::run::Run;

/// A run that the scheduler itself makes, by awaiting it.
pub(crate) type OnScheduler = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A way to make runs: on the runtime, on a thread, on the scheduler, in a process, or on another machine.
///
/// An executor makes a run by what [`prepare`](super::prepare::prepare) returns and reports its end with a
/// [`Report`](super::report::Report), exactly once and by the number of the run. It never blocks its caller.
pub(super) trait Executor {
    /// Begins a run, now or with the next [`flush`](Self::flush). A run on the scheduler begins when the future that is
    /// returned is awaited.
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler>;

    /// Begins the runs that were collected.
    fn flush(&mut self) {}
}
