//! B: many tasks due at one instant, all done.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, Goal, Measure, Sample, ids};
use crate::clock;
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;

/// Who has not finished then has lost the rest.
const LIMIT: Duration = Duration::from_secs(20);

pub(super) const MEASURE: Measure = Measure {
    letter: 'B',
    title: "all due at one instant, until all are done",
    floor: "bare tokio",
    figures: &[Figure {
        name: "",
        unit: "ms",
        better: Better::Less,
        goal: Goal::Ratio(2.0),
    }],
    sizes,
    possible: |contender| contender.can(When::Once(0)),
    take,
    growth: None,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick => &[1_000, 10_000],
        Extent::Full => &[1_000, 100_000],
        Extent::Growth => &[100, 1_000, 10_000, 100_000, 1_000_000],
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, _: Extent) -> Sample {
    COUNTS.reset(jobs);
    let room =
        Duration::from_millis(300) + Duration::from_micros(5) * u32::try_from(jobs).unwrap_or(u32::MAX);
    let second = clock::second_ahead(room);
    let due = clock::instant_of(second);
    for id in ids(jobs) {
        let when = When::Once(second);
        contender.register(Job { id, when });
    }
    contender.start();
    let ready = Instant::now();
    let done = COUNTS.wait(due.saturating_duration_since(ready) + LIMIT);
    // Time for what comes twice to come twice.
    sleep(Duration::from_millis(50));
    contender.stop();
    let wrong = COUNTS.wrong(0..jobs, 1);
    match done {
        // Who was not ready in time is measured from when it was.
        Some(done) if wrong.is_none() => {
            Sample::Figures(vec![done.duration_since(due.max(ready)).as_secs_f64() * 1e3])
        }
        _ => Sample::Wrong(wrong),
    }
}
