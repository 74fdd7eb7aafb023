//! What a cluster promises, proved on nodes that are killed, frozen and stopped.
//!
//! `CHAOS_ROUNDS` sets the number of faults (by default, each kind once), `CHAOS_SEED` when, and the first one.

#![cfg(unix)]

mod checker;
mod database;
mod engine;
mod faults;
#[path = "../../../rocketry-core/tests/support/folder.rs"]
mod folder;
mod node;
mod nodes;
mod proxy;
mod requests;
mod rounds;
#[path = "../../../rocketry-core/tests/support/runner.rs"]
mod runner;
mod streams;
mod suites;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == nodes::AS_NODE => {
            node::be_a_node(rest);
            ExitCode::SUCCESS
        }
        _ => runner::run(&[rounds::CASES, suites::CASES].concat()),
    }
}
