//! What a long history costs: how long a start-up and a page of the log take, and how much memory.
//!
//! `cargo bench -p rocketry-sql --features sqlite --bench history -- 10000000 sqlite:app.db`; a log that is empty is filled first.

use std::time::{Duration, Instant};

use rocketry_core::log::{Write, open};
use rocketry_core::{Action, Query, Record, RunId, RunLog, Timestamp};
// Its logs are known by their addresses.
use rocketry_sql as _;

/// Every run of a task that comes once in a while is one of so many.
const RARE: u64 = 1_000_003;
const TASKS: u64 = 200;
const BATCH: u64 = 20_000;
/// A run every ten seconds: 10 million records are a year and seven months.
const STEP: i64 = 10_000_000;
const FIRST: i64 = 1_700_000_000_000_000;

fn main() {
    let words: Vec<String> = std::env::args()
        .filter(|word| !word.starts_with("--"))
        .skip(1)
        .collect();
    let [records, address] = &words[..] else {
        println!("usage: -- RECORDS ADDRESS");
        return;
    };
    let runs: u64 = records
        .replace('_', "")
        .parse::<u64>()
        .expect("a number of records")
        / 2;
    let log = open(address).unwrap();
    if log.query(&Query::new().limit(1)).unwrap().records.is_empty() {
        generate(&*log, runs);
    }
    drop(log);
    println!("{} records", 2 * runs);
    measure(address, runs);
}

fn record(run: u64, action: Action) -> Record {
    let start = FIRST + STEP * run.cast_signed();
    let task = if run % RARE == RARE - 1 {
        TASKS
    } else {
        run % TASKS
    };
    let took = if action == Action::Run { 0 } else { 1_500_000 };
    Record {
        task: format!("reports::number_{task}").into(),
        run_id: RunId::Number(FIRST.unsigned_abs() + run),
        action,
        created: Timestamp::from_micros(start + took),
        due: Timestamp::from_micros(start),
        start: Timestamp::from_micros(start),
        message: (action == Action::Fail).then(|| "connection refused".into()),
        extra: None,
    }
}

fn generate(log: &dyn RunLog, runs: u64) {
    let begun = Instant::now();
    for first in (0..runs).step_by(usize::try_from(BATCH).unwrap()) {
        let records: Vec<Record> = (first..runs.min(first + BATCH))
            .flat_map(|run| {
                let end = if run % 1000 == 7 {
                    Action::Fail
                } else {
                    Action::Success
                };
                [record(run, Action::Run), record(run, end)]
            })
            .collect();
        log.write(&Write::records(&records)).unwrap();
    }
    println!("generated in {:.2} s", begun.elapsed().as_secs_f64());
}

fn measure(address: &str, runs: u64) {
    let begun = Instant::now();
    let log = open(address).unwrap();
    let past = log.load().unwrap();
    let took = begun.elapsed();
    println!(
        "{:>9.1} ms  open and load: {} tasks",
        millis(took),
        past.tasks.len()
    );

    let all = || Query::new().limit(100);
    let middle = FIRST + STEP * (runs / 2).cast_signed();
    let hours = |count: i64| {
        let instant = |micros| Timestamp::from_micros(micros);
        instant(middle)..instant(middle + count * 3_600_000_000)
    };
    let rare = format!("reports::number_{TASKS}");
    let pages = [
        ("the newest", all().newest_first()),
        ("the oldest", all()),
        (
            "the newest of a task",
            all().newest_first().task("reports::number_7"),
        ),
        ("the oldest of a task", all().task("reports::number_42")),
        (
            "of a task, from the middle on",
            all().task("reports::number_42").created(hours(24 * 365)),
        ),
        (
            "the last failures of a task that has some",
            all()
                .task("reports::number_7")
                .action(Action::Fail)
                .newest_first(),
        ),
        (
            "the failures of a task that has none",
            all().task("reports::number_42").action(Action::Fail),
        ),
        ("of a task that hardly runs", all().task(rare)),
        ("of no such task", all().task("reports::number_4711")),
        (
            "the last failures of all",
            all().action(Action::Fail).newest_first(),
        ),
        ("crashes, of which there are none", all().action(Action::Crash)),
        ("from the middle on", all().created(hours(24))),
        ("of runs that were due on a day", all().due(hours(24))),
        (
            "the newest of runs that started on a day",
            all().newest_first().start(hours(24)),
        ),
        (
            "one run",
            all().run_id(RunId::Number(FIRST.unsigned_abs() + runs / 3)),
        ),
    ];
    for (name, query) in pages {
        let (first, again, found) = timed(|| log.query(&query).unwrap().records.len());
        println!(
            "{:>9.1} ms  {:>9.1} ms again: {name} ({found})",
            millis(first),
            millis(again)
        );
    }
    let counts = [
        (
            "runs of a task in a day",
            Query::new()
                .task("reports::number_42")
                .action(Action::Run)
                .created(hours(24)),
        ),
        (
            "runs of a task in 90 days",
            Query::new()
                .task("reports::number_42")
                .action(Action::Run)
                .created(hours(2160)),
        ),
        (
            "failures of a task ever",
            Query::new().task("reports::number_7").action(Action::Fail),
        ),
    ];
    for (name, query) in counts {
        let (first, again, count) = timed(|| log.count(&query).unwrap());
        println!(
            "{:>9.1} ms  {:>9.1} ms again: count {name} ({count})",
            millis(first),
            millis(again)
        );
    }
    println!("{:>9} MiB  at the most in memory", peak_memory());
}

fn timed<T>(act: impl Fn() -> T) -> (Duration, Duration, T) {
    let begun = Instant::now();
    act();
    let first = begun.elapsed();
    let begun = Instant::now();
    let answer = act();
    (first, begun.elapsed(), answer)
}

fn millis(length: Duration) -> f64 {
    length.as_secs_f64() * 1e3
}

/// What the system has counted, in MiB; 0 where it does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() >> 10
}
