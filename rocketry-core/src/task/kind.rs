//! Selects, by the return type of a function, how to keep its value and how to report its error.
//!
//! Works like [`probe`](crate::param::probe): the compiler finds a trait for `&&Ask<T>` before one for `&Ask<T>`, and
//! so selects the first that applies. The selection answers three questions: whether the type is a `Result`, how to
//! keep its value, and how to report its error.

use std::any::{Any, type_name};
use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;

use super::handler::Handler;
use super::outcome::Outcome;
use crate::param::{ParamSet, Value};

type BoxError = Box<dyn StdError + Send + Sync>;

/// Represents a type whose traits are being tested.
pub struct Ask<T>(PhantomData<fn() -> T>);

impl<T> Ask<T> {
    /// Represents the type of a value.
    pub const fn of(_: &T) -> Self {
        Ask(PhantomData)
    }

    /// Represents the return type of a function.
    pub const fn returned_by<A>(_: &impl Fn(A) -> T) -> Self {
        Ask(PhantomData)
    }
}

/// An error as the run log and the failures report it.
pub struct Reported {
    /// A failure with the message and all sources, or an inaction.
    pub outcome: Outcome,
    /// The error itself, if it can be shared between threads.
    pub cause: Option<BoxError>,
}

impl From<Outcome> for Reported {
    fn from(outcome: Outcome) -> Self {
        Reported { outcome, cause: None }
    }
}

/// A type that is a `Result`.
pub struct Fallible<T, E>(PhantomData<fn() -> (T, E)>);

/// A type that is not a `Result`.
pub struct Plain<R>(PhantomData<fn() -> R>);

macro_rules! copied {
    ($($name:ident<$($generic:ident),*>;)*) => {
        $(impl<$($generic),*> Clone for $name<$($generic),*> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($generic),*> Copy for $name<$($generic),*> {})*
    };
}

copied! {
    Ask<T>;
    Fallible<T, E>;
    Plain<R>;
}

/// First choice: a `Result`.
pub trait IsResult<T, E> {
    /// Returns the kind of the type.
    fn shape(&self) -> Fallible<T, E> {
        Fallible(PhantomData)
    }
}

/// Last choice: a value.
pub trait IsValue<R> {
    /// Returns the kind of the type.
    fn shape(&self) -> Plain<R> {
        Plain(PhantomData)
    }
}

impl<T, E> IsResult<T, E> for &Ask<Result<T, E>> {}
impl<R> IsValue<R> for Ask<R> {}

impl<T, E> Fallible<T, E> {
    /// Represents the type of the value.
    pub const fn value(&self) -> Ask<T> {
        Ask(PhantomData)
    }

    /// Represents the type of the error.
    pub const fn error(&self) -> Ask<E> {
        Ask(PhantomData)
    }

    /// Converts a returned value into an outcome.
    pub fn outcome(
        &self,
        returned: Result<T, E>,
        keep: impl FnOnce(T) -> Value,
        tell: impl FnOnce(E) -> Reported,
    ) -> Outcome {
        match returned {
            Ok(value) => Outcome::Success(keep(value)),
            Err(error) => tell(error).outcome,
        }
    }
}

impl<R> Plain<R> {
    /// Represents the type of the value.
    pub const fn value(&self) -> Ask<R> {
        Ask(PhantomData)
    }

    /// Represents the type of the error, which never occurs.
    pub const fn error(&self) -> Ask<Infallible> {
        Ask(PhantomData)
    }

    /// Converts a returned value into an outcome.
    pub fn outcome(
        &self,
        returned: R,
        keep: impl FnOnce(R) -> Value,
        _: impl FnOnce(Infallible) -> Reported,
    ) -> Outcome {
        Outcome::Success(keep(returned))
    }
}

/// First choice for the result of a closure: a future.
pub trait GivesFuture<R: Future> {
    /// Represents the output of the future.
    fn output(&self) -> Ask<R::Output> {
        Ask(PhantomData)
    }

    /// Creates the handler of a task; `finish` converts the output of the future into the outcome.
    fn handler<P, F, O>(&self, params: P, function: F, finish: O) -> Handler
    where
        P: ParamSet,
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Send + 'static,
        O: Fn(R::Output) -> Outcome + Copy + Send + Sync + 'static,
    {
        Handler::asynchronous(params, move |values| {
            let future = function(values);
            async move { finish(future.await) }
        })
    }
}

/// Last choice for the result of a closure: a plain result.
pub trait GivesResult<R> {
    /// Represents the type of the result.
    fn output(&self) -> Ask<R> {
        Ask(PhantomData)
    }

    /// Creates the handler of a task; `finish` converts the result into the outcome.
    fn handler<P, F, O>(&self, params: P, function: F, finish: O) -> Handler
    where
        P: ParamSet<Values: Send + 'static>,
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        O: Fn(R) -> Outcome + Copy + Send + Sync + 'static,
    {
        Handler::blocking(params, move |values| finish(function(values)))
    }
}

impl<R: Future> GivesFuture<R> for &Ask<R> {}
impl<R> GivesResult<R> for Ask<R> {}

/// First choice: a value that can leave the process.
pub trait KeptPortable<T> {
    /// Keeps the value.
    fn keep(&self, value: T) -> Value;
}

/// Second choice: a value that can only be shared within the process.
pub trait KeptShared<T> {
    /// Keeps the value.
    fn keep(&self, value: T) -> Value;
}

/// Last choice: a compile error that explains which types a function may return.
pub trait NotKept<T> {
    /// Causes a compile error.
    fn keep(&self, value: T) -> Value
    where
        T: Returnable;
}

impl<T: Any + Send + Sync + Serialize> KeptPortable<T> for &&Ask<T> {
    fn keep(&self, value: T) -> Value {
        Value::portable(value)
    }
}

impl<T: Any + Send + Sync> KeptShared<T> for &Ask<T> {
    fn keep(&self, value: T) -> Value {
        Value::new(value)
    }
}

impl<T> NotKept<T> for Ask<T> {
    fn keep(&self, value: T) -> Value
    where
        T: Returnable,
    {
        value.into_kept()
    }
}

/// The return type if no other kind applies: none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be what a function returns",
    label = "can't be shared with other threads",
    note = "the result is kept for others to take, so its type is `Send + Sync + 'static`"
)]
pub trait Returnable {
    /// Returns the value.
    fn into_kept(self) -> Value;
}

impl Returnable for Infallible {
    fn into_kept(self) -> Value {
        match self {}
    }
}

macro_rules! errors {
    ($($(#[$doc:meta])* $trait:ident for [$($refs:tt)*] ($($bounds:tt)*): |$error:ident| $told:expr;)*) => {
        $($(#[$doc])*
        pub trait $trait<E> {
            /// Reports the error.
            fn tell(&self, error: E) -> Reported;
        }

        impl<E: $($bounds)*> $trait<E> for $($refs)* Ask<E> {
            fn tell(&self, $error: E) -> Reported {
                $told
            }
        })*
    };
}

errors! {
    /// First choice: an error that can be shared between threads, or a text.
    ToldShared for [&&&&&] (Into<BoxError>): |error| {
        let cause = error.into();
        Reported { outcome: Outcome::of_error(&*cause), cause: Some(cause) }
    };
    /// Next: an error that stays on its thread.
    ToldLocal for [&&&&] (StdError): |error| Outcome::of_error(&error).into();
    /// Next: a pointer to an error, such as `Box<dyn Error>`.
    ToldPointer for [&&&] (Deref<Target: StdError>): |error| Outcome::of_error(&*error).into();
    /// Next: a type with `Display`.
    ToldDisplay for [&&] (Display): |error| Outcome::Fail(error.to_string().into()).into();
    /// Next: a type with `Debug`.
    ToldDebug for [&] (Debug): |error| {
        Outcome::Fail(format!("an error of type `{}`: {error:?}", type_name::<E>()).into()).into()
    };
    /// Last choice: a type without a text.
    ToldType for [] (Sized): |_error| {
        Outcome::Fail(format!("an error of type `{}`", type_name::<E>()).into()).into()
    };
}

/// The return type of a custom condition: `bool`, or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "a condition returns `bool` or `Result<bool, E>`, not `{Self}`",
    label = "not an answer"
)]
pub trait IntoTruth<E> {
    /// Returns the answer, or the reported error.
    ///
    /// # Errors
    ///
    /// Returns the error of the function.
    fn into_truth(self, tell: impl FnOnce(E) -> Reported) -> Result<bool, Reported>;
}

impl IntoTruth<Infallible> for bool {
    fn into_truth(self, _: impl FnOnce(Infallible) -> Reported) -> Result<bool, Reported> {
        Ok(self)
    }
}

impl<E> IntoTruth<E> for Result<bool, E> {
    fn into_truth(self, tell: impl FnOnce(E) -> Reported) -> Result<bool, Reported> {
        self.map_err(tell)
    }
}
