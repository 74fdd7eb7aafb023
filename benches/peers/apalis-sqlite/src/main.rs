//! Runs trivial jobs with apalis and its storage in SQLite, set up as its documentation shows: `RUNS FOLDER`.
//!
//! Prints how many seconds that took, how many jobs there were, and how many the storage says are done in the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use apalis::prelude::*;
use apalis_sqlite::{SqlitePool, SqliteStorage};
use futures_util::stream;

const DONE: &str = "SELECT count(*) FROM Jobs WHERE status = 'Done'";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [runs, folder] = &words[..] else {
        panic!("usage: RUNS FOLDER");
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(runs.parse().expect("a number of runs"), folder));
}

async fn measure(runs: u32, folder: &str) {
    let address = format!("sqlite:{folder}/apalis.db?mode=rwc");
    let pool = SqlitePool::connect(&address).await.expect("a database");
    SqliteStorage::setup(&pool).await.expect("tables");
    let mut backend = SqliteStorage::new(&pool);
    let ran = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let mut jobs = stream::iter((0..runs).map(Task::new));
    backend.push_all(&mut jobs).await.expect("the jobs are stored");
    let count = ran.clone();
    let worker = WorkerBuilder::new("worker")
        .backend(backend)
        .build(move |_: u32| {
            let count = count.clone();
            async move {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
    let running = tokio::spawn(async move { worker.run().await });
    let mut done = 0;
    let limit = Instant::now() + Duration::from_mins(2);
    while done < i64::from(runs) && Instant::now() < limit {
        tokio::time::sleep(Duration::from_millis(20)).await;
        done = sqlx::query_scalar(DONE).fetch_one(&pool).await.expect("a count");
    }
    let took = begun.elapsed();
    running.abort();
    assert!(ran.load(Ordering::Relaxed) >= runs.min(done.try_into().unwrap_or(0)));
    println!("{} {runs} {done}", took.as_secs_f64());
}
