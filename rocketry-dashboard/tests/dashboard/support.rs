//! An app on manual time behind its dashboard.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use rocketry_core::testing::TestApp;
use rocketry_core::{Rocketry, Session, Task, func};
use rocketry_dashboard::{Access, router};
use tower::ServiceExt;

/// The present of the app when it starts.
const START: &str = "2026-01-01T00:00:00Z";

/// Names that stress addresses and pages.
pub(crate) const NAMES: [&str; 6] = ["a/b c", "..", "<b>bold</b>", "quo\"te'", "שלום", "100% + #1?"];

/// A pipeline, a task that fails, and tasks with unusual names.
pub(crate) fn started() -> TestApp {
    let app = Rocketry::builder()
        .version("1.2")
        .task(
            Task::func("fetch", || async {})
                .start("hourly")
                .description("Fetches."),
        )
        .task(Task::func("report", || async {}).start("after task 'fetch'"))
        .task(Task::func("bill", func!(|day: String| day)).parameter("day", "2025-12-31".to_owned()))
        .task(
            Task::func("break", || async { Err::<(), _>("<script>alert(1)</script>") })
                .start("daily after 06:00"),
        )
        .task(Task::func("wait", wait).start("daily after 06:10"));
    let app = NAMES
        .into_iter()
        .fold(app, |app, name| app.task(Task::func(name, || async {})));
    let mut app = TestApp::start(app, START).unwrap();
    app.run_until("2026-01-01T06:30:00Z");
    app
}

async fn wait(session: Session) {
    session.clock().sleep(Duration::from_secs(100_000)).await;
}

/// What the dashboard answers.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// A header of the answer, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The dashboard of an app, for operators.
pub(crate) fn dashboard(app: &TestApp) -> Router {
    router(app.session(), Access::operator())
}

/// Sends a request.
pub(crate) fn send(pages: &Router, request: Request<Body>) -> Answer {
    // An app on manual time has a runtime of its own, so the tests have none.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (parts, body) = pages.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, 1 << 24).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    })
}

/// Sends a request, and returns the status without waiting for the body, which may be a stream.
pub(crate) fn begin(pages: &Router, request: Request<Body>) -> StatusCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { pages.clone().oneshot(request).await.unwrap().status() })
}

pub(crate) fn get(pages: &Router, address: &str) -> Answer {
    send(pages, request("GET", address))
}

pub(crate) fn post(pages: &Router, address: &str) -> Answer {
    send(pages, request("POST", address))
}

/// A request of a browser that shows the dashboard.
pub(crate) fn request(method: &str, address: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(address)
        .header("host", "localhost:8710")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap()
}
