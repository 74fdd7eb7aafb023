//! D: what tasks cost that are not due for hours.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;
use crate::{cpu, memory};

pub(super) const MEASURE: Measure = Measure {
    letter: 'D',
    title: "idle tasks with mixed statements",
    short: "idle",
    of: "tasks",
    figures: &[
        Figure {
            name: "idle, CPU in 10 s",
            unit: "ms",
            better: Better::Less,
            // A thousandth of a core.
            goal: |_| Goal::AtMost(10.0),
            growth: None,
        },
        Figure {
            name: "idle, memory a task",
            unit: "bytes",
            better: Better::Less,
            goal: |_| Goal::AtMost(600.0),
            growth: None,
        },
        Figure {
            name: "until started",
            unit: "s",
            better: Better::Less,
            goal: |n| {
                if n == 1_000_000 {
                    Goal::AtMost(2.0)
                } else {
                    Goal::None
                }
            },
            growth: Some(|from, to| 2.0 * to / from),
        },
    ],
    floor: "bare tokio",
    sizes,
    possible: |contender| contender.can(When::Idle(0)),
    take,
    disturbed: never,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick => &[1_000],
        Extent::Full => &[1_000, 100_000, 1_000_000],
        Extent::Growth => GROWTH,
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, extent: Extent) -> Sample {
    let window = match extent {
        Extent::Quick => Duration::from_secs(1),
        Extent::Full => Duration::from_secs(5),
        Extent::Growth => Duration::from_secs(2),
    };
    COUNTS.reset(0);
    let from = Instant::now();
    let ((), kept) = memory::kept(|| {
        for id in ids(jobs) {
            let when = When::Idle(id);
            contender.register(Job { id, when });
        }
        contender.start();
    });
    let registered = from.elapsed();
    // What a contender does once, after its start, is not idling.
    sleep(Duration::from_millis(500) + registered / 2);
    let before = cpu::used();
    sleep(window);
    let used = cpu::used().saturating_sub(before);
    contender.stop();
    #[allow(clippy::cast_precision_loss, reason = "the numbers are small enough")]
    let figures = vec![
        used.as_secs_f64() * 1e3 * (10.0 / window.as_secs_f64()),
        kept as f64 / jobs as f64,
        registered.as_secs_f64(),
    ];
    Sample::of(COUNTS.wrong(0..jobs, 0), figures)
}
