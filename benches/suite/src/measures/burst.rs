//! B: many tasks due at one instant, until all are done.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::clock;
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;

/// The time limit, plus as much for each job, after which the remaining runs count as lost.
const LIMIT: Duration = Duration::from_secs(3);
const LIMIT_EACH: Duration = Duration::from_micros(20);

pub(super) const MEASURE: Measure = Measure {
    letter: 'B',
    title: "all due at one instant, until all are done",
    short: "burst, all done",
    of: "tasks",
    figures: &[Figure {
        name: "",
        unit: "ms",
        better: Better::Less,
        goal: |_| Goal::Ratio(2.0),
        growth: Some(|from, to| 3.0 * to / from),
    }],
    floor: "bare tokio",
    sizes,
    possible: |contender| contender.can(When::Once(0)),
    take,
    disturbed: never,
};

/// The same, where one job runs after the other on the scheduler's own thread, as clokwerk does it.
pub(super) const INLINE: Measure = Measure {
    title: "all due at one instant and run by the scheduler itself, until all are done",
    short: "burst, inline",
    figures: &[Figure {
        name: "inline",
        goal: |_| Goal::Ratio(1.5),
        growth: None,
        ..MEASURE.figures[0]
    }],
    floor: "clokwerk",
    sizes: |extent| match extent {
        Extent::Quick => &[10_000],
        Extent::Full => &[100_000],
        Extent::Growth => &[],
    },
    possible: |contender| contender.can(When::Inline(0)),
    take: |contender, jobs, extent| take_when(contender, jobs, extent, When::Inline),
    ..MEASURE
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick => &[10_000],
        Extent::Full => &[1_000, 100_000],
        Extent::Growth => GROWTH,
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, extent: Extent) -> Sample {
    take_when(contender, jobs, extent, When::Once)
}

fn take_when(contender: &mut dyn Contender, jobs: usize, _: Extent, when: fn(u32) -> When) -> Sample {
    COUNTS.reset(jobs);
    let count = u32::try_from(jobs).expect("there are fewer than 2^32 jobs");
    let room = Duration::from_millis(300) + contender.slow_to_register() * count;
    let second = clock::second_ahead(room);
    let due = clock::instant_of(second);
    for id in ids(jobs) {
        contender.register(Job {
            id,
            when: when(second),
        });
    }
    contender.start();
    let ready = Instant::now();
    let done = COUNTS.wait(due.saturating_duration_since(ready) + LIMIT + LIMIT_EACH * count);
    // Leaves time for duplicate runs to occur.
    sleep(Duration::from_millis(50));
    contender.stop();
    // Who was not ready in time is measured from when it was.
    let took = done.map(|done| done.saturating_duration_since(due.max(ready)));
    Sample::of(
        COUNTS.wrong(0..jobs, 1),
        vec![took.map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)],
    )
}
