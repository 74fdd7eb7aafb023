//! Drops values of users where their `Drop` can do no harm.
//!
//! A `Drop` of the user's may panic, block, or call the app. So the app drops nothing of the user's while it holds a lock or on
//! its scheduler: such code is [`held`], and a [`Foreign`] value that it lets go is dropped on a thread made for that.
//! Everywhere else a value is dropped where it is let go, as any Rust value.

mod locked;

use std::any::{Any, type_name};
use std::cell::Cell;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::mem::{forget, needs_drop};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::threads::Threads;
pub(crate) use locked::Locked;

/// The threads that drop values. A `Drop` that blocks takes one of them.
static DROPPING: Threads = Threads::new("rocketry-drop", 8);

/// How long the end of an app waits for values that are still to be dropped.
const LAST: Duration = Duration::from_secs(1);

/// A value of the user's.
#[derive(Clone)]
pub(crate) struct Foreign<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> Foreign<T> {
    pub(crate) fn new(value: T) -> Self {
        Foreign(Some(value))
    }
}

impl<T: Send + 'static> Deref for Foreign<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl<T: Send + 'static> Drop for Foreign<T> {
    fn drop(&mut self) {
        if !needs_drop::<T>() {
            return;
        }
        if is_held() {
            self.0.take().into_iter().for_each(drop_elsewhere);
        } else if thread::panicking() {
            // A second panic on the way would end the process.
            drop_here(self.0.take());
        }
    }
}

thread_local! {
    /// How many times this thread is held.
    static HELD: Cell<u32> = const { Cell::new(0) };
}

fn is_held() -> bool {
    HELD.get() > 0
}

/// While it is there, its thread drops no value of the user's.
#[must_use]
pub(crate) struct Hold(PhantomData<*const ()>);

/// Keeps this thread from dropping values of the user's.
pub(crate) fn hold() -> Hold {
    HELD.set(HELD.get() + 1);
    Hold(PhantomData)
}

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
    }
}

/// Keeps whatever thread makes progress with a future from dropping values of the user's meanwhile.
pub(crate) async fn held<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    poll_fn(move |waking| {
        let _hold = hold();
        future.as_mut().poll(waking)
    })
    .await
}

/// Drops something of the user's here and now. A panic is told, and ends nothing.
pub(crate) fn drop_here<T>(value: T) {
    let held = HELD.replace(0);
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(value)));
    HELD.set(held);
    if let Err(payload) = dropped {
        tell(type_name::<T>(), payload);
    }
}

/// What a panic says.
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> String {
    let message = panic_message(&*payload);
    if !payload.is::<&str>() && !payload.is::<String>() {
        drop_elsewhere(payload);
    }
    message
}

/// What a panic says whose payload is dropped by somebody else.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("a value that is no text"))
}

/// Tells of a `Drop` that panicked. The payload of that panic may panic in turn when it is dropped; its payload is left alone.
fn tell(what: &str, payload: Box<dyn Any + Send>) {
    let message = panic_message(&*payload);
    tracing::error!("a value of type `{what}` {message} when it was dropped");
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        forget(again);
    }
}

/// Has a value dropped on a thread made for that.
fn drop_elsewhere<T: Send + 'static>(value: T) {
    // What a `Drop` asks of the runtime it may ask there as well.
    let runtime = Handle::try_current().ok();
    let job = move || {
        let _inside = runtime.as_ref().map(Handle::enter);
        drop_here(value);
    };
    if let Err((cause, job)) = DROPPING.leave(Box::new(job)) {
        // Nobody can tell what it does if it is dropped here.
        tracing::error!("a value is not dropped: there is no thread for that: {cause}");
        forget(job);
    }
}

/// Whether no value is still to be dropped.
pub(crate) fn is_done() -> bool {
    DROPPING.are_done()
}

/// Waits until all values are dropped, for a second at most: a `Drop` may block.
pub(crate) fn finish() {
    DROPPING.wait(LAST);
}
