//! How fast a cluster on PostgreSQL is, beside a bare client that inserts the same records, claims and work on the same server.
//!
//! Both take turns. `POSTGRES_FOR_BENCHES` names a server; without it, one is started that waits for its disk. See `benches/README.md`.

mod bare;
mod ours;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use server::Server;

/// How many nodes there are.
pub(crate) const NODES: usize = 3;

/// How much is measured.
#[derive(Clone, Copy)]
struct Extent {
    rounds: usize,
    /// How many tasks are due at once.
    burst: usize,
    /// How many runs are asked for, one after the other.
    single: usize,
    /// How long idle nodes are watched.
    idle: Duration,
}

const FULL: Extent = Extent {
    rounds: 3,
    burst: 100_000,
    single: 500,
    idle: Duration::from_secs(10),
};

const QUICK: Extent = Extent {
    rounds: 1,
    burst: 2_000,
    single: 50,
    idle: Duration::from_secs(2),
};

/// What one round has given.
struct Figures {
    /// Runs a second.
    rate: f64,
    /// The median time from asking for a run until it begins.
    dispatch: Duration,
}

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|word| word == "--quick");
    let extent = if is_quick { QUICK } else { FULL };
    let Some(server) = Server::find() else {
        println!("PostgreSQL is not installed, and POSTGRES_FOR_BENCHES names no server");
        return ExitCode::SUCCESS;
    };
    let (mut bare, mut ours, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..extent.rounds {
        // There and back, so that whatever changes on the machine meanwhile meets both.
        if round % 2 == 0 {
            bare.push(bare::measure(&server, extent.burst, extent.single));
        }
        let (figures, used) = ours::measure(&server, extent.burst, extent.single, extent.idle);
        ours.push(figures);
        idle.push(used.as_secs_f64() * 1e3);
        if round % 2 == 1 {
            bare.push(bare::measure(&server, extent.burst, extent.single));
        }
    }
    print(extent, &ours, &bare, &mut idle);
    ExitCode::SUCCESS
}

fn print(extent: Extent, ours: &[Figures], bare: &[Figures], idle: &mut [f64]) {
    let of = |all: &[Figures], number: fn(&Figures) -> f64| -> Vec<f64> { all.iter().map(number).collect() };
    let rate = |figures: &Figures| figures.rate;
    let dispatch = |figures: &Figures| figures.dispatch.as_secs_f64() * 1e3;
    println!("| cluster of {NODES} nodes on PostgreSQL | n | unit | ratio | goal | rocketry | bare client |");
    println!("|:--|--:|--:|--:|--:|--:|--:|");
    let row = |name: &str, n: usize, unit: &str, goal: &str, ours: Vec<f64>, bare: Vec<f64>| {
        let mut ratios: Vec<f64> = ours.iter().zip(&bare).map(|(ours, bare)| ours / bare).collect();
        let (mut ours, mut bare) = (ours, bare);
        let (ratio, ours, bare) = (median(&mut ratios), median(&mut ours), median(&mut bare));
        println!("| {name} | {n} | {unit} | {ratio:.2} | {goal} | {ours:.3} | {bare:.3} |");
    };
    row(
        "all due at once",
        extent.burst,
        "runs/s",
        "≥ 0.8",
        of(ours, rate),
        of(bare, rate),
    );
    row(
        "dispatch, p50",
        extent.single,
        "ms",
        "≤ 1.5",
        of(ours, dispatch),
        of(bare, dispatch),
    );
    println!(
        "| idle, CPU of a node in 10 s | {} | ms | | ≤ 100 | {:.1} | |",
        extent.burst,
        median(idle)
    );
}

/// The middle of some numbers.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Runs a second.
#[allow(clippy::cast_precision_loss, reason = "runs are few enough")]
pub(crate) fn rate(runs: usize, took: Duration) -> f64 {
    runs as f64 / took.as_secs_f64()
}
