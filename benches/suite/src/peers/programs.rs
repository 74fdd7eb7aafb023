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
        run(&mut Command::new(apalis()), burst.runs.min(5_000), burst)
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
        command.args([&format!("{BENCHES}/peers/python/log.py"), kind]);
        run(&mut command, burst.runs.min(most), burst)
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

/// Runs a program. One that fails has lost all runs.
fn run(command: &mut Command, runs: usize, burst: &Burst) -> Recorded {
    command.arg(runs.to_string()).arg(burst.folder());
    let output = command.output().expect("the program can be started");
    let printed = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = printed.split_whitespace().flat_map(str::parse).collect();
    let [seconds, runs, found] = numbers[..] else {
        eprintln!(
            "\n{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        return Recorded {
            took: Duration::ZERO,
            runs: runs as u64,
            found: 0,
        };
    };
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
