//! The run logs of Rocketry by themselves, and how late a start is because it is recorded first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

#[cfg(feature = "logs")]
use postgres::{Client, NoTls};
use rocketry::log::{Page, Past, Retention, Write};
use rocketry::prelude::*;
use rocketry::{Action, Query, Record, Result, RunId, RunLog, Timestamp};

use crate::contender::{end, runtime};
use crate::ours::app;
use crate::report::median;
use crate::store::{BATCH, Burst, Recorded, task_name};
#[cfg(feature = "logs")]
use crate::store::{Kind, address_in};

/// The first of the instants, in microseconds.
const FIRST: i64 = 1_767_225_600_000_000;

rocketry::register_log!("none", |_| Ok(Box::new(Nothing)));

/// A log that keeps nothing, and costs nothing.
struct Nothing;

impl RunLog for Nothing {
    fn write(&self, _: &Write<'_>) -> Result<()> {
        Ok(())
    }

    fn query(&self, _: &Query) -> Result<Page> {
        Ok(Page::default())
    }

    fn load(&self) -> Result<Past> {
        Ok(Past::default())
    }

    fn forget(&self, _: &Retention) -> Result<u64> {
        Ok(0)
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

/// Where the log of a burst is. That of PostgreSQL has an empty schema of its own.
fn address(burst: &Burst) -> String {
    #[cfg(feature = "logs")]
    if let Kind::Postgres = burst.kind {
        let mut client = Client::connect(&burst.address(), NoTls).expect("the server answers");
        let fresh = "DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench";
        client.batch_execute(fresh).expect("a schema");
        return address_in("bench");
    }
    burst.address()
}

/// The records of the runs, in writes: first the starts of as many runs, then their ends.
pub(crate) fn writes(burst: &Burst) -> Vec<Vec<Record>> {
    let names: Vec<Arc<str>> = (0..burst.tasks).map(|task| task_name(task).into()).collect();
    let record = |run: usize, action| {
        let number = FIRST + i64::try_from(run).expect("there are fewer runs");
        let at = Timestamp::from_micros(number);
        Record {
            task: names[run % burst.tasks].clone(),
            run_id: RunId::Number(number.unsigned_abs()),
            action,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        }
    };
    let both = |first: usize| {
        let runs = first..burst.runs.min(first + BATCH);
        [Action::Run, Action::Success].map(|action| runs.clone().map(|run| record(run, action)).collect())
    };
    (0..burst.runs).step_by(BATCH).flat_map(both).collect()
}

/// Records the runs of a burst.
pub(crate) fn record(burst: &Burst) -> Recorded {
    let writes = writes(burst);
    let log = rocketry::log::open(&address(burst)).expect("the log can be opened");
    log.load().expect("the log can be read");
    let begun = Instant::now();
    for records in &writes {
        log.write(&Write::records(records))
            .expect("the log can be written");
    }
    let took = begun.elapsed();
    Recorded {
        took,
        runs: burst.runs as u64,
        found: ended_runs(&*log),
    }
}

/// How many runs the log has, each with a start and an end. What it has twice makes them more.
fn ended_runs(log: &dyn RunLog) -> u64 {
    let count = |action| {
        log.count(&Query::new().action(action))
            .expect("the log can be read")
    };
    let tallies = log.load().expect("the log can be read").tasks;
    let open: usize = tallies.values().map(|task| task.open.len()).sum();
    assert_eq!(open, 0, "runs are open that have ended");
    let (starts, ends) = (count(Action::Run), count(Action::Success));
    assert_eq!(starts, ends, "starts and ends differ");
    ends
}

/// An app whose tasks are all due at once, from its start until everything is recorded and it has ended.
pub(crate) fn run_app(burst: &Burst) -> Recorded {
    let address = address(burst);
    let (ran, done) = channel();
    let left = Arc::new(AtomicUsize::new(burst.tasks));
    let tasks = (0..burst.tasks).map(|task| {
        let (left, ran) = (left.clone(), ran.clone());
        let run = move || {
            if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                let _ = ran.send(());
            }
            async {}
        };
        Task::func(task_name(task), run).start("daily")
    });
    let app = tasks.fold(app().log(&*address), Rocketry::task);
    let app = app.build().expect("the app is right");
    let (session, runtime) = (app.session(), runtime());
    let begun = Instant::now();
    let running = runtime.spawn(app.serve());
    done.recv().expect("all tasks run");
    session.shut_down();
    let ended = runtime.block_on(running).expect("the app did not panic");
    ended.expect("the app ended well");
    let took = begun.elapsed();
    drop(session);
    end(runtime);
    let log = rocketry::log::open(&address).expect("the log can be opened");
    Recorded {
        took,
        runs: burst.tasks as u64,
        found: ended_runs(&*log),
    }
}

/// How much later a run begins than with the log in memory: the medians of many runs, one after the other.
pub(crate) fn delay(burst: &Burst) -> Duration {
    let kept = median_wait(&address(burst), burst.runs);
    kept.saturating_sub(median_wait("memory:", burst.runs))
}

/// How long it takes from asking for a run until its function begins.
fn median_wait(log: &str, runs: usize) -> Duration {
    let (teller, told) = channel();
    let task = Task::func("run", move || {
        let _ = teller.send(Instant::now());
        async {}
    });
    let app = app().log(log).task(task).build().expect("the app is right");
    let (session, runtime) = (app.session(), runtime());
    let running = runtime.spawn(app.serve());
    let task = session.task("run").expect("the task is there");
    let mut waits: Vec<f64> = (0..runs)
        .map(|_| {
            let asked = Instant::now();
            let ended = task.run(Params::new());
            let begun = told.recv().expect("the run begins");
            runtime.block_on(ended).expect("the run ends");
            (begun - asked).as_secs_f64()
        })
        .collect();
    session.shut_down();
    let ended = runtime.block_on(running).expect("the app did not panic");
    ended.expect("the app ended well");
    end(runtime);
    Duration::from_secs_f64(median(&mut waits))
}
