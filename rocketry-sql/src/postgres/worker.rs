//! A thread that has a connection.

use std::fmt;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use rocketry_core::Result;

use crate::error::Store;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that has a connection, and does what it is asked to, in order.
///
/// The blocking client runs a runtime of its own, which an async context forbids; a log is asked from anywhere.
pub(super) struct Worker<S> {
    jobs: Option<Sender<Job<S>>>,
    thread: Option<JoinHandle<()>>,
    store: Store,
}

impl<S: Send + 'static> Worker<S> {
    pub(super) fn start(mut state: S, store: &Store) -> Result<Self> {
        let (jobs, asked) = channel::<Job<S>>();
        let work = move || asked.into_iter().for_each(|job| job(&mut state));
        let thread = std::thread::Builder::new()
            .name("rocketry-postgres".into())
            .spawn(work);
        Ok(Worker {
            jobs: Some(jobs),
            thread: Some(thread.map_err(|cause| store.fail("opened", "there is no thread for it", cause))?),
            store: store.clone(),
        })
    }

    /// Has something done, and waits for it.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = channel();
        let job = Box::new(move |state: &mut S| {
            // Nobody waits any more: then nobody misses it.
            let _ = answer.send(act(state));
        });
        let sent = self.jobs.as_ref().map(|jobs| jobs.send(job));
        drop(sent);
        answered
            .recv()
            .unwrap_or_else(|cause| Err(self.store.fail("used", "its thread has panicked", cause)))
    }
}

/// Waits until the connection is closed, so that the log is free for others.
impl<S> Drop for Worker<S> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl<S> fmt::Debug for Worker<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}
