//! A known number of runs and nothing else, so that the instructions of one can be counted.

use std::time::Duration;

use crate::clock;
use crate::contender::{Contender, ENTRANTS};
use crate::job::{COUNTS, Job, When};
use crate::options::Options;

/// Tools that count instructions slow everything down.
const LIMIT: Duration = Duration::from_mins(10);

/// How many tasks the chain of E has.
const CHAIN: usize = 100;

/// Makes so many runs of A, B or E, or registers so many tasks as in D, with each contender that is wanted, and prints how many
/// they were in the end.
pub(crate) fn run(options: &Options, runs: usize) {
    for entrant in ENTRANTS
        .iter()
        .filter(|entrant| options.wants_contender(entrant.name))
    {
        let mut contender = (entrant.make)();
        let contender = &mut *contender;
        COUNTS.reset(runs);
        match options.measures[..] {
            ['B'] => {
                let second = clock::second_ahead(Duration::from_secs(2) + runs_take(runs));
                register(contender, runs, |_| When::Once(second));
                contender.start();
                await_runs();
            }
            ['D'] => {
                register(contender, runs, |_| When::Idle(0));
                contender.start();
            }
            ['E'] => {
                register(contender, CHAIN, |id| {
                    id.checked_sub(1).map_or(When::ByHand, When::After)
                });
                contender.start();
                for _ in 0..runs / CHAIN {
                    COUNTS.again(CHAIN);
                    contender.run(0);
                    await_runs();
                }
            }
            _ => {
                register(contender, 1, |_| When::Always);
                contender.start();
                await_runs();
            }
        }
        contender.stop();
        // A goes on until it is stopped, so that it makes some more.
        println!("{}", COUNTS.total().max(runs as u64));
    }
}

fn await_runs() {
    COUNTS.wait(LIMIT).expect("all runs are made in time");
}

fn register(contender: &mut dyn Contender, jobs: usize, when: impl Fn(u32) -> When) {
    for id in 0..u32::try_from(jobs).expect("fewer than 2^32 jobs") {
        contender.register(Job { id, when: when(id) });
    }
}

/// The time limit for registering the tasks under a counting tool.
fn runs_take(runs: usize) -> Duration {
    Duration::from_micros(400) * u32::try_from(runs).unwrap_or(u32::MAX)
}
