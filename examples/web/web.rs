//! A web server next to an app: run `cargo run --example web`, then `curl localhost:3000/tasks` and `curl -X
//! POST localhost:3000/tasks/refresh/run`. Ctrl-C ends both.
//!
//! [`App::serve`](rocketry::App::serve) runs the app on the runtime of the server, and each handler gets the
//! [`Session`] to inspect and control the app.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use rocketry::App;
use rocketry::prelude::*;
use tokio::net::TcpListener;

#[task("every 1 minute")]
pub(crate) async fn refresh() -> u32 {
    42
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    serve(Rocketry::new().build()?, listener).await
}

/// Serves the app and its pages until the app is shut down.
pub(crate) async fn serve(app: App, listener: TcpListener) -> Result<(), Box<dyn std::error::Error>> {
    let pages = axum::serve(listener, pages(app.session()));
    let server = tokio::spawn(pages.into_future());
    let ended = app.serve().await;
    server.abort();
    Ok(ended?)
}

fn pages(session: Session) -> Router {
    Router::new()
        .route("/tasks", get(list))
        .route("/tasks/{name}/run", post(run))
        .with_state(session)
}

/// Lists every task with its status, one per line.
async fn list(State(session): State<Session>) -> String {
    let line = |task: Task| format!("{}: {}\n", task.name(), task.status());
    session.tasks().into_iter().map(line).collect()
}

/// Runs a task, and responds when the run has ended.
async fn run(State(session): State<Session>, Path(name): Path<String>) -> Result<String, StatusCode> {
    let task = session.task(&*name).map_err(|_| StatusCode::NOT_FOUND)?;
    let record = task.run(params! {}).await.map_err(|_| StatusCode::CONFLICT)?;
    Ok(record.action.to_string())
}
