//! Peers that are programs of their own, which `benches/peers/get` makes ready: each is told how many runs to record and in which
//! folder, and prints how long that took.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::contender::Contender;
use crate::store::{Burst, Kind, Recorded};

const BENCHES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// apalis with its storage in SQLite: what it keeps of a run is its job, which is stored, taken and marked as done.
pub(crate) struct ApalisSqlite;

/// The repositories of Python's Rocketry, which add one record at a time.
pub(crate) struct PythonRocketry;

impl Contender for ApalisSqlite {
    fn most(&self) -> usize {
        200
    }

    fn can_record(&self, kind: Kind) -> bool {
        kind == Kind::SqliteNormal && apalis().exists()
    }

    fn record(&self, burst: &Burst) -> Recorded {
        let runs = burst.runs.min(5_000).to_string();
        read(Command::new(apalis()).arg(runs).arg(burst.folder()))
    }
}

impl Contender for PythonRocketry {
    fn most(&self) -> usize {
        200
    }

    fn can_record(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Csv | Kind::SqliteFull) && python().exists()
    }

    fn record(&self, burst: &Burst) -> Recorded {
        // It commits each record by itself.
        let (kind, most) = match burst.kind {
            Kind::Csv => ("csv", 5_000),
            _ => ("sqlite", 100),
        };
        let mut command = Command::new(python());
        command.arg(format!("{BENCHES}/peers/python/log.py"));
        command.args([kind, &burst.runs.min(most).to_string()]);
        read(command.arg(burst.folder()))
    }
}

/// Those that are not ready.
pub(crate) fn missing() -> impl Iterator<Item = &'static str> {
    let all = [("apalis-sqlite", apalis()), ("Python Rocketry", python())];
    let missing = all.into_iter().filter(|(_, program)| !program.exists());
    missing.map(|(name, _)| name)
}

fn apalis() -> PathBuf {
    ready().join("apalis-sqlite")
}

fn python() -> PathBuf {
    ready().join("python/bin/python")
}

fn ready() -> PathBuf {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| format!("{BENCHES}/../target").into(), PathBuf::from);
    target.join("bench/peers")
}

fn read(command: &mut Command) -> Recorded {
    let output = command.output().expect("the program can be started");
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut numbers = printed.split_whitespace().map(|word| word.parse().unwrap_or(0.0));
    let mut number = || numbers.next().unwrap_or(0.0);
    let (seconds, runs, found): (f64, f64, f64) = (number(), number(), number());
    assert!(
        runs > 0.0,
        "{command:?} printed {printed:?} and {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Recorded {
        took: Duration::from_secs_f64(seconds),
        runs: whole(runs),
        found: whole(found),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of runs"
)]
fn whole(count: f64) -> u64 {
    count as u64
}
