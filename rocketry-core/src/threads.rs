//! Threads for blocking jobs. A thread runs one job at a time and is kept for a while for the next.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a thread waits for its next job.
const IDLE: Duration = Duration::from_secs(10);

/// Threads that share a purpose.
pub(crate) struct Threads {
    name: &'static str,
    queue: Mutex<Queue>,
    /// There is a job.
    added: Condvar,
}

/// A job. Must not panic.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

struct Queue {
    jobs: VecDeque<Job>,
    /// The number of threads that wait for a job.
    idle: usize,
}

impl Threads {
    pub(crate) const fn new(name: &'static str) -> Self {
        Threads {
            name,
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                idle: 0,
            }),
            added: Condvar::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a job on a thread of its own.
    ///
    /// # Errors
    ///
    /// Returns the job if the system can't create a thread.
    pub(crate) fn leave(&'static self, job: Job) -> Result<(), (io::Error, Job)> {
        let mut queue = self.queue();
        queue.jobs.push_back(job);
        if queue.jobs.len() <= queue.idle {
            self.added.notify_one();
            return Ok(());
        }
        let thread = thread::Builder::new().name(self.name.to_owned());
        let started = thread.spawn(|| self.work());
        // The job is the last in the queue, because the lock was held all the time.
        match started.map_err(|cause| (cause, queue.jobs.pop_back())) {
            Err((cause, Some(job))) => Err((cause, job)),
            _ => Ok(()),
        }
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    /// Waits for the next job. Returns `None` after a while without one; the thread then ends.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        if queue.jobs.is_empty() {
            queue.idle += 1;
            let waited = self
                .added
                .wait_timeout_while(queue, IDLE, |queue| queue.jobs.is_empty());
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
            queue.idle -= 1;
        }
        queue.jobs.pop_front()
    }
}
