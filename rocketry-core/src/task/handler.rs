//! The function of a task, with its parameters.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use super::outcome::{Outcome, panic_message};
use crate::error::{Error, Result};
use crate::param::{Context, ParamSet, ParamSpec};

/// The function of a task and what it takes.
#[derive(Clone)]
pub struct Handler {
    prepare: Arc<Prepare>,
    specs: Arc<[ParamSpec]>,
    asynchronous: bool,
}

type Prepare = dyn Fn(&Context<'_>) -> Result<Work> + Send + Sync;

/// A function with its parameters, ready to run.
pub enum Work {
    /// Runs as a future.
    Async(Pin<Box<dyn Future<Output = Outcome> + Send>>),
    /// Runs on the thread that calls it.
    Blocking(Box<dyn FnOnce() -> Outcome + Send>),
}

impl Handler {
    /// An asynchronous function.
    pub fn asynchronous<P, F, R>(params: P, function: F) -> Self
    where
        P: ParamSet,
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let specs = params.specs().into();
        let prepare = move |context: &Context<'_>| {
            Ok(Work::Async(Box::pin(catching(function(
                params.resolve(context)?,
            )))))
        };
        Handler {
            prepare: Arc::new(prepare),
            specs,
            asynchronous: true,
        }
    }

    /// A function that blocks.
    pub fn blocking<P, F>(params: P, function: F) -> Self
    where
        P: ParamSet,
        P::Values: Send + 'static,
        F: Fn(P::Values) -> Outcome + Send + Sync + 'static,
    {
        let specs = params.specs().into();
        let function = Arc::new(function);
        let prepare = move |context: &Context<'_>| {
            let values = params.resolve(context)?;
            let function = function.clone();
            Ok(Work::Blocking(Box::new(move || guarded(|| function(values)))))
        };
        Handler {
            prepare: Arc::new(prepare),
            specs,
            asynchronous: false,
        }
    }

    /// Resolves the parameters for a run.
    ///
    /// # Errors
    ///
    /// Names the first parameter that has no value or one of another type. A panic in a parameter's function
    /// is such an error too.
    pub fn prepare(&self, context: &Context<'_>) -> Result<Work> {
        let prepared = catch_unwind(AssertUnwindSafe(|| (self.prepare)(context)));
        prepared.unwrap_or_else(|payload| Err(Error::parameter(panic_message(&*payload))))
    }

    /// The parameters of the function.
    pub fn specs(&self) -> &[ParamSpec] {
        &self.specs
    }

    /// Whether it is an `async fn`.
    pub fn is_async(&self) -> bool {
        self.asynchronous
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler")
            .field("asynchronous", &self.asynchronous)
            .finish_non_exhaustive()
    }
}

/// Runs a function of the user's; a panic is its outcome.
pub(crate) fn guarded(function: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|payload| Outcome::of_panic(&*payload))
}

/// Polls a future of the user's; a panic is its outcome.
async fn catching(future: impl Future<Output = Outcome> + Send) -> Outcome {
    let mut future = pin!(future);
    poll_fn(move |waking| {
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(waking)))
            .unwrap_or_else(|payload| Poll::Ready(Outcome::of_panic(&*payload)))
    })
    .await
}
