//! A queue with a thread that delivers its items in order.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::channel::DeliveryError;

/// The maximum number of waiting items.
const MOST_WAITING: usize = 1000;

/// The pauses before further attempts.
pub(crate) type Retries = Arc<[Duration]>;

/// What happened to an item.
#[derive(Debug)]
pub(crate) enum Fate<T> {
    Delivered(T),
    /// All attempts have failed, the last one with this message.
    GivenUp(T, String),
    /// The queue was full.
    Dropped(T),
}

/// A queue and its thread.
pub(crate) struct Lane<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    queue: Mutex<Queue<T>>,
    changed: Condvar,
    fate: Box<dyn Fn(Fate<T>) + Send + Sync>,
}

struct Queue<T> {
    waiting: VecDeque<T>,
    is_closing: bool,
    is_done: bool,
}

impl<T: Send + 'static> Lane<T> {
    /// Starts to deliver. `fate` is called for each item.
    pub(crate) fn new(
        name: &str,
        retries: Retries,
        deliver: impl Fn(&T) -> Result<(), DeliveryError> + Send + 'static,
        fate: impl Fn(Fate<T>) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                waiting: VecDeque::new(),
                is_closing: false,
                is_done: false,
            }),
            changed: Condvar::new(),
            fate: Box::new(fate),
        });
        let of_thread = shared.clone();
        thread::Builder::new()
            .name(format!("notify {name}"))
            .spawn(move || {
                of_thread.work(&retries, deliver);
                of_thread.queue().is_done = true;
                of_thread.changed.notify_all();
            })?;
        Ok(Lane { shared })
    }

    /// Adds an item to the queue. If the queue is full, the item is dropped and `fate` is called.
    pub(crate) fn put(&self, parcel: T) {
        let mut queue = self.shared.queue();
        if queue.waiting.len() >= MOST_WAITING {
            drop(queue);
            (self.shared.fate)(Fate::Dropped(parcel));
            return;
        }
        queue.waiting.push_back(parcel);
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Ends all pauses: the remaining items are tried once more.
    pub(crate) fn begin_to_close(&self) {
        self.shared.queue().is_closing = true;
        self.shared.changed.notify_all();
    }

    /// Waits until all items are delivered, at most until an instant. After that the thread is detached.
    pub(crate) fn close(&self, until: Instant) {
        self.begin_to_close();
        let mut queue = self.shared.queue();
        while !queue.is_done {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            queue = self.shared.wait(queue, left);
        }
    }
}

impl<T> Shared<T> {
    fn queue(&self) -> MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, queue: MutexGuard<'a, Queue<T>>, most: Duration) -> MutexGuard<'a, Queue<T>> {
        let woken = self.changed.wait_timeout(queue, most);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }

    fn work(&self, retries: &[Duration], deliver: impl Fn(&T) -> Result<(), DeliveryError>) {
        while let Some(parcel) = self.next() {
            let fate = match self.deliver(&parcel, retries, &deliver) {
                Ok(()) => Fate::Delivered(parcel),
                Err(message) => Fate::GivenUp(parcel, message),
            };
            (self.fate)(fate);
        }
    }

    /// Waits for an item; `None` once there will be none.
    fn next(&self) -> Option<T> {
        let mut queue = self.queue();
        loop {
            if let Some(parcel) = queue.waiting.pop_front() {
                return Some(parcel);
            }
            if queue.is_closing {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn deliver(
        &self,
        parcel: &T,
        retries: &[Duration],
        deliver: impl Fn(&T) -> Result<(), DeliveryError>,
    ) -> Result<(), String> {
        let mut waits = retries.iter();
        loop {
            let message = match catch_unwind(AssertUnwindSafe(|| deliver(parcel))) {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => with_causes(&*error),
                Err(_) => "it panicked".to_owned(),
            };
            match waits.next() {
                Some(wait) if self.pause(*wait) => {}
                _ => return Err(message),
            }
        }
    }

    /// Waits before a further attempt. Returns whether there should be one.
    fn pause(&self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        let mut queue = self.queue();
        loop {
            if queue.is_closing {
                return false;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            queue = self.wait(queue, left);
        }
    }
}

/// An error with its causes.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = error.source();
    }
    message
}
