//! How fast runs are recorded, beside a bare loop that inserts the same records into a table without an index:
//! `cargo bench -p rocketry-sql --features sqlite`.
//!
//! Each run is two records; a write has 1,000 of them, first the starts of 1,000 runs and then their ends, as the scheduler's
//! writer makes them in a burst.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rocketry_core::log::Write;
use rocketry_core::{Action, Query, Record, RunId, RunLog, Timestamp};
use rocketry_sql::{SqliteLog, Synchronous};
use rusqlite::Connection;

const RUNS: u32 = 100_000;
const BATCH: u32 = 1000;
const ROUNDS: usize = 3;

fn main() {
    let folder = std::env::temp_dir().join(format!("rocketry-sql-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("runs recorded a second, median of {ROUNDS} rounds of {RUNS} runs");
    println!(
        "{:>12} {:>8} {:>10} {:>10} {:>6}",
        "synchronous", "tasks", "bare loop", "ours", "ratio"
    );
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        for tasks in [1, 200, 100_000] {
            compare(&folder, synchronous, tasks);
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Both in turns, so that what else the machine does hits both.
fn compare(folder: &Path, synchronous: Synchronous, tasks: usize) {
    let writes = writes(tasks);
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| {
            (
                bare(folder, synchronous, &writes),
                ours(folder, synchronous, &writes),
            )
        })
        .collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (bare, ours) = rounds[ROUNDS / 2];
    println!(
        "{:>12} {tasks:>8} {bare:>10.0} {ours:>10.0} {:>6.2}",
        format!("{synchronous:?}").to_lowercase(),
        ours / bare
    );
}

fn writes(tasks: usize) -> Vec<Vec<Record>> {
    let names: Vec<std::sync::Arc<str>> = (0..tasks)
        .map(|task| format!("reports::number_{task}").into())
        .collect();
    let record = |run: u32, action| {
        let at = Timestamp::from_micros(1_767_225_600_000_000 + i64::from(run));
        Record {
            task: names[run as usize % tasks].clone(),
            run_id: RunId::Number(1_767_225_600_000_000 + u64::from(run)),
            action,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        }
    };
    let both = |first: u32| {
        let all = |action| (first..first + BATCH).map(|run| record(run, action)).collect();
        [all(Action::Run), all(Action::Success)]
    };
    (0..RUNS).step_by(BATCH as usize).flat_map(both).collect()
}

fn ours(folder: &Path, synchronous: Synchronous, writes: &[Vec<Record>]) -> f64 {
    let file = fresh(folder, "ours.db");
    let log = SqliteLog::open(&file).unwrap().synchronous(synchronous);
    log.load().unwrap();
    let begun = Instant::now();
    for records in writes {
        log.write(&Write::records(records)).unwrap();
    }
    let rate = f64::from(RUNS) / begun.elapsed().as_secs_f64();
    assert_eq!(log.count(&Query::new()).unwrap(), 2 * u64::from(RUNS));
    rate
}

fn bare(folder: &Path, synchronous: Synchronous, writes: &[Vec<Record>]) -> f64 {
    const TABLE: &str = "CREATE TABLE log (id INTEGER PRIMARY KEY, task_name TEXT, run_id INTEGER, action TEXT, \
                         created INTEGER, due INTEGER, start INTEGER, message TEXT)";
    const INSERT: &str = "INSERT INTO log (task_name, run_id, action, created, due, start, message) \
                          VALUES (?, ?, ?, ?, ?, ?, ?)";
    let file = fresh(folder, "bare.db");
    let mut connection = Connection::open(file).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    let level = format!("{synchronous:?}");
    connection.pragma_update(None, "synchronous", level).unwrap();
    connection
        .pragma_update(None, "wal_autocheckpoint", 4096)
        .unwrap();
    connection.pragma_update(None, "cache_size", -65_536).unwrap();
    connection.execute_batch(TABLE).unwrap();
    let begun = Instant::now();
    for records in writes {
        let transaction = connection.transaction().unwrap();
        let mut insert = transaction.prepare_cached(INSERT).unwrap();
        for record in records {
            let RunId::Number(run_id) = record.run_id else {
                continue;
            };
            let row = (
                &record.task,
                run_id.cast_signed(),
                record.action.name(),
                record.created.as_micros(),
                record.due.as_micros(),
                record.start.as_micros(),
                record.message.as_deref(),
            );
            insert.execute(row).unwrap();
        }
        drop(insert);
        transaction.commit().unwrap();
    }
    f64::from(RUNS) / begun.elapsed().as_secs_f64()
}

fn fresh(folder: &Path, name: &str) -> PathBuf {
    for suffix in ["", "-wal", "-shm", "-lease"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{suffix}")));
    }
    folder.join(name)
}
