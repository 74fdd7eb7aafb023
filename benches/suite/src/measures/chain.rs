//! E: each task runs after the success of the one before it.

use std::time::Duration;

use super::{Better, Figure, Goal, Measure, Sample, ids};
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;
use crate::report::median;

pub(super) const MEASURE: Measure = Measure {
    letter: 'E',
    title: "a chain of tasks, each after the success of the one before",
    floor: "bare tokio",
    figures: &[Figure {
        name: "",
        unit: "µs",
        better: Better::Less,
        goal: Goal::Ratio(5.0),
    }],
    sizes,
    possible: |contender| contender.can(When::After(0)),
    take,
    // t(1000) / t(100) ≤ 15.
    #[allow(clippy::cast_precision_loss, reason = "sizes are small")]
    growth: Some(|from, to| 1.5 * (to as f64 / from as f64)),
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick | Extent::Full => &[100, 1_000],
        Extent::Growth => &[100, 1_000, 10_000, 100_000, 1_000_000],
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
        micros.push(done.duration_since(COUNTS.first()).as_secs_f64() * 1e6);
    }
    contender.stop();

    let wrong = COUNTS.wrong(0..jobs, times);
    if !wrong.is_none() {
        return Sample::Wrong(wrong);
    }
    Sample::Figures(vec![median(&mut micros)])
}
