//! E: each task runs after the success of the one before it.

use std::time::Duration;

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;
use crate::report::median;

pub(super) const MEASURE: Measure = Measure {
    letter: 'E',
    title: "a chain, each task after the success of the one before",
    short: "chain of tasks",
    of: "tasks",
    figures: &[Figure {
        name: "",
        unit: "µs",
        better: Better::Less,
        goal: |_| Goal::Ratio(5.0),
        // t(1000) / t(100) ≤ 15.
        growth: Some(|from, to| 1.5 * to / from),
    }],
    floor: "bare tokio",
    sizes,
    possible: |contender| contender.can(When::After(0)),
    take,
    disturbed: never,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick | Extent::Full => &[100, 1_000],
        Extent::Growth => GROWTH,
    }
}

/// How often the chain is run, so that one disturbance does not decide.
fn times(jobs: usize) -> u32 {
    match jobs {
        0..=10_000 => 20,
        _ => 3,
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, _: Extent) -> Sample {
    COUNTS.reset(0);
    for id in ids(jobs) {
        let when = id.checked_sub(1).map_or(When::ByHand, When::After);
        contender.register(Job { id, when });
    }
    contender.start();
    let times = times(jobs);
    let mut micros = Vec::new();
    for _ in 0..times {
        COUNTS.again(jobs);
        contender.run(0);
        let Some(done) = COUNTS.wait(Duration::from_secs(20)) else {
            break;
        };
        micros.push(done.saturating_duration_since(COUNTS.first()).as_secs_f64() * 1e6);
    }
    contender.stop();
    Sample::of(COUNTS.wrong(0..jobs, times), vec![median(&mut micros)])
}
