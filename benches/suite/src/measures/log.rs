//! K: a burst of runs into a log, beside inserting the same records and nothing else; how late a start is by its record;
//! and whether a log in memory can be noticed.

use super::{Better, Figure, Goal, Measure, Sample, always, never};
use crate::contender::Contender;
use crate::job::Wrong;
use crate::options::Extent;
use crate::store::{Burst, Kind, Recorded};

const fn figure(name: &'static str, unit: &'static str, better: Better, goal: fn(usize) -> Goal) -> Figure {
    Figure {
        name,
        unit,
        better,
        goal,
        growth: None,
    }
}

pub(super) const FULL: Measure = Measure {
    letter: 'K',
    title: "a burst of runs into SQLite, each write on the disk",
    short: "SQLite",
    of: "tasks that run",
    figures: &[figure("SQLite, full", "runs/s", Better::More, |_| {
        Goal::Ratio(1.0 / 0.3)
    })],
    floor: "bare inserts",
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick => &[200],
        Extent::Full => &[1, 200, 100_000],
    },
    possible: |contender| contender.can_record(Kind::SqliteFull),
    take: |contender, tasks, extent| take(contender, Kind::SqliteFull, tasks, extent),
    disturbed: never,
};

pub(super) const NORMAL: Measure = Measure {
    title: "a burst of runs into SQLite",
    figures: &[figure("SQLite, normal", "runs/s", Better::More, |_| {
        Goal::Ratio(1.0 / 0.3)
    })],
    possible: |contender| contender.can_record(Kind::SqliteNormal),
    take: |contender, tasks, extent| take(contender, Kind::SqliteNormal, tasks, extent),
    ..FULL
};

pub(super) const POSTGRES: Measure = Measure {
    title: "a burst of runs into PostgreSQL",
    figures: &[figure("PostgreSQL", "runs/s", Better::More, |_| {
        Goal::AtLeast(20_000.0)
    })],
    possible: |contender| contender.can_record(Kind::Postgres),
    take: |contender, tasks, extent| take(contender, Kind::Postgres, tasks, extent),
    ..FULL
};

pub(super) const CSV: Measure = Measure {
    title: "a burst of runs into a CSV file",
    figures: &[figure("CSV", "runs/s", Better::More, |_| Goal::None)],
    possible: |contender| contender.can_record(Kind::Csv),
    take: |contender, tasks, extent| take(contender, Kind::Csv, tasks, extent),
    ..FULL
};

/// An app with as many tasks, all due at once, from its start until it has ended with everything recorded.
pub(super) const APP_FULL: Measure = Measure {
    title: "an app in a burst, with a log in SQLite, each write on the disk",
    of: "tasks due at once",
    figures: &[figure("app, SQLite full", "runs/s", Better::More, |_| Goal::None)],
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick => &[10_000],
        Extent::Full => &[100_000],
    },
    possible: |contender| contender.can_run_with(Kind::SqliteFull),
    take: |contender, tasks, _| run_app(contender, Kind::SqliteFull, tasks),
    ..FULL
};

pub(super) const APP_NORMAL: Measure = Measure {
    title: "an app in a burst, with a log in SQLite",
    figures: &[figure("app, SQLite normal", "runs/s", Better::More, |_| {
        Goal::None
    })],
    possible: |contender| contender.can_run_with(Kind::SqliteNormal),
    take: |contender, tasks, _| run_app(contender, Kind::SqliteNormal, tasks),
    ..APP_FULL
};

pub(super) const APP_POSTGRES: Measure = Measure {
    title: "an app in a burst, with a log in PostgreSQL",
    figures: &[figure("app, PostgreSQL", "runs/s", Better::More, |_| {
        Goal::AtLeast(20_000.0)
    })],
    possible: |contender| contender.can_run_with(Kind::Postgres),
    take: |contender, tasks, _| run_app(contender, Kind::Postgres, tasks),
    ..APP_FULL
};

pub(super) const APP_CSV: Measure = Measure {
    title: "an app in a burst, with a log in a CSV file",
    figures: &[figure("app, CSV", "runs/s", Better::More, |_| Goal::None)],
    possible: |contender| contender.can_run_with(Kind::Csv),
    take: |contender, tasks, _| run_app(contender, Kind::Csv, tasks),
    ..APP_FULL
};

/// A with the log in memory, beside A with a log that keeps nothing.
pub(super) const MEMORY: Measure = Measure {
    title: "one task always due, its log in memory",
    short: "memory",
    of: "idle tasks beside",
    figures: &[figure("memory, in A", "runs/s", Better::More, |_| {
        Goal::Ratio(1.05)
    })],
    floor: "no log",
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[0],
    },
    possible: |contender| contender.is_for_memory(),
    take: always::take,
    ..FULL
};

/// How late a start is because it is recorded first, beside what a commit of one record takes: twice that would be two commits.
pub(super) const DELAY: Measure = Measure {
    title: "how late a start is by its record",
    figures: &[figure(
        "SQLite, full: delay of a start",
        "ms",
        Better::Less,
        |_| Goal::Ratio(2.0),
    )],
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[1],
    },
    possible: |contender| contender.can_delay(),
    take: |contender, tasks, extent| {
        let runs = if extent == Extent::Quick { 100 } else { 500 };
        let delay = contender.delay(&Burst::new(Kind::SqliteFull, tasks, runs));
        Sample::of(Wrong::default(), vec![delay.as_secs_f64() * 1e3])
    },
    ..FULL
};

fn take(contender: &mut dyn Contender, kind: Kind, tasks: usize, extent: Extent) -> Sample {
    let runs = match extent {
        Extent::Quick => 20_000,
        Extent::Full | Extent::Growth => 100_000,
    };
    rate(&contender.record(&Burst::new(kind, tasks, runs)))
}

fn run_app(contender: &mut dyn Contender, kind: Kind, tasks: usize) -> Sample {
    rate(&contender.run_with(&Burst::new(kind, tasks, tasks)))
}

/// Runs a second, unless some were lost or kept twice.
fn rate(recorded: &Recorded) -> Sample {
    let &Recorded { took, runs, found } = recorded;
    let wrong = Wrong {
        lost: runs.saturating_sub(found),
        doubled: found.saturating_sub(runs),
    };
    #[allow(clippy::cast_precision_loss, reason = "runs are few enough")]
    Sample::of(wrong, vec![runs as f64 / took.as_secs_f64()])
}
