//! Drops values of users where their `Drop` can do no harm.
//!
//! A `Drop` of the user's may panic, block, or call the app. So the app drops nothing of the user's while it holds a lock or on
//! its scheduler: such code is [`held`], and a [`Foreign`] value that it lets go is dropped on a thread made for that.
//! Everywhere else a value is dropped where it is let go, as any Rust value.

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
            self.0.take().into_iter().for_each(drop_later);
        } else if thread::panicking() {
            // A second panic on the way would end the process.
            drop_here(self.0.take());
        }
    }
}

thread_local! {
    /// How many times this thread is held.
    static HELD: Cell<u32> = const { Cell::new(0) };
    /// What it has let go meanwhile.
    static LET_GO: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
    /// Whether that is anything: cheaper to ask than a list with a destructor, several times a run.
    static HAS_LET_GO: Cell<bool> = const { Cell::new(false) };
}

#[inline]
fn is_held() -> bool {
    HELD.get() > 0
}

/// While it is there, its thread drops no value of the user's.
#[must_use]
pub(crate) struct Hold(PhantomData<*const ()>);

/// Keeps this thread from dropping values of the user's.
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

/// Leaves what this thread has let go to other threads: all at once, so that one is called once for many values.
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

/// While it is there, its thread is not held: it runs code of the user's, which drops its values itself.
#[must_use]
pub(crate) struct Free(u32);

/// Lets this thread run code of the user's.
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

/// Has a value dropped on another thread once this one is held no longer.
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
#[inline]
pub(crate) fn drop_here<T>(value: T) {
    let _free = free();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(value)));
    if let Err(payload) = dropped {
        tell(type_name::<T>(), payload);
    }
}

/// What a panic says.
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
