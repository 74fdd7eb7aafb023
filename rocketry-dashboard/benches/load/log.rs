//! A run log with a year of runs.

use std::path::PathBuf;
use std::sync::Arc;

use rocketry::log::{Write, open};
use rocketry::{Action, Record, RunId, Timestamp};

/// How many tasks have runs.
pub(crate) const TASKS: usize = 200;

const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000_000;

/// How many records are written together.
const BATCH: usize = 20_000;

/// The address of a log with so many records, which is made if there is none. Its runs have ended by now.
pub(crate) fn with(records: usize) -> String {
    let folder = PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "../target".into()))
        .join("bench");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join(format!("load-{records}.db"));
    let address = format!("sqlite:{}", file.display());
    if !file.exists() {
        let unfinished = file.with_extension("new");
        fill(&format!("sqlite:{}", unfinished.display()), records / 2);
        std::fs::rename(unfinished, &file).expect("a file can be renamed");
    }
    address
}

fn fill(address: &str, runs: usize) {
    println!("writes {} records to {address}", runs * 2);
    let log = open(address).expect("a log can be made");
    log.load().expect("a new log can be read");
    let names: Vec<Arc<str>> = (0..TASKS).map(|task| name(task).into()).collect();
    let count = i64::try_from(runs).expect("there are fewer than 2^63 runs");
    let first = rocketry::Clock::system().now().as_micros() - YEAR;
    let mut batch = Vec::with_capacity(BATCH);
    for (number, run) in (0..count).zip(0..) {
        // One task runs rarely.
        let task = if run % 1000 == 7 {
            TASKS - 1
        } else {
            run % (TASKS - 1)
        };
        batch.extend(records_of(&names[task], first + number * (YEAR / count), number));
        if batch.len() >= BATCH {
            log.write(&Write::records(&batch))
                .expect("records can be written");
            batch.clear();
        }
    }
    log.write(&Write::records(&batch))
        .expect("records can be written");
}

/// The start and the end of a run. One of 97 fails.
fn records_of(task: &Arc<str>, at: i64, number: i64) -> [Record; 2] {
    let fails = number % 97 == 0;
    let start = Timestamp::from_micros(at);
    let started = Record {
        task: task.clone(),
        run_id: RunId::Number(at.unsigned_abs()),
        action: Action::Run,
        created: start,
        due: start,
        start,
        message: None,
        extra: None,
    };
    let ended = Record {
        action: if fails { Action::Fail } else { Action::Success },
        created: Timestamp::from_micros(at + 1000 + (number * 7919) % 5_000_000),
        message: fails.then(|| format!("no answer from host {}", number % 13).into()),
        ..started.clone()
    };
    [started, ended]
}

/// The name of a task.
pub(crate) fn name(task: usize) -> String {
    format!("task_{task}")
}
