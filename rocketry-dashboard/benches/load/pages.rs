//! How long pages and the API take to answer with a long log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use rocketry::prelude::*;
use rocketry::{Query, Result};
use rocketry_dashboard::{Access, router};
use tower::ServiceExt;

use super::log::{TASKS, name, with};
use super::spread;

/// The longest that a page may take, at the 99th percentile.
const LIMIT: Duration = Duration::from_millis(50);

/// What an address is asked for after it has taken longer than a second: once.
const PATIENCE: Duration = Duration::from_secs(1);

const PAGES: [&str; 26] = [
    "/now",
    "/tasks",
    "/tasks?sort=-last",
    "/tasks/task_3",
    "/tasks/task_199",
    "/graph",
    "/calendar",
    "/calendar?view=week",
    "/calendar?task=task_3",
    "/log",
    "/log?q=task:task_3",
    "/log?q=action:fail",
    "/log?q=task:task_199+action:fail",
    "/log?q=since:7d+until:6d",
    "/log?q=runtime:%3E4s",
    "/log?q=runtime:%3E1h",
    "/log?q=message:nothing",
    "/log?q=task:task_3+runtime:%3E1h",
    "/log?q=action:crash",
    "/failures",
    "/settings",
    "/audit",
    "/nodes",
    "/try?statement=daily+at+02:30",
    "/metrics",
    "/log?q=param.day:7",
];

const API: [&str; 18] = [
    "/api/app",
    "/api/tasks",
    "/api/tasks/task_3",
    "/api/tasks/task_3/explain",
    "/api/runs",
    "/api/runs?q=task:task_199",
    "/api/log",
    "/api/log?newest_first=true&limit=1000",
    "/api/log/count",
    "/api/log/count?q=action:fail",
    "/api/log/count?q=message:nothing",
    "/api/next?of=task_3",
    "/api/check",
    "/api/simulate/summary",
    "/api/failures",
    "/api/params",
    "/api/pools",
    "/api/audit",
];

/// Measures each address; returns whether all pages keep to the limit.
pub(crate) fn measure(records: usize, times: usize) -> bool {
    let address = with(records);
    let began = Instant::now();
    let measured = Arc::new(AtomicBool::new(false));
    let told = measured.clone();
    let app = app(&address).setup(move |session: Session| {
        let told = told.clone();
        async move {
            println!("started after {:.2?}; {}", began.elapsed(), memory());
            told.store(measure_all(&session, times).await?, Ordering::Relaxed);
            println!("{}", memory());
            session.shut_down();
            Ok::<(), rocketry::Error>(())
        }
    });
    app.run().expect("the app runs");
    measured.load(Ordering::Relaxed)
}

fn app(address: &str) -> Rocketry {
    let app = Rocketry::new().log(address.to_owned());
    (0..TASKS).fold(app, |app, number| {
        let start = if number % 10 == 9 {
            format!("after task '{}'", name(number - 1))
        } else {
            format!("daily at {:02}:{:02}", number % 24, number % 60)
        };
        app.task(Task::func(name(number), || async {}).start(start))
    })
}

async fn measure_all(session: &Session, times: usize) -> Result<bool> {
    let routes = router(session, Access::operator());
    let of = |query: Query| session.log(&query.task(name(3)));
    let (newest, oldest) = (of(Query::new().last(1))?, of(Query::new().limit(1))?);
    let runs = newest
        .iter()
        .chain(&oldest)
        .map(|record| record.run_id.to_string());
    let (mut pages, mut api): (Vec<_>, Vec<_>) =
        (PAGES.map(str::to_owned).into(), API.map(str::to_owned).into());
    for run in runs {
        pages.extend([format!("/runs/{run}"), format!("/log?q=run:{run}")]);
        api.push(format!("/api/runs/{run}"));
    }
    println!(
        "{:44} {:>6} {:>9} {:>9} {:>9} {:>9}",
        "address", "status", "bytes", "first ms", "p50 ms", "p99 ms"
    );
    let mut all_keep = true;
    for address in pages {
        all_keep &= measure_one(&routes, &address, times, Some(LIMIT)).await;
    }
    for address in api {
        measure_one(&routes, &address, times, None).await;
    }
    Ok(all_keep)
}

/// Measures an address; returns whether it keeps to the limit.
async fn measure_one(routes: &Router, address: &str, times: usize, limit: Option<Duration>) -> bool {
    let (first, status, bytes) = ask(routes, address).await;
    let times = if first > PATIENCE { 0 } else { times };
    let mut took = vec![first];
    for _ in 0..times {
        took.push(ask(routes, address).await.0);
    }
    let (median, most) = spread(&mut took);
    let keeps = limit.is_none_or(|limit| most <= limit);
    let [first, median, most] = [first, median, most].map(|took| took.as_secs_f64() * 1e3);
    let mark = if keeps { "" } else { "  too long" };
    println!("{address:44} {status:>6} {bytes:>9} {first:>9.2} {median:>9.2} {most:>9.2}{mark}");
    keeps
}

async fn ask(routes: &Router, address: &str) -> (Duration, u16, usize) {
    let request = Request::get(address)
        .header("host", "localhost")
        .header("accept", "text/html");
    let request = request.body(Body::empty()).expect("the address is one");
    let began = Instant::now();
    let Ok(answer) = routes.clone().oneshot(request).await;
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("the answer has an end");
    (began.elapsed(), status, body.len())
}

/// The memory of the process, now and at most.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}
