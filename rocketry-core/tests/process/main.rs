//! Runs in processes of their own: what arrives, what comes back, and that nothing and nobody is left behind.

#![cfg(target_os = "linux")]

mod app;
#[cfg(feature = "script")]
mod code;
mod crossing;
mod ends;
mod limit;
mod post;
mod runner;

use std::process::ExitCode;

use rocketry_core::{Config, is_child};

fn main() -> ExitCode {
    let reads = std::env::args().any(|word| word == ends::READS_FIRST);
    if is_child() {
        if reads {
            std::io::read_to_string(std::io::stdin()).expect("there is nothing to read");
        }
        let ended = app::app(Config::default()).run();
        unreachable!("a process of its own ends with its run: {ended:?}");
    }
    if reads {
        ends::tell_how_it_went();
        return ExitCode::SUCCESS;
    }
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(ends::AS_APP) {
        ends::be_the_app(&words.collect::<Vec<_>>());
    }
    #[cfg_attr(not(feature = "script"), expect(unused_mut, reason = "there is more with it"))]
    let mut cases = [crossing::CASES, ends::CASES, limit::CASES].concat();
    #[cfg(feature = "script")]
    cases.extend(code::CASES);
    runner::run(&cases)
}
