//! Conditions from closures, without a macro.

use std::error::Error as StdError;
use std::sync::Arc;

use super::condition::Condition;
use super::custom::{CondCall, Custom};
use crate::error::{Error, Kind, Location, Result};
use crate::param::{Extract, Param};

/// A function or closure that can be a condition. Its parameters are extractors, and it returns `bool` or a `Result`
/// of it.
///
/// `Marker` only distinguishes signatures for the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a condition",
    note = "it is a function or closure whose parameters are extractors such as `Session` or `Now`, and which returns `bool` or `Result<bool, E>`"
)]
pub trait IntoCondCall<Marker> {
    /// Converts the function into a call; `text` is its text in a statement.
    fn into_call(self, text: String, location: Location) -> CondCall;
}

/// The return type of such a function: `bool`, or a `Result` of it.
pub trait IntoAnswer {
    /// Returns the answer.
    ///
    /// # Errors
    ///
    /// Returns the error of the function.
    fn into_answer(self) -> Result<bool>;
}

impl IntoAnswer for bool {
    fn into_answer(self) -> Result<bool> {
        Ok(self)
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> IntoAnswer for Result<bool, E> {
    fn into_answer(self) -> Result<bool> {
        self.map_err(|cause| {
            let cause = cause.into();
            Error::new(Kind::State, cause.to_string()).because(cause)
        })
    }
}

macro_rules! signatures {
    ($($name:ident)*) => {
        impl<Func, Answer, $($name),*> IntoCondCall<(Answer, $($name,)*)> for Func
        where
            Func: Fn($($name),*) -> Answer + Send + Sync + 'static,
            Answer: IntoAnswer,
            $($name: Extract + 'static),*
        {
            #[allow(non_snake_case, reason = "one name for the type and its value")]
            fn into_call(self, text: String, location: Location) -> CondCall {
                let params = ($(Param::<$name>::extractor(stringify!($name), location),)*);
                CondCall::unnamed(text, location, params, move |($($name,)*)| self($($name),*).into_answer())
            }
        }
    };
}

signatures!();
signatures!(A);
signatures!(A B);
signatures!(A B C);

impl Condition {
    /// Creates a condition from a function or closure. Its parameters are extractors such as
    /// [`Session`](crate::Session) or [`Now`](crate::Now); it returns `bool`, or a `Result` of it.
    ///
    /// The function is called while the rest of its statement is true, and again after each [poll
    /// interval](crate::Config::poll_interval), so it should be fast. The condition prints the place of its creation,
    /// which can't be used in a string; [`Rocketry::cond`](crate::Rocketry::cond) gives a closure a phrase.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// use rocketry::conds::*;
    /// use rocketry::{Condition, Task, TaskBuilder};
    ///
    /// let ready = Arc::new(AtomicBool::new(false));
    /// let seen = ready.clone();
    /// let start = daily & Condition::from_fn(move || seen.load(Ordering::Relaxed));
    /// let task: TaskBuilder = Task::func("import", || async {}).start(start);
    /// ```
    #[track_caller]
    pub fn from_fn<Marker>(function: impl IntoCondCall<Marker>) -> Condition {
        let location = Location::caller();
        let call = function.into_call(format!("the closure at {location}"), location);
        Condition::custom(Custom::Call(Arc::new(call)))
    }
}
