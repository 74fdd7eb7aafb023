//! C beside explanations: whether the scheduler is later while tasks are explained.

use super::lateness::{DUE, P50, sleep_until, start, wrong};
use super::{Figure, Goal, Measure, Sample, never};
use crate::contender::Contender;
use crate::lateness::LATENESS;
use crate::options::Extent;

/// How many explanations there are in a second.
const A_SECOND: u64 = 100;

pub(super) const MEASURE: Measure = Measure {
    letter: 'C',
    title: "lateness of 100 tasks on every full second while tasks are explained, 100 times a second",
    short: "lateness beside explanations",
    of: "tasks, 100 due",
    figures: &[
        Figure {
            name: "explained, p50",
            ..P50
        },
        Figure {
            name: "explained, p99",
            ..P50
        },
        Figure {
            name: "explained, p50 beside that without",
            unit: "times",
            goal: |_| Goal::AtMost(1.1),
            ..P50
        },
        Figure {
            name: "explained, p99 beside that without",
            unit: "times",
            goal: |_| Goal::AtMost(1.3),
            ..P50
        },
    ],
    floor: "",
    sizes: |extent| match extent {
        Extent::Quick => &[DUE],
        Extent::Full => &[10_000],
        Extent::Growth => &[],
    },
    possible: |contender| contender.has_parts(),
    take: |contender, jobs, extent| {
        take(
            contender,
            jobs,
            match extent {
                Extent::Quick => 1,
                Extent::Full | Extent::Growth => 5,
            },
        )
    },
    disturbed: never,
};

/// Measures the app for a number of seconds without explanations, and then for as many with them.
fn take(contender: &mut dyn Contender, jobs: usize, seconds: u64) -> Sample {
    let from = start(contender, jobs, DUE);
    LATENESS.watch(from, seconds);
    sleep_until(1_000 * (from + seconds) - 50);
    let without = [50, 99].map(|percent| LATENESS.percentile(percent));
    // A second lies between, in which what was watched is put away.
    let from = from + seconds + 1;
    LATENESS.watch(from, seconds);
    explain_until(contender, jobs, from, from + seconds);
    let with = [50, 99].map(|percent| LATENESS.percentile(percent));
    let wrong = wrong(jobs, DUE, 2 * seconds);
    contender.stop();
    let figures = vec![with[0], with[1], with[0] / without[0], with[1] / without[1]];
    Sample::of(wrong, figures)
}

/// Explains one task after the other, some of which are due, at even distances from one second until just before another. The
/// full seconds are among the instants.
fn explain_until(contender: &dyn Contender, jobs: usize, from: u64, to: u64) {
    let distance = 1_000 / A_SECOND;
    let instants = (1_000 * from..1_000 * to - 50).step_by(usize::try_from(distance).expect("it is short"));
    for (number, millis) in instants.enumerate() {
        sleep_until(millis);
        let id = number * 7_919 % jobs;
        contender.explain(u32::try_from(id).expect("there are fewer than 2^32 jobs"));
    }
}
