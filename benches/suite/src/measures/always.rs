//! A: one trivial task that is always due, and idle ones beside it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Better, Figure, GROWTH, Goal, Measure, Sample, ids, never};
use crate::contender::Contender;
use crate::job::{COUNTS, Job, When};
use crate::options::Extent;

pub(super) const MEASURE: Measure = Measure {
    letter: 'A',
    title: "one task always due",
    short: "one run",
    of: "idle tasks beside",
    figures: &[Figure {
        name: "",
        unit: "runs/s",
        better: Better::More,
        goal: |_| Goal::Ratio(2.0),
        // What lies idle costs nothing; the rest is for disturbances.
        growth: Some(|_, _| 1.5),
    }],
    floor: "bare tokio",
    sizes,
    possible: |contender| contender.can(When::Always),
    take,
    disturbed: never,
};

fn sizes(extent: Extent) -> &'static [usize] {
    match extent {
        Extent::Quick => &[0, 1_000],
        Extent::Full => &[0, 1_000, 100_000],
        Extent::Growth => GROWTH,
    }
}

/// How often it runs before it is measured: whoever has to look at all tasks first takes its time before the second run.
const WARM: u32 = 1_000;

/// Who has not come so far then does not run at all.
const LIMIT: Duration = Duration::from_secs(30);

fn warm_up() {
    let from = Instant::now();
    while COUNTS.of(0) < WARM && from.elapsed() < LIMIT {
        sleep(Duration::from_millis(10));
    }
}

pub(super) fn take(contender: &mut dyn Contender, idle: usize, extent: Extent) -> Sample {
    let window = match extent {
        Extent::Quick => Duration::from_millis(300),
        Extent::Full | Extent::Growth => Duration::from_secs(1),
    };
    COUNTS.reset(usize::MAX);
    for id in ids(1 + idle) {
        let when = if id == 0 { When::Always } else { When::Idle(id) };
        contender.register(Job { id, when });
    }
    contender.start();
    warm_up();
    sleep(window / 5);
    let (before, from) = (COUNTS.of(0), Instant::now());
    sleep(window);
    let (after, elapsed) = (COUNTS.of(0), from.elapsed());
    contender.stop();

    let ran = u64::from(COUNTS.of(0));
    let recorded = contender.recorded().unwrap_or(ran);
    let mut wrong = COUNTS.wrong(1..1 + idle, 0);
    wrong.lost += ran.saturating_sub(recorded);
    wrong.doubled += recorded.saturating_sub(ran);
    Sample::of(wrong, vec![f64::from(after - before) / elapsed.as_secs_f64()])
}
