//! Previews foresee what an app on manual time starts.
//!
//! A case is a task with a random statement, in one of five zones, for a year. The starts that are foreseen at the
//! beginning, and again in the middle, are those that the app makes.

use std::fmt;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::testing::TestApp;
use rocketry_core::{Condition, Config, FirstRun, Preview, PreviewEnd, Rocketry, Task, Timestamp, preview};
use rocketry_syntax::ast::Delta;

use crate::days::{CALENDAR, days_off};
use crate::frame::Frame;
use crate::statements::{Expr, keep_to, name, statements};

const ZONES: [&str; 5] = [
    "Europe/Helsinki",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "UTC",
];

const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;
const YEAR: Delta = Delta(366 * DAY);

/// How many starts are compared at most.
const MOST: usize = 60;

/// How many tasks there are. Only the first has a statement.
const TASKS: usize = 3;

#[derive(Clone)]
pub(crate) struct Year {
    frame: Frame,
    start: Expr,
    jitter: Duration,
    waits: bool,
    /// How long the app has run before the second preview.
    before: Delta,
}

impl fmt::Debug for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statement = Condition::from(self.start.clone()).to_string();
        write!(
            f,
            "\"{statement}\" in {} from {}, jitter {:?}, waits {}, before {}",
            self.frame.zone, self.frame.start, self.jitter, self.waits, self.before
        )
    }
}

pub(crate) fn years() -> impl Strategy<Value = Year> {
    let steps = select(vec![Delta(SECOND), Delta(60 * SECOND), Delta(30 * 60 * SECOND)]);
    let frames = (select(&ZONES[..]), 0..4 * 366u64, steps).prop_map(|(zone, day, step)| {
        let first: Timestamp = "2023-01-01T00:00:00Z".parse().expect("it is an instant");
        Frame {
            zone: zone.parse().expect("there is such a zone"),
            start: first.saturating_add(Delta(day * DAY)),
            step,
            steps: 200,
        }
    });
    frames.prop_flat_map(|frame| {
        let jitter = prop_oneof![3 => Just(0), 1 => 1..7200u64];
        let before = prop_oneof![0..DAY, 0..300 * DAY];
        (statements(frame, TASKS), jitter, any::<bool>(), before).prop_map(
            move |(start, jitter, waits, before)| Year {
                frame,
                start,
                jitter: Duration::from_secs(jitter),
                waits,
                before: Delta(before),
            },
        )
    })
}

/// The app of a case at its start. Nothing has happened yet.
fn app(year: &Year) -> TestApp {
    let config = Config {
        zone: year.frame.zone,
        timeout: None,
        // Where custom conditions matter nothing is foreseen, and an app that asks them often takes long.
        poll_interval: Duration::from_micros(DAY),
        ..Config::default()
    };
    let first = if year.waits { FirstRun::Wait } else { FirstRun::Due };
    let task = Task::func(name(0), || async {})
        .start(year.start.clone())
        .jitter(year.jitter)
        .first_run(first)
        .disabled(true);
    let others = (1..TASKS).map(|task| Task::func(name(task), || async {}));
    let app = others.fold(
        Rocketry::builder()
            .config(config)
            .calendar(CALENDAR, days_off())
            .task(task),
        Rocketry::task,
    );
    let app = TestApp::start(app, year.frame.start).expect("the app can be built");
    app.session().task(name(0)).expect("it is in the app").enable();
    app
}

/// The starts up to an instant, and until when they are known: what happens at that instant itself is not.
fn foreseen(mut preview: Preview, last: Timestamp) -> (Vec<Timestamp>, Timestamp) {
    let starts = preview.by_ref().map(|start| start.at);
    let mut starts: Vec<Timestamp> = starts.take_while(|at| *at < last).take(MOST + 1).collect();
    let until = match preview.end() {
        Some(
            PreviewEnd::Unforeseen { at, .. }
            | PreviewEnd::AlwaysDue { at, .. }
            | PreviewEnd::GaveUp { until: at, .. },
        ) => *at,
        _ if starts.len() > MOST => starts[MOST],
        _ => last,
    };
    starts.retain(|at| *at < until);
    (starts, until.min(last))
}

/// Runs the app until just before an instant, and compares its starts with those that were foreseen.
fn follows(app: &mut TestApp, foreseen: &[Timestamp], until: Timestamp) -> Result<(), TestCaseError> {
    let last = until.saturating_sub(Delta(1));
    if last < app.now() {
        return Ok(());
    }
    let before = app.starts(&name(0)).len();
    app.run_until(last);
    let starts = app.starts(&name(0)).split_off(before);
    let expected = foreseen.iter().copied().filter(|at| *at < until);
    prop_assert_eq!(starts, expected.collect::<Vec<_>>(), "until {}", until);
    Ok(())
}

/// Foresees the starts of a statement.
pub(crate) fn foresees_a_year(year: &Year) -> Result<(), TestCaseError> {
    keep_to(year.frame);
    let Frame { zone, start, .. } = year.frame;
    let plain = Year {
        jitter: Duration::ZERO,
        waits: false,
        ..year.clone()
    };
    if Condition::from(year.start.clone()).to_string().contains(CALENDAR) {
        // It needs an app that has the calendar.
        return Ok(());
    }
    let preview = preview(year.start.clone(), zone, start).expect("the statement is valid");
    let (starts, until) = foreseen(preview, start.saturating_add(YEAR));
    follows(&mut app(&plain), &starts, until)
}

/// Foresees the starts of a task of an app, at its start and after a while.
pub(crate) fn foresees_the_rest(year: &Year) -> Result<(), TestCaseError> {
    keep_to(year.frame);
    let start = year.frame.start;
    let last = start.saturating_add(YEAR);
    let mut app = app(year);
    let task = app.session().task(name(0)).expect("the task is in the app");
    let preview = || foreseen(task.preview().expect("it can be looked at alone"), last);
    let (starts, until) = preview();
    follows(&mut app, &starts, until.min(start.saturating_add(year.before)))?;
    let (starts, until) = preview();
    follows(&mut app, &starts, until)
}
