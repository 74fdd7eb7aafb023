//! G: runs in processes, beside starting the same program and nothing else; with a big parent, too.

use std::hint::black_box;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, Goal, Measure, Sample, never};
use crate::contender::Contender;
use crate::job::{Job, When, Wrong};
use crate::options::Extent;
use crate::report::median;

const MIB: usize = 1024 * 1024;

pub(super) const MEASURE: Measure = Measure {
    letter: 'G',
    title: "a run in a process of its own",
    short: "process",
    of: "MiB that the parent holds",
    figures: &[Figure {
        name: "process",
        unit: "ms",
        better: Better::Less,
        goal: |_| Goal::Ratio(1.3),
        growth: Some(|_, _| 1.5),
    }],
    floor: "bare spawn",
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[0, 1_024],
    },
    possible: |contender| contender.can(When::Process),
    take: |contender, mib, extent| take(contender, When::Process, mib, extent),
    disturbed: never,
};

pub(super) const COMMAND: Measure = Measure {
    title: "a run of a command, /bin/true",
    figures: &[Figure {
        name: "command",
        unit: "ms",
        better: Better::Less,
        goal: |_| Goal::Ratio(1.2),
        growth: Some(|_, _| 1.5),
    }],
    possible: |contender| contender.can(When::Command),
    take: |contender, mib, extent| take(contender, When::Command, mib, extent),
    ..MEASURE
};

/// A run in a process that waits for it, beside starting the same program: what the run saves is the start.
pub(super) const WARM: Measure = Measure {
    title: "a run in a process that waits for it",
    figures: &[Figure {
        name: "process that waits",
        unit: "ms",
        better: Better::Less,
        goal: |_| Goal::Ratio(0.3),
        growth: None,
    }],
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[0],
    },
    possible: |contender| contender.can(When::Warm),
    take: |contender, mib, extent| take(contender, When::Warm, mib, extent),
    ..MEASURE
};

/// The most that it takes until another process waits.
const REFILL: Duration = Duration::from_millis(25);

fn take(contender: &mut dyn Contender, when: When, mib: usize, extent: Extent) -> Sample {
    // Each page is touched, so that it is really there to be copied.
    let ballast = black_box(vec![1_u8; mib * MIB]);
    let times = match extent {
        Extent::Quick => 20,
        Extent::Full | Extent::Growth => 100,
    };
    contender.register(Job { id: 0, when });
    contender.start();
    let mut wrong = Wrong::default();
    let mut millis = Vec::new();
    for _ in 0..times {
        if when == When::Warm {
            sleep(REFILL);
        }
        let from = Instant::now();
        wrong.lost += u64::from(!contender.run_to_end(0));
        millis.push(from.elapsed().as_secs_f64() * 1e3);
    }
    contender.stop();
    drop(ballast);
    Sample::of(wrong, vec![median(&mut millis)])
}
