//! Tasks from closures and functions, without a macro.

use std::any::Any;
use std::future::Future;

use super::builder::TaskBuilder;
use super::handler::Handler;
use super::outcome::Outcome;
use crate::error::Location;
use crate::param::{Extract, Param, Value};

/// A function or closure that can be a task: its parameters are extractors, its result is its outcome.
///
/// `Marker` only tells the compiler which signature is meant.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a task",
    note = "a task is a function or closure whose parameters are extractors such as `Session` or `Now`, and which returns a value or a `Result` that can be shared between threads"
)]
pub trait IntoHandler<Marker> {
    /// The function with its parameters.
    fn into_handler(self, location: Location) -> Handler;
}

/// What a function of the builder API may return: `()`, a value, or a `Result` of one.
pub trait IntoOutcome {
    /// The outcome.
    fn into_outcome(self) -> Outcome;
}

/// A result that is neither nothing nor a `Result`: `Returned(5)`.
#[derive(Clone, Debug)]
pub struct Returned<T>(pub T);

impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Outcome::Success(Value::new(()))
    }
}

impl<T: Any + Send + Sync> IntoOutcome for Returned<T> {
    fn into_outcome(self) -> Outcome {
        Outcome::Success(Value::new(self.0))
    }
}

impl<T, E> IntoOutcome for Result<T, E>
where
    T: Any + Send + Sync,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(value) => Outcome::Success(Value::new(value)),
            Err(error) => Outcome::of_error(&*error.into()),
        }
    }
}

/// Marks an asynchronous signature.
pub struct Async<T>(std::marker::PhantomData<T>);

/// Marks a blocking signature.
pub struct Blocking<T>(std::marker::PhantomData<T>);

macro_rules! signatures {
    ($($name:ident)*) => {
        impl<Func, Fut, $($name),*> IntoHandler<Async<($($name,)*)>> for Func
        where
            Func: Fn($($name),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoOutcome> + Send + 'static,
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

        impl<Func, Ret, $($name),*> IntoHandler<Blocking<(Ret, $($name,)*)>> for Func
        where
            Func: Fn($($name),*) -> Ret + Send + Sync + 'static,
            Ret: IntoOutcome,
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

/// Makes a task from a function or a closure.
#[track_caller]
pub fn func<Marker>(
    name: impl Into<std::borrow::Cow<'static, str>>,
    function: impl IntoHandler<Marker>,
) -> TaskBuilder {
    let location = Location::caller();
    TaskBuilder::new(name, location).handler(function.into_handler(location))
}
