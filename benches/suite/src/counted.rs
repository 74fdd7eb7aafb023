//! A known number of runs and nothing else, so that the instructions of one can be counted.

use std::time::Duration;

use crate::clock;
use crate::contender::{Contender, ENTRANTS};
use crate::job::{COUNTS, Job, When};
use crate::options::Options;

/// Tools that count make everything slow.
const LIMIT: Duration = Duration::from_mins(10);

/// Makes so many runs of A or B, or registers so many tasks as in D, with each contender that is wanted, and prints how many they were in the end.
pub(crate) fn run(options: &Options, runs: usize) {
    for entrant in ENTRANTS
        .iter()
        .filter(|entrant| options.wants_contender(entrant.name))
    {
        let mut contender = (entrant.make)();
        COUNTS.reset(runs);
        let second = clock::second_ahead(Duration::from_secs(2) + runs_take(runs));
        match options.measures[..] {
            ['B'] => register(&mut *contender, runs, When::Once(second)),
            ['D'] => register(&mut *contender, runs, When::Idle(0)),
            _ => register(&mut *contender, 1, When::Always),
        }
        contender.start();
        if options.measures != ['D'] {
            COUNTS.wait(LIMIT).expect("all runs are made in time");
        }
        contender.stop();
        // A goes on until it is stopped, so that it makes some more.
        println!("{}", COUNTS.total().max(runs as u64));
    }
}

fn register(contender: &mut dyn Contender, jobs: usize, when: When) {
    for id in 0..u32::try_from(jobs).expect("fewer than 2^32 jobs") {
        contender.register(Job { id, when });
    }
}

/// How long a tool that counts may take to register so many.
fn runs_take(runs: usize) -> Duration {
    Duration::from_micros(400) * u32::try_from(runs).unwrap_or(u32::MAX)
}
