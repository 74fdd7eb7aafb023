//! How fast Rocketry is, beside the floor and its peers. See `benches/README.md`.

mod clock;
mod contender;
mod counted;
mod cpu;
mod floors;
mod job;
mod lateness;
mod logs;
mod measures;
mod memory;
mod options;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod report;
mod rounds;
mod store;
mod wake_up;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use options::{Extent, Options};

fn main() -> ExitCode {
    if rocketry::is_child() {
        ours::serve_as_child().expect("the run is served");
    }
    if env::args().nth(1).is_some_and(|word| word == floors::NOTHING) {
        return ExitCode::SUCCESS;
    }
    let options = Options::read();
    if let Some(runs) = options.count {
        counted::run(&options, runs);
        return ExitCode::SUCCESS;
    }
    let _server = store::StopPostgres;
    let rows = rounds::take(&options);
    report::print_table(&rows);
    println!("\nA thread wakes another in {:.0} µs.", wake_up::micros());
    if options.wants_measure('K') && options.extent != Extent::Growth {
        #[cfg(feature = "peers")]
        for missing in peers::missing() {
            println!("\nK without {missing}, which benches/peers/get would get");
        }
        if store::postgres().is_none() {
            println!("\nK without PostgreSQL, which is not installed");
        }
    }
    // Before the figures are written: it may be the same file.
    if let Some(file) = &options.against {
        print_worse(file, &rows);
    }
    match write(&rows, options.extent) {
        Ok(folder) => println!("\nwritten to {}", folder.display()),
        Err(cause) => {
            eprintln!("the figures can't be written: {cause}");
            return ExitCode::FAILURE;
        }
    }
    let failures = report::failures(&rows);
    for failure in &failures {
        eprintln!("FAILED: {failure}");
    }
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints what got worse since figures were written to a file.
fn print_worse(file: &Path, rows: &[rounds::Row]) {
    match report::worse_than(file, rows) {
        Ok(worse) if worse.is_empty() => println!("\nnothing got worse"),
        Ok(worse) => println!("\n{}", worse.join("\n")),
        Err(cause) => eprintln!("{} can't be compared with: {cause}", file.display()),
    }
}

/// Writes the figures, and the chart of a growth run; returns their location.
fn write(rows: &[rounds::Row], extent: Extent) -> io::Result<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;
    match extent {
        Extent::Growth => {
            report::write_json(rows, &folder.join("growth.json"))?;
            report::write_chart(rows, &folder.join("growth.svg"))?;
        }
        Extent::Quick | Extent::Full => report::write_json(rows, &folder.join("scheduler.json"))?,
    }
    Ok(folder)
}
