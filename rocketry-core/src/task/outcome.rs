//! How a run ended, as its function tells.

use std::any::{Any, type_name};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::error::panic_message;
use crate::param::Value;

/// How a function ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Well, with this result.
    Success(Value),
    /// With an error or a panic: its message and its causes.
    Fail(Arc<str>),
    /// There was nothing to do.
    Inaction(Arc<str>),
}

impl Outcome {
    /// The outcome of an error: its message followed by its causes, or an inaction if it says so.
    pub fn of_error(error: &(dyn StdError + 'static)) -> Self {
        let mut message = error.to_string();
        let mut inaction = is_inaction(error);
        let mut cause = error.source();
        while let Some(next) = cause {
            inaction |= is_inaction(next);
            let text = next.to_string();
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = next.source();
        }
        if inaction {
            Outcome::Inaction(message.into())
        } else {
            Outcome::Fail(message.into())
        }
    }

    /// The outcome of a panic.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        Outcome::Fail(panic_message(payload).into())
    }

    /// The value, or the message of what went wrong.
    ///
    /// # Errors
    ///
    /// The message of a failure or an inaction.
    pub fn into_value(self) -> Result<Value, Arc<str>> {
        match self {
            Outcome::Success(value) => Ok(value),
            Outcome::Fail(message) | Outcome::Inaction(message) => Err(message),
        }
    }
}

/// The error a task returns to say that there was nothing to do.
///
/// The run is recorded as an inaction, neither a success nor a failure. This is Rocketry's
/// `TaskInactionException`.
///
/// ```
/// use rocketry_core::Inaction;
///
/// fn import(files: &[&str]) -> Result<usize, Inaction> {
///     if files.is_empty() {
///         return Err(Inaction::because("no new files"));
///     }
///     Ok(files.len())
/// }
/// assert!(import(&[]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inaction {
    reason: String,
    mark: Mark,
}

/// Stays visible as a cause where an error type of the user's hides the error itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark;

impl Inaction {
    /// Nothing to do, and why.
    pub fn because(reason: impl Into<String>) -> Self {
        Inaction {
            reason: reason.into(),
            mark: Mark,
        }
    }
}

impl fmt::Display for Inaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl StdError for Inaction {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.mark)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl StdError for Mark {}

fn is_inaction(error: &(dyn StdError + 'static)) -> bool {
    error.is::<Inaction>() || error.is::<Mark>()
}

/// Chooses, for the type a function returns, what its outcome is.
///
/// Works like [`probe`](crate::param::probe): the compiler finds the first kind that fits.
pub mod kind {
    use std::convert::Infallible;
    use std::marker::PhantomData;

    use serde::Serialize;

    use super::{Any, Outcome, StdError, Value, type_name};

    type BoxError = Box<dyn StdError + Send + Sync>;

    /// Stands for the type that a function returned.
    pub struct Kind<R>(PhantomData<R>);

    impl<R> Kind<R> {
        /// The kind of a value.
        pub const fn of(_: &R) -> Self {
            Kind(PhantomData)
        }
    }

    impl<R> Clone for Kind<R> {
        fn clone(&self) -> Self {
            *self
        }
    }

    impl<R> Copy for Kind<R> {}

    /// No kind at all. It takes `self`, so it is found after all that take a reference.
    pub trait Refused: Sized {
        /// The tag that takes nothing, and says what a function may return.
        fn tag(self) -> RefusedTag {
            RefusedTag
        }
    }

    /// The tag of [`Refused`].
    pub struct RefusedTag;

    impl<R> Refused for Kind<R> {}

    impl RefusedTag {
        /// The outcome, which there is none of.
        pub fn outcome<R: Returnable>(self, value: R) -> Outcome {
            value.into_outcome()
        }
    }

    /// What is left to be returned once every other kind has been tried: nothing.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` can't be what a function returns",
        label = "can't be shared with other threads",
        note = "the result is kept for others to take, so its type is `Send + Sync + 'static`"
    )]
    pub trait Returnable {
        /// The outcome.
        fn into_outcome(self) -> Outcome;
    }

    impl Returnable for Infallible {
        fn into_outcome(self) -> Outcome {
            match self {}
        }
    }

    /// The outcome of an error that can't be shown.
    fn mute<E>() -> Outcome {
        Outcome::Fail(format!("an error of type `{}`", type_name::<E>()).into())
    }

    macro_rules! kinds {
        ($($(#[$doc:meta])* $trait:ident $tag:ident [$($refs:tt)*] $kind:ty, ($($generics:tt)*) => |$value:ident| $outcome:expr;)*) => {
            $($(#[$doc])*
            pub trait $trait {
                /// The tag that turns the value into an outcome.
                fn tag(&self) -> $tag {
                    $tag
                }
            }

            #[doc = concat!("The tag of [`", stringify!($trait), "`].")]
            pub struct $tag;

            impl<$($generics)*> $trait for $($refs)* Kind<$kind> {}

            impl $tag {
                /// The outcome.
                pub fn outcome<$($generics)*>(self, $value: $kind) -> Outcome {
                    $outcome
                }
            })*
        };
    }

    kinds! {
        /// A result whose value can leave the process.
        PortableResult PortableResultTag [&&&&&] Result<T, E>, (T: Any + Send + Sync + Serialize, E: Into<BoxError>) =>
            |result| result.map_or_else(|error| Outcome::of_error(&*error.into()), |value| Outcome::Success(Value::portable(value)));
        /// A result whose value is only shared.
        SharedResult SharedResultTag [&&&&] Result<T, E>, (T: Any + Send + Sync, E: Into<BoxError>) =>
            |result| result.map_or_else(|error| Outcome::of_error(&*error.into()), |value| Outcome::Success(Value::new(value)));
        /// A result whose value can leave the process and whose error says nothing.
        PortableMuteResult PortableMuteResultTag [&&&] Result<T, E>, (T: Any + Send + Sync + Serialize, E) =>
            |result| result.map_or_else(|_| mute::<E>(), |value| Outcome::Success(Value::portable(value)));
        /// A result whose value is only shared and whose error says nothing.
        MuteResult MuteResultTag [&&] Result<T, E>, (T: Any + Send + Sync, E) =>
            |result| result.map_or_else(|_| mute::<E>(), |value| Outcome::Success(Value::new(value)));
        /// A value that can leave the process.
        PortableValue PortableValueTag [&] R, (R: Any + Send + Sync + Serialize) =>
            |value| Outcome::Success(Value::portable(value));
        /// A value that is only shared.
        SharedValue SharedValueTag [] R, (R: Any + Send + Sync) =>
            |value| Outcome::Success(Value::new(value));
    }
}
