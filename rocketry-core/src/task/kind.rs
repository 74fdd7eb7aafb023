//! Chooses, for the type that a function returns, how its value is kept and how its error is told.
//!
//! Works like [`probe`](crate::param::probe): a trait for `&&Ask<T>` is found before one for `&Ask<T>`, so the compiler
//! picks the first that fits. It answers three questions: is the type a `Result`; how is its value kept; how is its error
//! told.

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

/// Stands for a type whose abilities are asked for.
pub struct Ask<T>(PhantomData<fn() -> T>);

impl<T> Ask<T> {
    /// Asks about the type of a value.
    pub const fn of(_: &T) -> Self {
        Ask(PhantomData)
    }

    /// Asks about what a function returns.
    pub const fn returned_by<A>(_: &impl Fn(A) -> T) -> Self {
        Ask(PhantomData)
    }
}

/// An error as the run log and the failures tell it.
pub struct Told {
    /// A failure with the message and all sources, or an inaction.
    pub outcome: Outcome,
    /// The error itself, if it can be shared between threads.
    pub cause: Option<BoxError>,
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        Told { outcome, cause: None }
    }
}

/// A type that is a `Result`.
pub struct Fallible<T, E>(PhantomData<fn() -> (T, E)>);

/// A type that is no `Result`.
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
    /// The shape of the type.
    fn shape(&self) -> Fallible<T, E> {
        Fallible(PhantomData)
    }
}

/// Last choice: a value.
pub trait IsValue<R> {
    /// The shape of the type.
    fn shape(&self) -> Plain<R> {
        Plain(PhantomData)
    }
}

impl<T, E> IsResult<T, E> for &Ask<Result<T, E>> {}
impl<R> IsValue<R> for Ask<R> {}

impl<T, E> Fallible<T, E> {
    /// Asks about the value.
    pub const fn value(&self) -> Ask<T> {
        Ask(PhantomData)
    }

    /// Asks about the error.
    pub const fn error(&self) -> Ask<E> {
        Ask(PhantomData)
    }

    /// The outcome of a function that returned this.
    pub fn outcome(
        &self,
        returned: Result<T, E>,
        keep: impl FnOnce(T) -> Value,
        tell: impl FnOnce(E) -> Told,
    ) -> Outcome {
        match returned {
            Ok(value) => Outcome::Success(keep(value)),
            Err(error) => tell(error).outcome,
        }
    }
}

impl<R> Plain<R> {
    /// Asks about the value.
    pub const fn value(&self) -> Ask<R> {
        Ask(PhantomData)
    }

    /// There is no error.
    pub const fn error(&self) -> Ask<Infallible> {
        Ask(PhantomData)
    }

    /// The outcome of a function that returned this.
    pub fn outcome(
        &self,
        returned: R,
        keep: impl FnOnce(R) -> Value,
        _: impl FnOnce(Infallible) -> Told,
    ) -> Outcome {
        Outcome::Success(keep(returned))
    }
}

/// First choice of what a closure returns: a future.
pub trait GivesFuture<R: Future> {
    /// Asks about what the future yields.
    fn output(&self) -> Ask<R::Output> {
        Ask(PhantomData)
    }

    /// The function of a task; `finish` makes the outcome of what the future yields.
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

/// Last choice of what a closure returns: its result.
pub trait GivesResult<R> {
    /// Asks about the result.
    fn output(&self) -> Ask<R> {
        Ask(PhantomData)
    }

    /// The function of a task; `finish` makes the outcome of the result.
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

/// Second choice: a value that is only shared.
pub trait KeptShared<T> {
    /// Keeps the value.
    fn keep(&self, value: T) -> Value;
}

/// No choice: says what a function may return.
pub trait NotKept<T> {
    /// Does not compile.
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

/// What is left to be returned once every other kind has been tried: nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be what a function returns",
    label = "can't be shared with other threads",
    note = "the result is kept for others to take, so its type is `Send + Sync + 'static`"
)]
pub trait Returnable {
    /// The value.
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
            /// Tells of the error.
            fn tell(&self, error: E) -> Told;
        }

        impl<E: $($bounds)*> $trait<E> for $($refs)* Ask<E> {
            fn tell(&self, $error: E) -> Told {
                $told
            }
        })*
    };
}

errors! {
    /// First choice: an error that can be shared between threads, or a text.
    ToldShared for [&&&&&] (Into<BoxError>): |error| {
        let cause = error.into();
        Told { outcome: Outcome::of_error(&*cause), cause: Some(cause) }
    };
    /// Next: an error that stays on its thread.
    ToldLocal for [&&&&] (StdError): |error| Outcome::of_error(&error).into();
    /// Next: a pointer to an error, such as `Box<dyn Error>`.
    ToldPointer for [&&&] (Deref<Target: StdError>): |error| Outcome::of_error(&*error).into();
    /// Next: something that people can read.
    ToldDisplay for [&&] (Display): |error| Outcome::Fail(error.to_string().into()).into();
    /// Next: something that programmers can read.
    ToldDebug for [&] (Debug): |error| {
        Outcome::Fail(format!("an error of type `{}`: {error:?}", type_name::<E>()).into()).into()
    };
    /// Last choice: something that says nothing.
    ToldType for [] (Sized): |_error| {
        Outcome::Fail(format!("an error of type `{}`", type_name::<E>()).into()).into()
    };
}

/// What a custom condition may answer: `bool`, or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "a condition answers `bool` or `Result<bool, E>`, not `{Self}`",
    label = "not an answer"
)]
pub trait IntoTruth<E> {
    /// The answer, or the error as it is told.
    ///
    /// # Errors
    ///
    /// Passes on the function's own error.
    fn into_truth(self, tell: impl FnOnce(E) -> Told) -> Result<bool, Told>;
}

impl IntoTruth<Infallible> for bool {
    fn into_truth(self, _: impl FnOnce(Infallible) -> Told) -> Result<bool, Told> {
        Ok(self)
    }
}

impl<E> IntoTruth<E> for Result<bool, E> {
    fn into_truth(self, tell: impl FnOnce(E) -> Told) -> Result<bool, Told> {
        self.map_err(tell)
    }
}
