//! The app that the browser test looks at: 20,000 tasks, a living pipeline, and names and texts that mean no good.
//!
//! It prints the address of its dashboard, and runs until it is terminated. An argument says another number than 20,000.

#[path = "../../../rocketry-cluster/tests/support/three.rs"]
mod three;

use std::time::Duration;

use axum::Router;
use rocketry::prelude::*;
use rocketry::{Execution, Overlap, func};
use rocketry_dashboard::{Access, Dashboard, Role, Token};
use tokio::net::TcpListener;

/// How many tasks do nothing but stand in the list.
const IDLE: usize = 20_000;

/// Names that stress addresses and pages.
const NAMES: [&str; 6] = [
    "a/b c",
    "..",
    "<img src=x onerror=alert(1)>",
    "quo\"te'",
    "שלום עולם",
    "100% + #1?",
];

/// Tasks that follow each other, fail, last long, print, and take parameters.
fn pipeline(app: Rocketry) -> Rocketry {
    app.task(Task::func("fetch", || async {}).start("every 2 seconds"))
        .task(Task::func("report", || async {}).start("after task 'fetch'"))
        .task(Task::func("publish", || async {}).start("after task 'report' | after task 'break' failed"))
        .task(
            Task::func("break", || async {
                Err::<(), _>("<script>alert(1)</script> of a row that is long")
            })
            .start("every 5 seconds | retry 2 times with backoff 1 second"),
        )
        .task(Task::func("long", || {
            tokio::time::sleep(Duration::from_secs(3600))
        }))
        .task(
            Task::func(
                "typed",
                func!(|day: String, count: u32, dry: bool| format!("{day} {count} {dry}")),
            )
            .parameter("day", "2026-01-01".to_owned())
            .parameter("count", 3_u32)
            .parameter("dry", true)
            .execution(Execution::Thread)
            .overlap(Overlap::Queue)
            .description("Takes a text, a number and a yes or no."),
        )
        .task(
            Task::command(
                "printing",
                "for i in 1 2 3 4 5 6; do echo \"<b>line $i</b>\"; sleep 0.5; done; exit 3",
            )
            .shell(true),
        )
        .task(
            Task::func("summer", || async {})
                .start("daily at 02:30")
                .timezone("Europe/Helsinki"),
        )
}

/// An app that is a node of a cluster, on a thread of its own.
fn node() -> std::io::Result<Session> {
    let app = Rocketry::builder()
        .config(Config {
            node: Some("main".into()),
            // No node is lost as long as the test takes.
            lease: Duration::from_secs(3600),
            ..Config::default()
        })
        .version("1.2")
        .handle_signals(false)
        .cluster(three::Three::default());
    let app = app.build().map_err(std::io::Error::other)?;
    let session = app.session();
    std::thread::spawn(move || app.run());
    Ok(session)
}

/// Serves the same app to operators, to readers and to those who have a token, and the node of a cluster to operators.
async fn serve(session: Session) -> std::io::Result<tokio::task::JoinHandle<()>> {
    let token = Token::generate().map_err(std::io::Error::other)?;
    let of = |access| {
        Dashboard::new(access)
            .name("browser")
            .host("127.0.0.1")
            .router(&session)
    };
    let cluster = Dashboard::new(Access::operator()).name("node").host("127.0.0.1");
    let pages = Router::new()
        .nest("/cluster", cluster.router(&node()?))
        .nest("/ops/jobs", of(Access::operator()))
        .nest("/view", of(Access::read_only()))
        .nest("/locked", of(Access::tokens([(token.hash(), Role::Operator)])));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{} {}", listener.local_addr()?, token.reveal());
    Ok(tokio::spawn(async move {
        let _ = axum::serve(listener, pages).await;
    }))
}

fn main() -> rocketry::Result<()> {
    let app = pipeline(Rocketry::new())
        .version("1.2")
        .param("mode", "slow".to_owned())
        .param("api token", "not shown")
        .pool("bank", 2)
        .config(Config {
            secrets: vec!["api token".into()],
            ..Config::default()
        });
    let app = NAMES.into_iter().fold(app, |app, name| {
        app.task(
            Task::func(name, || async {})
                .start("every 10 seconds")
                .description(name),
        )
    });
    let idle = std::env::args().nth(1).map(|count| count.parse());
    let idle = idle.map_or(IDLE, |count| count.expect("a number of tasks"));
    let app = (0..idle).fold(app, |app, number| {
        app.task(Task::func(format!("idle/{number:05}"), || async {}).start("daily after 03:00"))
    });
    app.setup(serve).run()
}
