//! Drops user values where their `Drop` can do no harm.
//!
//! The `Drop` of a user value may panic, block, or call the app. Therefore the app drops no user values while
//! it holds a lock or on its scheduler: such code is [`held`], and each [`Foreign`] value that it drops is
//! sent to a dedicated thread. Everywhere else, values are dropped in place, as usual in Rust.

mod lent;
mod locked;
mod queue;

use std::any::{Any, type_name};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::marker::PhantomData;
use std::mem::{forget, needs_drop};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crate::threads::Job;
pub(crate) use lent::Lent;
pub(crate) use locked::Locked;
use queue::drop_elsewhere;
pub(crate) use queue::{finish, is_done};

/// A user value.
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
            self.0.take().into_iter().for_each(drop_later);
        } else if thread::panicking() {
            // A second panic during unwinding would end the process.
            drop_here(self.0.take());
        }
    }
}

thread_local! {
    /// How many times this thread is held.
    static HELD: Cell<u32> = const { Cell::new(0) };
    /// The values that it has dropped meanwhile.
    static LET_GO: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
    /// Whether there are any. It is read several times per run, and is cheaper than a list with a destructor.
    static HAS_LET_GO: Cell<bool> = const { Cell::new(false) };
}

#[inline]
fn is_held() -> bool {
    HELD.get() > 0
}

/// While it exists, its thread drops no user values.
#[must_use]
pub(crate) struct Hold(PhantomData<*const ()>);

/// Prevents this thread from dropping user values.
#[inline]
pub(crate) fn hold() -> Hold {
    HELD.set(HELD.get() + 1);
    Hold(PhantomData)
}

impl Drop for Hold {
    #[inline]
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
        if !is_held() {
            hand_over();
        }
    }
}

/// Sends the values that this thread has dropped to other threads: all at once, so that one thread is woken
/// for many values.
#[inline]
fn hand_over() {
    if HAS_LET_GO.get() {
        hand_over_what_is_let_go();
    }
}

#[cold]
fn hand_over_what_is_let_go() {
    HAS_LET_GO.set(false);
    let let_go = LET_GO.try_with(RefCell::take).unwrap_or_default();
    drop_elsewhere(let_go);
}

/// While it exists, its thread is not held: it runs user code, which drops its values itself.
#[must_use]
pub(crate) struct Free(u32);

/// Lets this thread run user code.
#[inline]
pub(crate) fn free() -> Free {
    hand_over();
    Free(HELD.replace(0))
}

impl Drop for Free {
    #[inline]
    fn drop(&mut self) {
        HELD.set(self.0);
    }
}

/// Drops a value on another thread once this thread is no longer held.
fn drop_later<T: Send + 'static>(value: T) {
    let mut job: Option<Job> = Some(Box::new(move || drop_here(value)));
    let kept = is_held()
        && LET_GO
            .try_with(|let_go| let_go.borrow_mut().extend(job.take()))
            .is_ok();
    if kept {
        HAS_LET_GO.set(true);
    } else {
        drop_elsewhere(job);
    }
}

/// Prevents the thread that polls a future from dropping user values meanwhile.
pub(crate) async fn held<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    poll_fn(move |waking| {
        let _hold = hold();
        future.as_mut().poll(waking)
    })
    .await
}

/// Drops a user value in place. A panic is reported and has no other effect.
#[inline]
pub(crate) fn drop_here<T>(value: T) {
    let _free = free();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(value)));
    if let Err(payload) = dropped {
        tell(type_name::<T>(), payload);
    }
}

/// The message of a panic.
pub(crate) fn caught(payload: Box<dyn Any + Send>) -> String {
    let message = panic_message(&*payload);
    if !payload.is::<&str>() && !payload.is::<String>() {
        drop_later(payload);
    }
    message
}

/// The message of a panic whose payload another owner drops.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("a value that is not a string"))
}

/// Reports a `Drop` that panicked. The payload of that panic may panic when it is dropped; the payload of the
/// second panic is leaked.
fn tell(what: &str, payload: Box<dyn Any + Send>) {
    let message = panic_message(&*payload);
    tracing::error!("a value of type `{what}` {message} when it was dropped");
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        forget(again);
    }
}
