//! The function of a task, with its parameters.

#[cfg(unix)]
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

#[cfg(feature = "script")]
use super::code::Code;
use super::command::CommandLine;
use super::outcome::Outcome;
use super::work::{UserFuture, Work, guarded};
use crate::drops::{Foreign, caught};
use crate::error::{Error, Location, Result};
use crate::param::{Context, ParamSet, ParamSpec};

/// The function of a task with its parameters, or its command or code.
#[derive(Clone)]
pub struct Handler {
    body: Body,
    /// Stored behind a thin pointer. `None` for functions without parameters, which are the most common.
    specs: Option<Arc<Vec<ParamSpec>>>,
}

#[derive(Clone)]
enum Body {
    Async(Foreign<Arc<Prepare>>),
    Blocking(Foreign<Arc<Prepare>>),
    Command(Arc<CommandLine>),
    #[cfg(feature = "script")]
    Code(Arc<Code>),
    /// The function of a deleted task was dropped.
    Gone,
}

type Prepare = dyn Fn(&Context<'_>) -> Result<Work> + Send + Sync;

impl Handler {
    /// Creates a handler from an asynchronous function.
    pub fn asynchronous<P, F, R>(params: P, function: F) -> Self
    where
        P: ParamSet,
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let specs = shared(params.specs());
        let prepare =
            move |context: &Context<'_>| Ok(Work::Async(UserFuture::new(function(params.resolve(context)?))));
        Handler {
            body: Body::Async(Foreign::new(Arc::new(prepare))),
            specs,
        }
    }

    /// Creates a handler from a blocking function.
    pub fn blocking<P, F>(params: P, function: F) -> Self
    where
        P: ParamSet,
        P::Values: Send + 'static,
        F: Fn(P::Values) -> Outcome + Send + Sync + 'static,
    {
        let specs = shared(params.specs());
        let function = Arc::new(function);
        let prepare = move |context: &Context<'_>| {
            let values = params.resolve(context)?;
            let function = function.clone();
            Ok(Work::Blocking(Box::new(move || guarded(|| function(values)))))
        };
        Handler {
            body: Body::Blocking(Foreign::new(Arc::new(prepare))),
            specs,
        }
    }

    /// Creates a placeholder for the function of a deleted task.
    pub(crate) fn gone() -> Self {
        Handler {
            body: Body::Gone,
            specs: None,
        }
    }

    /// Creates a handler from a command that was declared at `location`.
    pub(super) fn command(line: CommandLine, location: Location) -> Self {
        Handler {
            specs: shared(line.specs(location)),
            body: Body::Command(Arc::new(line)),
        }
    }

    /// Returns whether a run takes parameters with any name.
    pub(crate) fn takes_all(&self) -> bool {
        match &self.body {
            Body::Command(_) => true,
            #[cfg(feature = "script")]
            Body::Code(code) => code.is_read_at_each_run(),
            Body::Async(_) | Body::Blocking(_) | Body::Gone => false,
        }
    }

    /// Returns the command, if the handler is one.
    pub(crate) fn as_command(&self) -> Option<&CommandLine> {
        match &self.body {
            Body::Command(line) => Some(line),
            _ => None,
        }
    }

    /// Creates a handler from code for the script engine.
    #[cfg(feature = "script")]
    pub(super) fn code(code: Code) -> Self {
        Handler {
            specs: shared(code.specs()),
            body: Body::Code(Arc::new(code)),
        }
    }

    /// Returns the code for changes, if the handler is code.
    #[cfg(feature = "script")]
    pub(super) fn as_code_mut(&mut self) -> Option<&mut Code> {
        match &mut self.body {
            Body::Code(code) => Some(Arc::make_mut(code)),
            _ => None,
        }
    }

    /// Resolves the parameters for a run.
    ///
    /// # Errors
    ///
    /// Returns an error that names the first parameter that has no value or a value of another type. A panic in the
    /// function of a parameter is also such an error.
    pub fn prepare(&self, context: &Context<'_>) -> Result<Work> {
        let prepare = || match &self.body {
            Body::Async(prepare) | Body::Blocking(prepare) => prepare(context),
            Body::Command(_) => Err(Error::parameter("a command has no function")),
            Body::Gone => Err(Error::parameter("the task was deleted")),
            #[cfg(feature = "script")]
            Body::Code(code) => code.prepare(context),
        };
        let prepared = catch_unwind(AssertUnwindSafe(prepare));
        prepared.unwrap_or_else(|payload| Err(Error::parameter(caught(payload))))
    }

    /// Returns the parameters of the function, as far as they are known before a run.
    pub fn specs(&self) -> &[ParamSpec] {
        self.specs.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Returns the current parameters of the function. A script is read again for each run.
    #[cfg(unix)]
    pub(crate) fn specs_of_run(&self) -> Cow<'_, [ParamSpec]> {
        #[cfg(feature = "script")]
        if let Body::Code(code) = &self.body {
            return code.specs_of_run().into();
        }
        self.specs().into()
    }

    /// Returns whether the function is asynchronous.
    pub fn is_async(&self) -> bool {
        matches!(self.body, Body::Async(_))
    }
}

fn shared(specs: Vec<ParamSpec>) -> Option<Arc<Vec<ParamSpec>>> {
    (!specs.is_empty()).then(|| Arc::new(specs))
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler")
            .field("asynchronous", &self.is_async())
            .finish_non_exhaustive()
    }
}
