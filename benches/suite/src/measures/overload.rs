//! J: how soon the app can be steered while more is due than it can run.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, Goal, Measure, Sample, ids, never};
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When, Wrong};
use crate::options::Extent;

const CALLS: usize = 200;

pub(super) const MEASURE: Measure = Measure {
    letter: 'J',
    title: "control calls while more is due than can run",
    short: "control calls",
    of: "tasks always due",
    figures: &[
        Figure {
            name: "control call, p99",
            unit: "ms",
            better: Better::Less,
            goal: |_| Goal::AtMost(10.0),
            growth: None,
        },
        Figure {
            name: "most runs beside fewest",
            unit: "times",
            better: Better::Less,
            goal: |_| Goal::None,
            growth: None,
        },
    ],
    floor: "",
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[1_000],
    },
    possible: |contender| contender.can(When::Busy),
    take,
    disturbed: never,
};

fn take(contender: &mut dyn Contender, jobs: usize, _: Extent) -> Sample {
    COUNTS.reset(0);
    for id in ids(jobs) {
        let when = When::Busy;
        contender.register(Job { id, when });
    }
    contender.start();
    sleep(Duration::from_millis(300));
    let mut millis: Vec<f64> = (0..CALLS).map(|_| call(contender)).collect();
    millis.sort_by(f64::total_cmp);
    contender.stop();

    let runs: Vec<u32> = ids(jobs).skip(1).map(|id| COUNTS.of(id)).collect();
    let (most, fewest) = (runs.iter().max(), runs.iter().min());
    let starved = runs.iter().filter(|runs| **runs == 0).count() as u64;
    let wrong = Wrong {
        lost: starved,
        doubled: 0,
    };
    let spread = f64::from(*most.unwrap_or(&0)) / f64::from(*fewest.unwrap_or(&0));
    Sample::of(wrong, vec![millis[CALLS * 99 / 100], spread])
}

/// How long a call takes, in milliseconds.
fn call(contender: &dyn Contender) -> f64 {
    let from = Instant::now();
    contender.steer(0);
    let took = from.elapsed();
    sleep(Duration::from_millis(2));
    took.as_secs_f64() * 1e3
}
