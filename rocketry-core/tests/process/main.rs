//! Runs in processes of their own: what arrives, what comes back, and that nothing and nobody is left behind.

#![cfg(target_os = "linux")]

mod app;
#[cfg(feature = "script")]
mod code;
mod crossing;
mod ends;
#[path = "../support/folder.rs"]
mod folder;
mod limit;
mod matrix;
#[path = "../support/matrix.rs"]
mod matrix_table;
#[path = "../support/pipe.rs"]
mod pipe;
mod post;
#[path = "../support/runner.rs"]
mod runner;
#[path = "../support/serving.rs"]
mod serving;
mod warm;

use std::process::ExitCode;

use rocketry_core::{Config, is_child};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (word, rest) = words
        .split_first()
        .map_or(("", &[][..]), |(word, rest)| (word, rest));
    if is_child() {
        be_a_run(word, rest);
    }
    match word {
        ends::AS_APP => ends::be_the_app(rest),
        ends::AS_APP_OF_COMMAND => ends::be_the_app_of_a_command(rest),
        ends::READS_FIRST => ends::tell_how_it_went(),
        matrix::AS_CELL => matrix::tell(rest),
        warm::AS_APP => warm::be_the_app(),
        _ => {
            let ended = [
                runner::run(&cases()),
                // What a run can see is the same if its process has waited for it.
                warm::make_with(|| runner::run(&[crossing::CASES, ends::CASES].concat())),
            ];
            return ExitCode::from(u8::from(ended.iter().any(|ended| *ended != ExitCode::SUCCESS)));
        }
    }
    ExitCode::SUCCESS
}

/// What a process of its own does, which has the words of its app.
fn be_a_run(word: &str, rest: &[String]) -> ! {
    let app = match word {
        ends::READS_FIRST => {
            std::io::read_to_string(std::io::stdin()).expect("there is nothing to read");
            app::app(Config::default())
        }
        matrix::AS_CELL => matrix::app(rest),
        _ => app::app(Config::default()),
    };
    let ended = app.run();
    unreachable!("a process of its own ends with its run: {ended:?}");
}

fn cases() -> Vec<runner::Case> {
    let all = [
        crossing::CASES,
        ends::CASES,
        limit::CASES,
        matrix::CASES,
        warm::CASES,
    ];
    #[cfg(feature = "script")]
    let all = [&all[..], &[code::CASES]].concat();
    all.concat()
}
