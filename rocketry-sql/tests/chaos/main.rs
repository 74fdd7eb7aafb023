//! Tests the guarantees of the logs on an app that is killed, stopped, and deprived of disk space or its server.
//!
//! `CHAOS_ROUNDS` sets how often the app is killed (8 times by default), `CHAOS_SEED` when.

#![cfg(unix)]

mod app;
mod checker;
mod database;
#[path = "../../../rocketry-core/tests/support/folder.rs"]
mod folder;
#[path = "../../../rocketry-core/tests/support/full_disk.rs"]
mod full_disk;
mod kill;
mod life;
mod outage;
#[path = "../../../rocketry-core/tests/support/runner.rs"]
mod runner;
mod second;

use std::process::ExitCode;

fn main() -> ExitCode {
    if full_disk::is_child() {
        full_disk::child();
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == life::AS_APP => {
            app::be_the_app(rest);
            ExitCode::SUCCESS
        }
        _ => runner::run(&[kill::CASES, outage::CASES, second::CASES].concat()),
    }
}
