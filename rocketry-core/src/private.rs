//! Items that the expansions of macros refer to. They are not part of the public API and may change in any
//! version.

use std::fmt;
use std::sync::Arc;

pub use inventory;

pub use crate::cond::operand::{Returned, ViaBool, ViaOther, answer, condition};
pub use crate::cond::{CondCall, CondDef, CondWord, Condition, NamedFunction, capture};
pub use crate::error::{Error, Location, Result};
pub use crate::hooks::{HookFn, HookKind, InitHook, Sides};
pub use crate::param::probe::{Given, GivenArgument, GivenPortable, GivenShared};
pub use crate::param::probe::{
    IsOption, IsSure, Probe, ViaArc, ViaArcJson, ViaEither, ViaExtract, ViaJson, ViaNothing, ViaShare,
};
pub use crate::param::transferable::{Arriving, Leaving, NotThere, Own, Sent, Shared, Stuck};
pub use crate::param::{Param, ParamFn, ParamSet};
pub use crate::registry::{Registration, TaskType, task_name};
pub use crate::task::kind::{
    Ask, GivesFuture, GivesResult, IntoTruth, IsResult, IsValue, KeptPortable, KeptShared, NotKept, Reported,
    ToldDebug, ToldDisplay, ToldLocal, ToldPointer, ToldShared, ToldType,
};
pub use crate::task::{Execution, FirstRun, Handler, NewRun, Outcome, TaskBuilder};
pub use crate::task::{OnCrash, Overlap};
pub use crate::{
    __rocketry_answer as answer, __rocketry_arrives as arrives, __rocketry_entry as entry,
    __rocketry_hook_result as hook_result, __rocketry_leaves as leaves, __rocketry_location as location,
    __rocketry_outcome as outcome, __rocketry_param as param, __rocketry_truth as truth,
    __rocketry_value as value,
};

use crate::error::Kind as ErrorKind;
use crate::param::Value;

/// The sources of arguments: the words of `#[arg(…)]`.
pub mod source {
    pub use crate::param::{Arg, CliArg, EnvArg, FuncArg, Return, SimpleArg};
    pub use crate::session::Task;

    /// Returns the argument for a task that is a type.
    pub fn task_of<T: super::TaskType>() -> crate::session::TaskArg {
        Task(T::NAME)
    }

    /// Returns the argument for the result of a task that is a type.
    pub fn return_of<T: super::TaskType>() -> Return {
        Return(T::NAME)
    }
}

/// The result type of a function that may fail.
pub trait ResultType {
    /// The type of its success value.
    type Ok;
}

impl<T, E> ResultType for Result<T, E> {
    type Ok = T;
}

/// The result of a task, for a parameter of type `T`.
#[diagnostic::on_unimplemented(
    message = "the task yields `{Self}`, but the parameter is `{T}`",
    label = "has to be `{Self}`, `Arc<{Self}>` to share it, or `Option<{Self}>` where there may be no result yet"
)]
pub trait Fits<T> {}

impl<T> Fits<T> for T {}

impl<T> Fits<Arc<T>> for T {}

impl<T> Fits<Option<T>> for T {}

impl<T> Fits<Option<Arc<T>>> for T {}

/// Asserts at compile time that a parameter accepts the result of a task.
pub const fn fits<Output: Fits<T>, T>() {}

/// Returns the name of a task that is a type, as a reference in a condition.
pub const fn task_ref<T: TaskType>() -> crate::cond::ByType {
    crate::cond::ByType(T::NAME)
}

/// Returns the type of a function, which identifies it.
pub fn type_id<F: 'static>(_: &F) -> std::any::TypeId {
    std::any::TypeId::of::<F>()
}

/// Returns the function of an asynchronous task.
pub fn asynchronous<P, F, R>(params: P, function: F) -> Handler
where
    P: ParamSet,
    F: Fn(P::Values) -> R + Send + Sync + 'static,
    R: Future<Output = Outcome> + Send + 'static,
{
    Handler::asynchronous(params, function)
}

/// Returns the function of a blocking task.
pub fn blocking<P, F>(params: P, function: F) -> Handler
where
    P: ParamSet,
    P::Values: Send + 'static,
    F: Fn(P::Values) -> Outcome + Send + Sync + 'static,
{
    Handler::blocking(params, function)
}

/// Returns the function of a session parameter.
pub fn param_fn<P, F>(params: P, function: F) -> ParamFn
where
    P: ParamSet,
    F: Fn(P::Values) -> Outcome + Send + Sync + 'static,
{
    ParamFn::new(params, move |values| {
        let outcome: Result<Value, _> = function(values).into_value();
        outcome.map_err(|message| Error::new(ErrorKind::Parameter, &*message))
    })
}

/// Returns the function of a hook.
pub fn hook_fn<P, F>(params: P, function: F) -> HookFn
where
    P: ParamSet,
    P::Values: Send + 'static,
    F: Fn(P::Values) -> Outcome + Send + Sync + 'static,
{
    HookFn::new(params, function)
}

/// Returns the function of an asynchronous hook.
pub fn async_hook_fn<P, F, R>(params: P, function: F) -> HookFn
where
    P: ParamSet,
    F: Fn(P::Values) -> R + Send + Sync + 'static,
    R: Future<Output = Outcome> + Send + 'static,
{
    HookFn::of(Handler::asynchronous(params, function))
}

/// Returns a custom condition with its arguments.
pub fn cond_call<P, F>(params: P, function: F, shown: Vec<(&'static str, String)>) -> CondCall
where
    P: ParamSet,
    F: Fn(P::Values) -> Result<bool> + Send + Sync + 'static,
{
    CondCall::new(params, function, shown)
}

/// Returns the result of a custom condition.
///
/// # Errors
///
/// Returns the function's own error.
pub fn truth_of<E>(returned: impl IntoTruth<E>, tell: impl FnOnce(E) -> Reported) -> Result<bool> {
    returned.into_truth(tell).map_err(|told| {
        let message = told.outcome.into_value().err().unwrap_or_default();
        let error = Error::new(ErrorKind::State, &*message);
        match told.cause {
            Some(cause) => error.because(cause),
            None => error,
        }
    })
}

/// Formats an argument of a condition as it is written in a string.
pub fn shown(value: &impl fmt::Display) -> String {
    value.to_string()
}

/// The place of the expansion.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_location {
    () => {
        $crate::__private::Location {
            file: ::core::file!(),
            line: ::core::line!(),
            column: ::core::column!(),
            module: ::core::module_path!(),
        }
    };
}

/// The condition that a call returns: `answer!(file_exists("in.csv"))`.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_answer {
    ($call:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{ViaBool as _, ViaOther as _};
        let returned = $call;
        let sort = (&$crate::__private::Returned::by(&returned)).sort();
        $crate::__private::answer(&sort, returned)
    }};
}

/// Defines a parameter of a function.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_param {
    ($name:ident : $type:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            IsOption as _, IsSure as _, ViaArc as _, ViaArcJson as _, ViaEither as _, ViaExtract as _, ViaJson as _,
            ViaNothing as _, ViaShare as _,
        };
        let shape = (&&$crate::__private::Probe::<$type>::new()).shape();
        let way = (&&&&&&&shape.inner()).way();
        shape.param(way, ::core::stringify!($name), $crate::__private::location!())
    }};
    ($name:ident : $type:ty = $source:expr) => {
        $crate::__private::param!($name: $type).from($source)
    };
}

/// Asserts at compile time that a parameter of this type can be received in another process.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_arrives {
    ($type:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{NotThere as _, Own as _, Sent as _, Shared as _, Stuck as _};
        (&&&&&$crate::__private::Arriving::<$type>::new()).crosses()
    }};
}

/// Asserts at compile time that a result of this type can be received from another process.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_leaves {
    ($type:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{Sent as _, Stuck as _};
        (&&$crate::__private::Leaving::<$type>::new()).crosses()
    }};
}

/// The value of a task's parameter: a value or an argument.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_entry {
    ($given:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{GivenArgument as _, GivenPortable as _, GivenShared as _};
        let given = $given;
        let kind = $crate::__private::Given::of(&given);
        (&&&kind).entry(given)
    }};
}

/// Creates the parameters for one run: names with values or arguments, as in `parameters = { … }` of a task.
///
/// ```
/// use rocketry::param::Arg;
/// use rocketry::params;
///
/// let params = params! { day = "2026-01-01", host = Arg("host"), tries = 3 };
/// assert_eq!(params.iter().count(), 3);
/// ```
#[macro_export]
macro_rules! params {
    ($($name:ident = $given:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut params = $crate::Params::new();
        $(params.set(
            ::core::stringify!($name).trim_start_matches("r#"),
            $crate::__private::entry!($given).at($crate::__private::location!()),
        );)*
        params
    }};
}

/// Creates a closure for a task, a hook or a [`FuncArg`](crate::param::FuncArg()), whose parameters are
/// resolved like those of an annotated function: an extractor supplies its own value, any other parameter is
/// the session parameter with its name, and `#[arg(…)]` sets another source. The closure may return
/// everything that an annotated function may return. A returned future is awaited.
///
/// ```
/// use rocketry::param::Return;
/// use rocketry::testing::TestApp;
/// use rocketry::{Now, Rocketry, func};
///
/// let app = Rocketry::builder()
///     .param("greeting", "Hello")
///     .func("number", "daily", || 42)
///     .func("greet", "after task 'number'", func!(|greeting: String, #[arg(Return("number"))] number: i32| {
///         format!("{greeting} {number}")
///     }))
///     .func("later", "after task 'greet'", func!(|greeting: Option<String>, now: Now| async move {
///         println!("{greeting:?}, it is {}", now.format("%H:%M"));
///     }));
/// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// let greeting = app.session().task("greet")?.result().unwrap();
/// assert_eq!(greeting.get::<String>().as_deref(), Some("Hello 42"));
/// # Ok::<(), rocketry::Error>(())
/// ```
#[macro_export]
macro_rules! func {
    (@handler [$($function:tt)+] [$($param:ident: $type:ty $(= $source:expr)?),*]) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            GivesFuture as _, GivesResult as _, IsResult as _, IsValue as _, KeptPortable as _, KeptShared as _,
            NotKept as _, ToldDebug as _, ToldDisplay as _, ToldLocal as _, ToldPointer as _, ToldShared as _,
            ToldType as _,
        };
        let function = $($function)+;
        let returned = $crate::__private::Ask::returned_by(&function);
        let shape = (&&(&&returned).output()).shape();
        let (value, error) = (shape.value(), shape.error());
        let finish = move |output| {
            shape.outcome(
                output,
                |kept| (&&&value).keep(kept),
                |told| (&&&&&&error).tell(told),
            )
        };
        (&&returned).handler(
            ($($crate::__private::param!($param: $type $(= $source)?),)*),
            function,
            finish,
        )
    }};
    ($($how:ident)* || $body:expr) => { $crate::func!(@handler [$($how)* |(): ()| $body] []) };
    ($($how:ident)* || -> $output:ty $body:block) => {
        $crate::func!(@handler [$($how)* |(): ()| -> $output { $body }] [])
    };
    ($($how:ident)* |$($(#[arg($source:expr)])? $name:ident: $type:ty),+ $(,)?| $body:expr) => {
        $crate::func!(
            @handler
            [$($how)* |($($name,)+): ($($type,)+)| $body]
            [$($name: $type $(= $source)?),+]
        )
    };
    ($($how:ident)* |$($(#[arg($source:expr)])? $name:ident: $type:ty),+ $(,)?| -> $output:ty $body:block) => {
        $crate::func!(
            @handler
            [$($how)* |($($name,)+): ($($type,)+)| -> $output { $body }]
            [$($name: $type $(= $source)?),+]
        )
    };
}

/// Converts the return value of a function to an outcome.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_outcome {
    ($returned:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            IsResult as _, IsValue as _, KeptPortable as _, KeptShared as _, NotKept as _, ToldDebug as _,
            ToldDisplay as _, ToldLocal as _, ToldPointer as _, ToldShared as _, ToldType as _,
        };
        let returned = $returned;
        let shape = (&&$crate::__private::Ask::of(&returned)).shape();
        let (value, error) = (shape.value(), shape.error());
        shape.outcome(
            returned,
            |kept| (&&&value).keep(kept),
            |told| (&&&&&&error).tell(told),
        )
    }};
}

/// Converts the return value of a parameter's function to a value.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_value {
    ($returned:expr) => {
        $crate::__private::outcome!($returned)
    };
}

/// Converts the return value of a hook.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_hook_result {
    ($returned:expr) => {
        $crate::__private::outcome!($returned)
    };
}

/// Converts the return value of a condition.
#[doc(hidden)]
#[macro_export]
macro_rules! __rocketry_truth {
    ($returned:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            IsResult as _, IsValue as _, ToldDebug as _, ToldDisplay as _, ToldLocal as _, ToldPointer as _,
            ToldShared as _, ToldType as _,
        };
        let returned = $returned;
        let error = (&&$crate::__private::Ask::of(&returned)).shape().error();
        $crate::__private::truth_of(returned, |told| (&&&&&&error).tell(told))
    }};
}
