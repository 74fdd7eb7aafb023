//! Tasks from closures and functions, without a macro.

use std::future::Future;

use super::builder::TaskBuilder;
use super::handler::Handler;
use super::returned::IntoOutcome;
use super::work::Work;
use crate::error::{Error, Location};
use crate::param::{Extract, IntoParamFn, Param, ParamFn};

/// A function or closure that can be a task. Its parameters are extractors; its result is the outcome of a run.
///
/// `Marker` only distinguishes signatures for the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a task",
    note = "`func!(|count: u32| …)` takes session parameters by their names; without `func!`, all parameters are extractors such as `Session` or `Now`",
    note = "a task returns a value or a `Result` that can be shared between threads"
)]
pub trait IntoHandler<Marker> {
    /// Converts the function into a handler.
    fn into_handler(self, location: Location) -> Handler;
}

/// Marks an asynchronous signature.
pub struct Async<T>(std::marker::PhantomData<T>);

/// Marks a blocking signature.
pub struct Blocking<T>(std::marker::PhantomData<T>);

macro_rules! signatures {
    ($($name:ident)*) => {
        impl<Func, Fut, Out, $($name),*> IntoHandler<Async<(Out, $($name,)*)>> for Func
        where
            Func: Fn($($name),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoOutcome<Out>> + Send + 'static,
            $($name: Extract + 'static),*
        {
            #[allow(non_snake_case, reason = "one name for the type and its value")]
            fn into_handler(self, location: Location) -> Handler {
                let _ = location;
                let params = ($(Param::<$name>::extractor(stringify!($name), location),)*);
                Handler::asynchronous(params, move |($($name,)*)| {
                    let future = self($($name),*);
                    async move { future.await.into_outcome() }
                })
            }
        }

        impl<Func, Ret, Out, $($name),*> IntoHandler<Blocking<(Ret, Out, $($name,)*)>> for Func
        where
            Func: Fn($($name),*) -> Ret + Send + Sync + 'static,
            Ret: IntoOutcome<Out>,
            $($name: Extract + Send + 'static),*
        {
            #[allow(non_snake_case, reason = "one name for the type and its value")]
            fn into_handler(self, location: Location) -> Handler {
                let _ = location;
                let params = ($(Param::<$name>::extractor(stringify!($name), location),)*);
                Handler::blocking(params, move |($($name,)*)| self($($name),*).into_outcome())
            }
        }
    };
}

signatures!();
signatures!(A);
signatures!(A B);
signatures!(A B C);
signatures!(A B C D);

/// Marks a function whose parameters are already known, as created by [`func!`](crate::func).
pub struct Made;

impl IntoHandler<Made> for Handler {
    fn into_handler(self, _: Location) -> Handler {
        self
    }
}

impl IntoParamFn<Made> for Handler {
    fn into_param_fn(self, _: Location) -> ParamFn {
        let specs = self.clone();
        ParamFn::taking(specs.specs(), move |context| match self.prepare(context)? {
            Work::Blocking(function) => function()
                .into_value()
                .map_err(|message| Error::parameter(&*message)),
            Work::Async(_) => Err(Error::parameter(
                "the function of a parameter can't be `async`: its value is created as a run starts, which can't wait",
            )),
        })
    }
}

/// Creates a task from a function or a closure.
#[track_caller]
pub fn func<Marker>(
    name: impl Into<std::borrow::Cow<'static, str>>,
    function: impl IntoHandler<Marker>,
) -> TaskBuilder {
    let location = Location::caller();
    TaskBuilder::new(name, location).handler(function.into_handler(location))
}
