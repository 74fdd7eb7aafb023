//! What the dashboard costs with a long log and with many tasks, and what many readers of its events cost the app:
//! `cargo bench --workspace --all-features --bench load -- --help`.

mod log;
mod many;
mod pages;
mod streams;

use std::process::ExitCode;

use streams::Server;

const USAGE: &str = "Usage: cargo bench --workspace --all-features --bench load -- COMMAND

  pages RECORDS [TIMES]     asks for each page and each address of the API with a log of so many records, 200 times by default.
                            Fails if the 99th percentile of a page is over 50 ms. The log stays in target/bench for the next time.
  streams ROUNDS SECONDS [embedded]
                            how late 100 tasks start, in turns without readers and with 1,000 readers of events, half of which
                            do not read. Fails if the median of the ratios is over 1.3. The dashboard has a thread of its own;
                            with `embedded`, its router is served by the threads of the app.
  tasks TASKS               how long each page and each address of the API takes in an app with so many tasks, how long another request
                            waits meanwhile, and how late tasks start.";

fn main() -> ExitCode {
    // `cargo test --all-targets` runs this program, too, without the flag.
    let (flags, words): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word == "--bench");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |text: &str| text.replace('_', "").parse::<usize>().ok();
    let done = match words[..] {
        ["read-events", port] => return streams::read_events(port),
        _ if flags.is_empty() => return ExitCode::SUCCESS,
        ["pages", records] => number(records).map(|records| pages::measure(records, 200)),
        ["pages", records, times] => number(records)
            .zip(number(times))
            .map(|(records, times)| pages::measure(records, times)),
        ["streams", rounds, seconds] => number(rounds)
            .zip(number(seconds))
            .map(|(rounds, seconds)| streams::measure(rounds, seconds, Server::Own)),
        ["streams", rounds, seconds, "embedded"] => number(rounds)
            .zip(number(seconds))
            .map(|(rounds, seconds)| streams::measure(rounds, seconds, Server::Embedded)),
        ["tasks", tasks] => number(tasks).map(many::measure),
        _ => None,
    };
    match done {
        Some(true) => ExitCode::SUCCESS,
        Some(false) => ExitCode::FAILURE,
        None => {
            println!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The median and the 99th percentile.
fn spread<T: Ord + Copy>(values: &mut [T]) -> (T, T) {
    values.sort_unstable();
    let last = values.len() - 1;
    (
        values[values.len() / 2],
        values[(values.len() * 99 / 100).min(last)],
    )
}
