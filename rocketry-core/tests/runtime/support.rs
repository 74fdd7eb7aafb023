//! Helpers shared by the tests.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Error, Query, Rocketry, Zone};

/// A Thursday.
pub(crate) const START: &str = "2026-01-01T00:00:00Z";

/// A task whose parameters are resolved as those of an annotated function: `task!("x", [a: i32 = Arg("b")], a + 1)`.
macro_rules! task {
    ($name:expr, [$($param:ident: $type:ty $(= $source:expr)?),*], $body:expr) => {
        rocketry_core::TaskBuilder::new($name, rocketry_core::__private::location!()).handler(
            rocketry_core::__private::blocking(
                ($(rocketry_core::__private::param!($param: $type $(= $source)?),)*),
                move |($($param,)*)| rocketry_core::__private::outcome!($body),
            ),
        )
    };
}

/// A function of a session parameter, as an annotated one: `made!("x", [a: i32], a + 1)`.
macro_rules! made {
    ($name:expr, [$($param:ident: $type:ty $(= $source:expr)?),*], $body:expr) => {
        rocketry_core::param::FuncArg::of(
            $name,
            rocketry_core::__private::param_fn(
                ($(rocketry_core::__private::param!($param: $type $(= $source)?),)*),
                move |($($param,)*)| rocketry_core::__private::value!($body),
            ),
        )
    };
}

/// An app in UTC.
pub(crate) fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

/// Starts an app at [`START`].
pub(crate) fn start(app: Rocketry) -> TestApp {
    TestApp::start(app, START).unwrap()
}

/// What is wrong with an app.
pub(crate) fn mistakes(app: Rocketry) -> Error {
    match app.build() {
        Ok(_) => panic!("the app has no mistakes"),
        Err(error) => error,
    }
}

/// The times of day at which a task has started.
pub(crate) fn times(app: &TestApp, task: &str) -> Vec<String> {
    let starts = app.starts(task).into_iter();
    starts.map(|at| at.to_string()[11..19].to_owned()).collect()
}

/// How the runs of a task have ended, oldest first.
pub(crate) fn ends(app: &TestApp, task: &str) -> Vec<Action> {
    let records = app.records(&Query::new().task(task)).into_iter();
    records
        .map(|record| record.action)
        .filter(|action| action.is_end())
        .collect()
}

/// Returns the message of the last record of a task.
pub(crate) fn message(app: &TestApp, task: &str) -> String {
    let records = app.records(&Query::new().task(task).last(1));
    records[0].message.as_deref().unwrap_or("").to_owned()
}

/// The result of a task.
pub(crate) fn result<T: Any + Clone>(app: &TestApp, task: &str) -> T {
    let value = app.session().task(task).unwrap().result();
    let value = value.unwrap_or_else(|| panic!("`{task}` has no result: {}", message(app, task)));
    value.get().unwrap_or_else(|| panic!("`{task}` gave {value:?}"))
}

/// Polls a future once, and returns its output if it is ready.
pub(crate) fn ready<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    match Pin::new(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
