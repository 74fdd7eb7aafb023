//! C: how late tasks are that are due on every full second.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::clock;
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::lateness::LATENESS;
use crate::options::Extent;

/// Beyond this the machine did something else.
const DISTURBED: f64 = 5.0;

/// How many of the tasks are due every second, while the others lie idle.
const DUE: usize = 100;

const P50: Figure = Figure {
    name: "lateness, p50",
    unit: "ms",
    better: Better::Less,
    goal: |_| Goal::None,
    growth: None,
};

pub(super) const MEASURE: Measure = Measure {
    letter: 'C',
    title: "lateness of 100 tasks on every full second, among others that lie idle",
    short: "lateness",
    of: "tasks, 100 due",
    figures: &[
        P50,
        Figure {
            name: "lateness, p99",
            goal: |n| {
                if n == DUE {
                    Goal::Ratio(1.3)
                } else {
                    Goal::AtMost(2.0)
                }
            },
            ..P50
        },
    ],
    floor: "timer thread",
    sizes: |extent| match extent {
        Extent::Quick => &[DUE],
        Extent::Full => &[DUE, 10_000],
        Extent::Growth => GROWTH,
    },
    possible: |contender| contender.can(When::EverySecond),
    take: |contender, jobs, extent| take(contender, jobs, DUE, extent),
    disturbed: |floor| floor[1] > DISTURBED,
};

pub(super) const CROWD: Measure = Measure {
    title: "lateness of 10,000 tasks on every full second",
    short: "lateness of all",
    of: "tasks, all of them due",
    figures: &[
        Figure {
            name: "all due, p50",
            ..P50
        },
        Figure {
            name: "all due, p99",
            goal: |_| Goal::AtMost(2.0),
            ..P50
        },
    ],
    sizes: |extent| match extent {
        Extent::Full => &[10_000],
        Extent::Quick | Extent::Growth => &[],
    },
    take: |contender, jobs, extent| take(contender, jobs, jobs, extent),
    // The work itself takes longer than a disturbance.
    disturbed: never,
    ..MEASURE
};

fn take(contender: &mut dyn Contender, jobs: usize, due: usize, extent: Extent) -> Sample {
    let seconds = match extent {
        Extent::Quick => 1,
        Extent::Full => 3,
        Extent::Growth => 2,
    };
    LATENESS.watch(u64::MAX - seconds, seconds);
    COUNTS.reset(0);
    let began = Instant::now();
    for id in ids(jobs) {
        let when = if (id as usize) < due {
            When::EverySecond
        } else {
            When::Idle(id)
        };
        contender.register(Job { id, when });
    }
    contender.start();
    // The first second is for the start, and more of them if there is much to start.
    let settled = clock::since_epoch() + Duration::from_millis(1_200) + began.elapsed() / 2;
    let from = settled.as_secs() + 1;
    LATENESS.watch(from, seconds);
    let until = Duration::from_millis(1_000 * (from + seconds) - 50);
    sleep(until.saturating_sub(clock::since_epoch()));
    let (p50, p99) = (LATENESS.percentile(50), LATENESS.percentile(99));
    let times = u32::try_from(seconds).expect("it is short");
    let mut wrong = COUNTS.wrong(0..due, times);
    let idle = COUNTS.wrong(due..jobs, 0);
    wrong.doubled += idle.doubled;
    contender.stop();
    Sample::of(wrong, vec![p50, p99])
}
