//! F: runs that long statements of other tasks mention.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::contender::Contender;
use crate::cpu;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;

/// How many tasks mention the same one, regardless of the size.
const MENTIONS: usize = 8;
/// How many status events a run makes: it starts and it succeeds.
const EVENTS: u32 = 2;
/// The time limit after which a run counts as lost.
const LIMIT: Duration = Duration::from_secs(5);
/// 1,000 status events a second.
const PACE: Duration = Duration::from_millis(2);

pub(super) const MEASURE: Measure = Measure {
    letter: 'F',
    title: "status events among different statements of 8 nodes, 8 of which mention them",
    short: "status events",
    of: "tasks",
    figures: &[Figure {
        name: "CPU a status event",
        unit: "µs",
        better: Better::Less,
        goal: |_| Goal::None,
        // The work depends on the tasks that mention the task, not on the number of others, which affects only caches.
        growth: Some(|_, _| 2.0),
    }],
    floor: "bare tokio",
    sizes,
    possible: |contender| contender.can(When::Mentioning(0, 0)),
    take,
    disturbed: never,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick | Extent::Full => &[10_000],
        Extent::Growth => GROWTH,
    }
}

fn take(contender: &mut dyn Contender, jobs: usize, extent: Extent) -> Sample {
    let runs: u32 = match extent {
        Extent::Quick => 500,
        Extent::Growth => 1_000,
        Extent::Full => 1_500,
    };
    let sources = jobs.div_ceil(MENTIONS);
    COUNTS.reset(0);
    let began = Instant::now();
    for id in ids(sources) {
        let when = When::ByHand;
        contender.register(Job { id, when });
    }
    for (number, id) in ids(jobs).zip(ids(sources + jobs).skip(sources)) {
        let source = number % u32::try_from(sources).expect("there are fewer than 2^32 jobs");
        let when = When::Mentioning(source, number);
        contender.register(Job { id, when });
    }
    contender.start();
    // The one-time work of a contender after its start belongs to no event.
    sleep(Duration::from_millis(500) + began.elapsed() / 2);

    let (before, from) = (cpu::used(), Instant::now());
    for (run, source) in (0..runs).zip(ids(sources).cycle()) {
        contender.run(source);
        sleep((PACE * (run + 1)).saturating_sub(from.elapsed()));
    }
    let ran = await_runs(sources, runs);
    let used = cpu::used().saturating_sub(before);
    contender.stop();

    let mut wrong = COUNTS.wrong(sources..sources + jobs, 0);
    wrong.lost += u64::from(runs.saturating_sub(ran));
    wrong.doubled += u64::from(ran.saturating_sub(runs));
    Sample::of(wrong, vec![used.as_secs_f64() * 1e6 / f64::from(runs * EVENTS)])
}

/// Waits for the last runs, and returns their number.
fn await_runs(sources: usize, runs: u32) -> u32 {
    let from = Instant::now();
    loop {
        let ran = ids(sources).map(|source| COUNTS.of(source)).sum();
        if ran >= runs || from.elapsed() > LIMIT {
            return ran;
        }
        sleep(Duration::from_millis(1));
    }
}
