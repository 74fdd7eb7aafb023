//! The work of a run: user code with its parameters.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::outcome::Outcome;
use crate::drops::drop_here;

/// A function with its parameters, ready to run.
pub enum Work {
    /// Runs as a future.
    Async(UserFuture),
    /// Runs on the thread that calls it.
    Blocking(Box<dyn FnOnce() -> Outcome + Send>),
}

/// A future of user code. A panic becomes its outcome, and dropping it never panics.
pub struct UserFuture(Option<Pin<Box<dyn Future<Output = Outcome> + Send>>>);

impl UserFuture {
    pub(crate) fn new(future: impl Future<Output = Outcome> + Send + 'static) -> Self {
        UserFuture(Some(Box::pin(future)))
    }
}

impl Future for UserFuture {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Outcome> {
        let future = self.0.as_mut().expect("it is there until it is dropped").as_mut();
        catch_unwind(AssertUnwindSafe(|| future.poll(waking)))
            .unwrap_or_else(|payload| Poll::Ready(Outcome::caught(payload)))
    }
}

impl Drop for UserFuture {
    fn drop(&mut self) {
        drop_here(self.0.take());
    }
}

/// Calls user code. A panic becomes its outcome.
pub(crate) fn guarded(function: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(Outcome::caught)
}
