//! The queue of user values for the threads that drop them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::threads::{Job, Threads};

/// The maximum number of threads that drop values. A `Drop` that blocks occupies one of them.
const MOST: usize = 8;

/// How long an app waits at its end for values that still have to be dropped.
const LAST: Duration = Duration::from_secs(1);

static DROPPING: Threads = Threads::new("rocketry-drop");

static QUEUE: Waiting = Waiting {
    queue: Mutex::new(Queue {
        values: VecDeque::new(),
        threads: 0,
        coming: false,
    }),
    done: Condvar::new(),
};

struct Waiting {
    queue: Mutex<Queue>,
    /// Notified when a thread has emptied the queue.
    done: Condvar,
}

struct Queue {
    values: VecDeque<Value>,
    /// The number of threads that drop values.
    threads: usize,
    /// Whether a thread was requested that has not started yet.
    coming: bool,
}

/// A value to be dropped, with the runtime that its `Drop` may use.
struct Value {
    drop: Job,
    runtime: Option<Handle>,
}

/// Drops values on dedicated threads. These wake each other, so a value whose `Drop` blocks delays no other
/// value.
pub(super) fn drop_elsewhere(values: impl IntoIterator<Item = Job>) {
    let runtime = Handle::try_current().ok();
    let value = |drop| Value {
        drop,
        runtime: runtime.clone(),
    };
    let mut queue = QUEUE.lock();
    queue.values.extend(values.into_iter().map(value));
    queue.call();
}

/// Returns true if no value is waiting to be dropped.
pub(crate) fn is_done() -> bool {
    QUEUE.lock().is_done()
}

/// Waits until all values are dropped, for at most a second because a `Drop` may block.
pub(crate) fn finish() {
    let queue = QUEUE.lock();
    drop(
        QUEUE
            .done
            .wait_timeout_while(queue, LAST, |queue| !queue.is_done()),
    );
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drop_all(&self) {
        let mut queue = self.lock();
        queue.coming = false;
        queue.threads += 1;
        while let Some(Value { drop: job, runtime }) = queue.values.pop_front() {
            queue.call();
            drop(queue);
            let inside = runtime.as_ref().map(Handle::enter);
            job();
            drop(inside);
            queue = self.lock();
        }
        queue.threads -= 1;
        self.done.notify_all();
    }
}

impl Queue {
    /// Starts a thread if there is work for it.
    fn call(&mut self) {
        if self.values.is_empty() || self.coming || self.threads == MOST {
            return;
        }
        // If the system can't create a thread, the values wait for existing or later threads.
        self.coming = DROPPING.leave(Box::new(|| QUEUE.drop_all())).is_ok();
    }

    fn is_done(&self) -> bool {
        self.values.is_empty() && self.threads == 0 && !self.coming
    }
}
