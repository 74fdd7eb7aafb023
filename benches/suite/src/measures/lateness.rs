//! C: how late tasks are that are due on every full second.

use std::thread::sleep;
use std::time::Duration;

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids};
use crate::clock;
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::lateness::LATENESS;
use crate::options::Extent;

/// Beyond this the machine did something else.
const DISTURBED: f64 = 5.0;

pub(super) const MEASURE: Measure = Measure {
    letter: 'C',
    title: "lateness of tasks on every full second",
    short: "lateness",
    of: "tasks",
    figures: &[
        Figure {
            name: "lateness, p50",
            unit: "ms",
            better: Better::Less,
            goal: |_| Goal::None,
            growth: None,
        },
        Figure {
            name: "lateness, p99",
            unit: "ms",
            better: Better::Less,
            goal: |n| match n {
                100 => Goal::Ratio(1.3),
                10_000 => Goal::AtMost(2.0),
                _ => Goal::None,
            },
            growth: None,
        },
    ],
    floor: "timer thread",
    sizes,
    possible: |contender| contender.can(When::EverySecond),
    take,
    // With 10,000 tasks and more it is the work itself that takes so long.
    disturbed: |floor| floor[0] > DISTURBED,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick => &[100],
        Extent::Full => &[100, 10_000],
        Extent::Growth => &GROWTH[..4],
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, extent: Extent) -> Sample {
    let seconds = match extent {
        Extent::Quick => 1,
        Extent::Full | Extent::Growth => 4,
    };
    LATENESS.watch(u64::MAX - seconds, seconds);
    COUNTS.reset(0);
    for id in ids(jobs) {
        let when = When::EverySecond;
        contender.register(Job { id, when });
    }
    contender.start();
    // The first second is for the start.
    let from = (clock::since_epoch() + Duration::from_millis(1_200)).as_secs() + 1;
    LATENESS.watch(from, seconds);
    let until = Duration::from_millis(1_000 * (from + seconds) - 50);
    sleep(until.saturating_sub(clock::since_epoch()));
    let (p50, p99) = (LATENESS.percentile(50), LATENESS.percentile(99));
    let times = u32::try_from(seconds).expect("it is short");
    let wrong = COUNTS.wrong(0..jobs, times);
    contender.stop();
    Sample::of(wrong, vec![p50, p99])
}
