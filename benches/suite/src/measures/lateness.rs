//! C: how late tasks are that are due on every full second.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::clock;
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When, Wrong};
use crate::lateness::LATENESS;
use crate::memory;
use crate::options::Extent;

/// Beyond this the machine did something else.
const DISTURBED: f64 = 5.0;

const MINUTE: u64 = 60;

/// How many of the tasks are due every second, while the others lie idle.
pub(super) const DUE: usize = 100;

pub(super) const P50: Figure = Figure {
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

/// A million tasks of mixed statements, of which 10,000 are due on every full second for a minute, with the log in memory.
pub(super) const SCALE: Measure = Measure {
    letter: 'L',
    title: "lateness of 10,000 tasks on every full second, among a million that lie idle",
    short: "a minute among a million",
    of: "tasks, 10,000 due",
    figures: &[
        Figure {
            name: "a minute, p50",
            ..P50
        },
        Figure {
            name: "a minute, p99",
            goal: |_| Goal::AtMost(5.0),
            ..P50
        },
        Figure {
            name: "a minute, memory grown in its second half",
            unit: "bytes",
            // The log is full long before. Vectors that hold the runs of a second may still be widened once.
            goal: |_| Goal::AtMost(1e6),
            ..P50
        },
    ],
    sizes: |extent| match extent {
        Extent::Full => &[1_000_000],
        Extent::Quick => &[100_000],
        Extent::Growth => &[],
    },
    possible: |contender| contender.has_parts(),
    take: |contender, jobs, _| {
        let (figures, wrong) = watch(contender, jobs, 10_000, MINUTE);
        Sample::of(wrong, figures)
    },
    disturbed: never,
    ..MEASURE
};

fn take(contender: &mut dyn Contender, jobs: usize, due: usize, extent: Extent) -> Sample {
    let seconds = match extent {
        Extent::Quick => 1,
        Extent::Full => 3,
        Extent::Growth => 2,
    };
    let (mut figures, wrong) = watch(contender, jobs, due, seconds);
    figures.truncate(2);
    Sample::of(wrong, figures)
}

/// Watches how late the jobs are that are due on every full second, and by how much memory grows in the second half.
#[allow(clippy::cast_precision_loss, reason = "the numbers are small enough")]
fn watch(contender: &mut dyn Contender, jobs: usize, due: usize, seconds: u64) -> (Vec<f64>, Wrong) {
    let from = start(contender, jobs, due);
    LATENESS.watch(from, seconds);
    sleep_until(1_000 * from + 500 * seconds);
    let end = || sleep_until(1_000 * (from + seconds) - 50);
    // Counting takes its time, which nothing but the growth is worth.
    let grown = if seconds < MINUTE {
        end();
        0
    } else {
        memory::kept(end).1
    };
    let (p50, p99) = (LATENESS.percentile(50), LATENESS.percentile(99));
    let wrong = wrong(jobs, due, seconds);
    contender.stop();
    (vec![p50, p99, grown as f64], wrong)
}

/// Starts a contender of whose jobs some are due on every full second. Returns the first second that can be watched.
pub(super) fn start(contender: &mut dyn Contender, jobs: usize, due: usize) -> u64 {
    LATENESS.watch(u64::MAX - 1, 1);
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
    settled.as_secs() + 1
}

/// Returns what went wrong, given how many seconds were watched.
pub(super) fn wrong(jobs: usize, due: usize, seconds: u64) -> Wrong {
    let times = u32::try_from(seconds).expect("it is short");
    let mut wrong = COUNTS.wrong(0..due, times);
    let idle = COUNTS.wrong(due..jobs, 0);
    wrong.doubled += idle.doubled;
    wrong
}

/// Sleeps until an instant in milliseconds since 1970.
pub(super) fn sleep_until(millis: u64) {
    sleep(Duration::from_millis(millis).saturating_sub(clock::since_epoch()));
}
