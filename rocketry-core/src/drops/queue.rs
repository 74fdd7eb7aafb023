//! Threads that drop values of users.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use super::drop_here;

/// How many threads drop values at most. A `Drop` that blocks takes one of them.
const MOST_THREADS: usize = 8;

/// How long a thread waits for the next value.
const IDLE: Duration = Duration::from_secs(10);

/// How long the end of an app waits for values that are still to be dropped.
const LAST: Duration = Duration::from_secs(1);

/// Has a value dropped on a thread made for that.
pub(super) fn drop_elsewhere<T: Send + 'static>(value: T) {
    let drop = Box::new(move || drop_here(value));
    // What a `Drop` asks of the runtime it may ask there as well.
    let runtime = Handle::try_current().ok();
    WAITING.add(Last { drop, runtime });
}

/// A value that is to be dropped.
struct Last {
    drop: Box<dyn FnOnce() + Send>,
    runtime: Option<Handle>,
}

static WAITING: Waiting = Waiting {
    queue: Mutex::new(Queue {
        values: VecDeque::new(),
        threads: 0,
        idle: 0,
    }),
    changed: Condvar::new(),
};

/// The values that are to be dropped, and the threads that do so.
struct Waiting {
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    values: VecDeque<Last>,
    threads: usize,
    /// How many of the threads wait for a value.
    idle: usize,
}

impl Queue {
    fn is_done(&self) -> bool {
        self.values.is_empty() && self.idle == self.threads
    }
}

impl Waiting {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, value: Last) {
        let mut queue = self.queue();
        queue.values.push_back(value);
        if queue.values.len() > queue.idle && queue.threads < MOST_THREADS {
            let thread = thread::Builder::new().name("rocketry-drop".to_owned());
            // Where there can't be another thread, the value waits for one of those that are there, or for the next value.
            queue.threads += usize::from(thread.spawn(|| WAITING.drop_all()).is_ok());
        }
        drop(queue);
        self.changed.notify_all();
    }

    fn drop_all(&self) {
        while let Some(Last { drop, runtime }) = self.next() {
            let _inside = runtime.as_ref().map(Handle::enter);
            drop();
        }
    }

    /// The next value, or none if there has been none for a while: the thread is over then.
    fn next(&self) -> Option<Last> {
        let mut queue = self.queue();
        queue.idle += 1;
        self.changed.notify_all();
        let waited = self
            .changed
            .wait_timeout_while(queue, IDLE, |queue| queue.values.is_empty());
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        queue.idle -= 1;
        let next = queue.values.pop_front();
        queue.threads -= usize::from(next.is_none());
        next
    }
}

/// Whether no value is still to be dropped.
pub(crate) fn is_done() -> bool {
    WAITING.queue().is_done()
}

/// Waits until all values are dropped, for a second at most.
pub(crate) fn finish() {
    let queue = WAITING.queue();
    drop(
        WAITING
            .changed
            .wait_timeout_while(queue, LAST, |queue| !queue.is_done()),
    );
}
