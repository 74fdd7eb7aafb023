//! How fast Rocketry is, beside the floor and its peers. See `benches/README.md`.

mod clock;
mod contender;
mod floors;
mod job;
mod measures;
mod options;
mod ours;
mod report;
mod rounds;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

use options::Options;

fn main() -> ExitCode {
    let options = Options::read();
    let rows = rounds::take(&options);
    report::print_table(&rows);
    match write(&rows) {
        Ok(path) => println!("\nwritten to {}", path.display()),
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

fn write(rows: &[rounds::Row]) -> io::Result<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join("scheduler.json");
    report::write_json(rows, &path)?;
    Ok(path)
}
