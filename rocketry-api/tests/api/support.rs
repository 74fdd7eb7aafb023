//! An app on manual time behind its API.

use rocketry_api::client::{Client, ClientError};
use rocketry_api::{Api, Problem, router};
use rocketry_core::testing::TestApp;
use rocketry_core::{Inaction, Rocketry, Task};

/// The present of the app when it starts.
pub(crate) const START: &str = "2026-01-01T00:00:00Z";

/// A pipeline, a task that fails, and one that has nothing to do.
pub(crate) fn app() -> Rocketry {
    Rocketry::builder()
        .version("1.2")
        .task(
            Task::func("fetch", || async {})
                .start("hourly")
                .description("Fetches."),
        )
        .task(Task::func("report", || async {}).start("after task 'fetch'"))
        .task(Task::func("break", || async { Err::<(), _>("no network") }).start("daily after 06:00"))
        .task(
            Task::func("rest", || async {
                Err::<(), _>(Inaction::because("nothing new"))
            })
            .start("daily"),
        )
        .task(Task::func("a/b c", || async {}))
}

pub(crate) fn started() -> TestApp {
    TestApp::start(app(), START).unwrap()
}

/// The client of an app.
pub(crate) fn client(app: &TestApp) -> Client {
    Client::in_process(router(Api::of_running("shop", app.session().clone())))
}

/// Waits for a call.
pub(crate) fn wait<T>(call: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(call)
}

/// The problem that a call ended with.
pub(crate) fn problem<T: std::fmt::Debug>(called: Result<T, ClientError>) -> Problem {
    match called {
        Err(ClientError::Problem(problem)) => problem,
        other => panic!("expected a problem, found {other:?}"),
    }
}
