//! A thread that owns a connection.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rocketry_core::Result;

use crate::error::Store;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

const PANICKED: &str = "its thread has panicked";

/// A thread that owns a connection and runs jobs in order.
///
/// The blocking client runs its own runtime, which is not allowed within an async context; a log is called from
/// anywhere.
pub(super) struct Worker<S> {
    jobs: Option<Sender<Job<S>>>,
    thread: Option<JoinHandle<()>>,
    /// Whether a job has exceeded its time limit.
    is_stuck: AtomicBool,
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
            is_stuck: AtomicBool::new(false),
            store: store.clone(),
        })
    }

    /// Runs a job and waits for at most `patience`. After that the job may still be done later.
    pub(super) fn ask_within<T: Send + 'static>(
        &self,
        patience: Duration,
        done: &str,
        act: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answered = self.send(act);
        let answer = answered.recv_timeout(patience);
        let is_stuck = matches!(answer, Err(RecvTimeoutError::Timeout));
        self.is_stuck.store(is_stuck, Ordering::Relaxed);
        answer.unwrap_or_else(|cause| {
            Err(match cause {
                RecvTimeoutError::Timeout => {
                    let reason = format!("the server has not answered for {} s", patience.as_secs());
                    self.store.fail(done, &reason, cause)
                }
                RecvTimeoutError::Disconnected => self.store.fail("used", PANICKED, cause),
            })
        })
    }

    /// Runs the last job. If the server has not answered recently, this does not wait again; the job runs once
    /// the server answers.
    pub(super) fn ask_last(
        &self,
        patience: Duration,
        done: &str,
        act: impl FnOnce(&mut S) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        if !self.is_stuck.load(Ordering::Relaxed) {
            return self.ask_within(patience, done, act);
        }
        drop(self.send(act));
        let cause = RecvTimeoutError::Timeout;
        Err(self.store.fail(done, "the server does not answer", cause))
    }

    /// Whether the last job has exceeded its time limit.
    pub(super) fn is_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed)
    }

    /// Runs a job without waiting for it.
    pub(super) fn tell(&self, act: impl FnOnce(&mut S) + Send + 'static) {
        drop(self.send(|state| {
            act(state);
            Ok(())
        }));
    }

    fn send<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> Receiver<Result<T>> {
        let (answer, answered) = channel();
        let job = Box::new(move |state: &mut S| {
            // The caller may have stopped waiting.
            let _ = answer.send(act(state));
        });
        let sent = self.jobs.as_ref().map(|jobs| jobs.send(job));
        drop(sent);
        answered
    }
}

/// Waits until the connection is closed, so that the log is free for others, unless the server does not answer.
impl<S> Drop for Worker<S> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let is_stuck = self.is_stuck.load(Ordering::Relaxed);
        if let Some(thread) = self.thread.take().filter(|_| !is_stuck) {
            let _ = thread.join();
        }
    }
}

impl<S> fmt::Debug for Worker<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}
