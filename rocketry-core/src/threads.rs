//! Threads for what blocks: one for each job at a time, kept for a while for the next.

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
    /// How many there are at most. Further jobs wait.
    most: usize,
    queue: Mutex<Queue>,
    /// There is a job.
    added: Condvar,
    /// A thread has done its job.
    done: Condvar,
}

/// A job. It must not panic.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    /// How many of the threads wait for a job.
    idle: usize,
}

impl Queue {
    fn is_done(&self) -> bool {
        self.jobs.is_empty() && self.idle == self.threads
    }
}

impl Threads {
    pub(crate) const fn new(name: &'static str, most: usize) -> Self {
        Threads {
            name,
            most,
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                threads: 0,
                idle: 0,
            }),
            added: Condvar::new(),
            done: Condvar::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a job to a thread.
    ///
    /// # Errors
    ///
    /// The system has no thread for it, and none of these threads will do it: the job comes back.
    pub(crate) fn leave(&'static self, job: Job) -> Result<(), (io::Error, Job)> {
        let mut queue = self.queue();
        queue.jobs.push_back(job);
        if queue.jobs.len() <= queue.idle {
            self.added.notify_one();
            return Ok(());
        }
        if queue.threads == self.most {
            return Ok(());
        }
        let thread = thread::Builder::new().name(self.name.to_owned());
        match thread.spawn(|| self.work()) {
            Ok(_) => queue.threads += 1,
            Err(cause) => {
                // It is the last: the lock was held all the time.
                if let Some(job) = queue.jobs.pop_back() {
                    return Err((cause, job));
                }
            }
        }
        Ok(())
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    /// The next job, or none if there has been none for a while: the thread is over then.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        if queue.jobs.is_empty() {
            queue.idle += 1;
            self.done.notify_all();
            let waited = self
                .added
                .wait_timeout_while(queue, IDLE, |queue| queue.jobs.is_empty());
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
            queue.idle -= 1;
        }
        let next = queue.jobs.pop_front();
        queue.threads -= usize::from(next.is_none());
        next
    }

    /// Whether every job is done.
    pub(crate) fn are_done(&self) -> bool {
        self.queue().is_done()
    }

    /// Waits until every job is done, for this long at most.
    pub(crate) fn wait(&self, most: Duration) {
        let queue = self.queue();
        drop(
            self.done
                .wait_timeout_while(queue, most, |queue| !queue.is_done()),
        );
    }
}
