//! Values of users on their way to the threads that drop them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::threads::{Job, Threads};

/// How many threads drop values at most. A `Drop` that blocks takes one of them.
const MOST: usize = 8;

/// How long the end of an app waits for values that are still to be dropped.
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
    /// A thread has come to the end of the queue.
    done: Condvar,
}

struct Queue {
    values: VecDeque<Value>,
    /// How many threads drop values.
    threads: usize,
    /// Whether a thread is called that has not come yet.
    coming: bool,
}

/// A value to be dropped, and the runtime of which its `Drop` may ask something.
struct Value {
    drop: Job,
    runtime: Option<Handle>,
}

/// Has values dropped on threads made for that. These wake one another, so that a value whose `Drop` blocks holds up no other.
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

/// Whether no value is still to be dropped.
pub(crate) fn is_done() -> bool {
    QUEUE.lock().is_done()
}

/// Waits until all values are dropped, for a second at most: a `Drop` may block.
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
    /// Calls a thread if there is something for it to do.
    fn call(&mut self) {
        if self.values.is_empty() || self.coming || self.threads == MOST {
            return;
        }
        // Where the system has no thread, the values wait for those that are there, or for the next ones.
        self.coming = DROPPING.leave(Box::new(|| QUEUE.drop_all())).is_ok();
    }

    fn is_done(&self) -> bool {
        self.values.is_empty() && self.threads == 0 && !self.coming
    }
}
