//! How fast a cluster is on PostgreSQL and on NATS, beside a bare client that does the work on the same server that such a run needs at
//! least.
//!
//! Both take turns. `POSTGRES_FOR_BENCHES` and `NATS_FOR_BENCHES` name servers; without them, some are started. See `benches/README.md`.

mod bare_nats;
mod bare_postgres;
mod ours;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use ours::Others;
use server::{Engine, Server};

const USAGE: &str =
    "cargo bench … --bench cluster -- [postgres] [nats] [--quick] [--rounds N] [--tasks N] [--idle SECONDS]";

/// The number of nodes.
pub(crate) const NODES: usize = 3;

/// What a run is described with to another node: about as much as ours.
pub(crate) const JOB: &str = "{\"request\":{\"task\":\"reports::number_12345\",\"run_id\":{\"number\":1796062085499173},\"due\":1796062085499173,\
    \"batch\":{},\"own\":{},\"session\":{},\"results\":{}},\"number\":12345,\"start\":1796062085499173,\"cause\":\"statement\",\"upstream\":[]}";

/// The report of the other node at the end.
pub(crate) const END: &str = "{\"response\":{\"success\":null},\"at\":1796062085499173,\"process\":null}";

/// The extent of the measurement.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    rounds: usize,
    /// How many tasks are due at once.
    burst: usize,
    /// How many runs are requested, one after the other.
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

/// The results of one round.
pub(crate) struct Figures {
    /// Runs per second.
    pub(crate) rate: f64,
    /// The median time from the request of a run until it begins.
    pub(crate) dispatch: Duration,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let Some((extent, engines)) = read(&words) else {
        eprintln!("usage: {USAGE}");
        return ExitCode::FAILURE;
    };
    for engine in engines {
        match Server::find(engine) {
            Some(server) => measure(engine, &server, extent),
            None => println!(
                "{} is not installed, and {} names no server",
                engine.name(),
                engine.variable()
            ),
        }
    }
    ExitCode::SUCCESS
}

fn read(words: &[String]) -> Option<(Extent, Vec<Engine>)> {
    let is_quick = words.iter().any(|word| word == "--quick");
    let mut extent = if is_quick { QUICK } else { FULL };
    let mut engines = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match &**word {
            "--quick" => {}
            "--rounds" => extent.rounds = words.next()?.parse().ok().filter(|rounds| *rounds > 0)?,
            "--tasks" => extent.burst = words.next()?.parse().ok()?,
            "--idle" => extent.idle = Duration::from_secs(words.next()?.parse().ok()?),
            word => engines.push(Engine::ALL.into_iter().find(|engine| engine.word() == word)?),
        }
    }
    if engines.is_empty() {
        engines.extend(Engine::ALL);
    }
    Some((extent, engines))
}

fn measure(engine: Engine, server: &Server, extent: Extent) {
    let (mut bare, mut ours, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let measure_bare = |round| {
        let address = server.fresh("bare", round);
        match engine {
            Engine::Postgres => bare_postgres::measure(&address, extent.burst, extent.single),
            Engine::Nats => bare_nats::measure(&address, extent.burst, extent.single),
        }
    };
    for round in 0..extent.rounds {
        // There and back, so that whatever changes on the machine meanwhile meets both.
        if round % 2 == 0 {
            bare.push(measure_bare(round));
        }
        let (figures, other) = ours::measure(&server.fresh("ours", round), extent);
        ours.push(figures);
        others.push(other);
        if round % 2 == 1 {
            bare.push(measure_bare(round));
        }
    }
    print(engine, extent, &ours, &bare);
    print_others(extent, &others);
}

fn print(engine: Engine, extent: Extent, ours: &[Figures], bare: &[Figures]) {
    let of = |all: &[Figures], number: fn(&Figures) -> f64| -> Vec<f64> { all.iter().map(number).collect() };
    let rate = |figures: &Figures| figures.rate;
    let dispatch = |figures: &Figures| figures.dispatch.as_secs_f64() * 1e3;
    println!(
        "\n| {NODES} nodes on {} | n | unit | ratio | of each round | goal | rocketry | bare client |",
        engine.name()
    );
    println!("|:--|--:|--:|--:|--:|--:|--:|--:|");
    let row = |name: &str, n: usize, unit: &str, goal: &str, ours: Vec<f64>, bare: Vec<f64>| {
        let mut ratios: Vec<f64> = ours.iter().zip(&bare).map(|(ours, bare)| ours / bare).collect();
        let each: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        let (mut ours, mut bare) = (ours, bare);
        let (ratio, ours, bare) = (median(&mut ratios), median(&mut ours), median(&mut bare));
        let each = each.join(", ");
        println!("| {name} | {n} | {unit} | {ratio:.2} | {each} | {goal} | {ours:.3} | {bare:.3} |");
    };
    let (burst, single) = (extent.burst, extent.single);
    row(
        "all due at once",
        burst,
        "runs/s",
        "≥ 0.8",
        of(ours, rate),
        of(bare, rate),
    );
    row(
        "dispatch, p50",
        single,
        "ms",
        "≤ 1.5",
        of(ours, dispatch),
        of(bare, dispatch),
    );
}

fn print_others(extent: Extent, others: &[Others]) {
    let row = |name: &str, goal: &str, number: fn(&Others) -> Duration| {
        let mut all: Vec<f64> = others
            .iter()
            .map(|others| number(others).as_secs_f64() * 1e3)
            .collect();
        println!(
            "| {name} | {} | ms | | | {goal} | {:.1} | |",
            extent.burst,
            median(&mut all)
        );
    };
    row("idle, CPU of a node in 10 s", "≤ 100", |others| others.idle);
    row("start, until the first node decides", "", |others| others.start);
    row("the leader ends, until another node decides", "", |others| {
        others.failover
    });
    println!(
        "| most memory of this process | {} | MB | | | | {} | |",
        extent.burst,
        most_memory()
    );
}

/// Returns the peak memory of this process, in megabytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

/// Returns the median.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Runs per second.
#[allow(clippy::cast_precision_loss, reason = "runs are few enough")]
pub(crate) fn rate(runs: usize, took: Duration) -> f64 {
    runs as f64 / took.as_secs_f64()
}
