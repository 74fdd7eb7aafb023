//! A backfill continues after the end of the app.

use std::time::Duration;

use proptest::prelude::*;
use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Cause, FirstRun, OnCrash, Query, Record, Rocketry, Session, Task, Timestamp};

use crate::recovery::restart;
use crate::support::{Disk, app, start};

fn tasks(disk: &Disk) -> Rocketry {
    let function = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let work = Task::func("work", function)
        .start("daily after 07:00")
        .first_run(FirstRun::Wait);
    app(disk).task(work)
}

#[test]
fn a_backfill_goes_on_where_it_was_and_its_runs_leave_the_schedule_alone() {
    let disk = Disk::default();
    let mut before = start(tasks(&disk));
    let day = |day: u32| format!("2025-12-{day}T00:00:00Z").parse::<Timestamp>().unwrap();
    let plan = before
        .session()
        .task("work")
        .unwrap()
        .backfill(day(10)..day(15))
        .unwrap();
    assert_eq!(plan.instants().len(), 5);
    plan.start().unwrap();
    before.run_for(Duration::from_secs(90));
    let mut after = restart(before, tasks(&disk), "2026-01-01T00:10:00Z");
    let backfill = after
        .session()
        .task("work")
        .unwrap()
        .backfill_under_way()
        .unwrap();
    let progress = backfill.progress().unwrap();
    // The second run was cut off, and the third is under way.
    assert_eq!((progress.begun, progress.succeeded, progress.failed), (3, 1, 1));
    after.run_for(Duration::from_secs(600));
    let progress = backfill.progress().unwrap();
    assert_eq!((progress.begun, progress.succeeded, progress.failed), (5, 4, 1));
    let facts = disk.load().unwrap().facts;
    assert!(!facts.keys().any(|key| key.starts_with("backfill")), "{facts:?}");
    let mut last = restart(after, tasks(&disk), "2026-01-01T06:00:00Z");
    last.run_until("2026-01-02T08:00:00Z");
    let runs = last.records(&Query::new().task("work").action(Action::Run));
    let due: Vec<String> = runs
        .iter()
        .map(|run| run.due.to_string()[..10].to_owned())
        .collect();
    let expected = [
        "2025-12-10",
        "2025-12-11",
        "2025-12-12",
        "2025-12-13",
        "2025-12-14",
        "2026-01-01",
        "2026-01-02",
    ];
    assert_eq!(
        due, expected,
        "the schedule starts its own run of the first of January"
    );
}

#[test]
fn a_deleted_task_leaves_nothing_of_its_backfill() {
    let disk = Disk::default();
    let mut app = start(tasks(&disk));
    let work = app.session().task("work").unwrap();
    let day = |day: u32| format!("2025-12-{day}T00:00:00Z").parse::<Timestamp>().unwrap();
    work.backfill(day(10)..day(15)).unwrap().start().unwrap();
    work.skip_next();
    app.run_for(Duration::from_secs(90));
    let of_work = || {
        let facts = disk.load().unwrap().facts;
        facts
            .into_keys()
            .filter(|key| key.contains("work"))
            .collect::<Vec<_>>()
    };
    assert!(of_work().len() >= 3, "{:?}", of_work());
    work.delete();
    app.run_for(Duration::from_secs(90));
    assert!(of_work().is_empty(), "{:?}", of_work());
}

/// An app whose task takes a while, in a zone.
fn in_zone(disk: &Disk, (start, zone): (&str, &str), seconds: u64) -> Rocketry {
    let function = move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    };
    let work = Task::func("work", function)
        .start(start)
        .timezone(zone)
        .first_run(FirstRun::Wait);
    app(disk).task(work)
}

fn instant(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_772_323_200_000_000 + i64::try_from(seconds * 1_000_000).unwrap())
}

/// The instants for which runs were begun, by whether a backfill made them.
fn begun(disk: &Disk, backfilled: bool) -> Vec<Timestamp> {
    let starts = disk
        .query(&Query::new().task("work").action(Action::Run))
        .unwrap()
        .records;
    let is_backfill = |record: &&Record| matches!(record.cause(), Some(Cause::Backfill { .. }));
    let wanted = starts.iter().filter(|start| is_backfill(start) == backfilled);
    wanted.map(|start| start.due).collect()
}

/// Whenever the app is killed, a backfill makes one run for each instant at which an app would have been due that had run
/// all the time, in order; and the schedule does what it would have done without.
fn makes_up_for_all(
    statement: (&str, &str),
    (from, length): (u64, u64),
    kills: &[u64],
) -> Result<(), TestCaseError> {
    let (begin, end) = (instant(from), instant(from + length));
    let reference = Disk::default();
    let mut all_the_time = TestApp::start(in_zone(&reference, statement, 0), begin).unwrap();
    all_the_time.run_until(Timestamp::from_micros(end.as_micros() - 1));
    let expected = begun(&reference, false);

    let disk = Disk::default();
    let now = instant(from + length + 100);
    let mut test = TestApp::start(in_zone(&disk, statement, 30), now).unwrap();
    let plan = test.session().task("work").unwrap().backfill(begin..end).unwrap();
    let waits = plan.instants().to_vec();
    plan.start().unwrap();
    for up in kills {
        test.run_for(Duration::from_secs(*up));
        let at = test.now();
        test = restart(test, in_zone(&disk, statement, 30), &at.to_string());
    }
    test.run_for(Duration::from_secs(3 * 86_400));
    prop_assert_eq!(begun(&disk, true), waits.clone());
    prop_assert_eq!(waits, expected);

    let until = test.now();
    let without = Disk::default();
    let mut alone = TestApp::start(in_zone(&without, statement, 0), now).unwrap();
    alone.run_until(until);
    let (found, expected) = (begun(&disk, false), begun(&without, false));
    // A start that comes while a run is under way, or in the pause after a crash, is late.
    let is_of =
        |due: Timestamp, found: Timestamp| due <= found && found.since(due) < Duration::from_secs(400);
    for due in &expected {
        prop_assert!(
            found.iter().any(|found| is_of(*due, *found)),
            "{due} is lost: {found:?}"
        );
    }
    for found in &found {
        prop_assert!(
            expected.iter().any(|due| is_of(*due, *found)),
            "{found} is none of {expected:?}"
        );
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn a_backfill_makes_up_for_what_an_app_would_have_done(
        start in prop::sample::select(vec![
            "daily at 02:30, 07:00", "cron 30 */2 * * *", "hourly before 20:00", "every 3 hours",
            "daily between 03:00 and 04:00 | daily at 12:00", "weekly on Sunday 02:30",
        ]),
        zone in prop::sample::select(vec![
            "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC",
        ]),
        (from, length) in (0_u64..40 * 86_400, 1_u64..4 * 86_400),
        kills in prop::collection::vec(1_u64..900, 0..5),
    ) {
        makes_up_for_all((start, zone), (from, length), &kills)?;
    }
}

#[test]
fn a_first_run_still_waits_if_the_run_of_a_backfill_is_cut_off() {
    let statement = ("hourly before 20:00", "Europe/Helsinki");
    makes_up_for_all(statement, (653_572, 145_528), &[1]).unwrap();
}

/// Begins a backfill of one day, cuts off its run, and returns the first later runs of another cause, in an app that runs for
/// a day after that.
fn after_cut_off(start: &str, crash: OnCrash, at: &str) -> Vec<String> {
    let disk = Disk::default();
    let build = || {
        let function = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
        app(&disk).task(
            Task::func("work", function)
                .start(start.to_owned())
                .on_crash(crash),
        )
    };
    let mut test = TestApp::start(build(), "2026-01-01T05:00:00Z").unwrap();
    test.run_until(at);
    let day = |day: &str| day.parse::<Timestamp>().unwrap();
    let days = day("2025-12-10T00:00:00Z")..day("2025-12-11T00:00:00Z");
    test.session()
        .task("work")
        .unwrap()
        .backfill(days)
        .unwrap()
        .start()
        .unwrap();
    test.run_for(Duration::from_secs(30));
    let at = test.now().to_string();
    let mut test = restart(test, build(), &at);
    if let Some(backfill) = test.session().task("work").unwrap().backfill_under_way() {
        backfill.cancel();
    }
    test.run_for(Duration::from_secs(86_400));
    let runs = test.records(&Query::new().task("work").action(Action::Run));
    let scheduled = runs
        .iter()
        .filter(|run| !matches!(run.cause(), Some(Cause::Backfill { .. })));
    let shown = scheduled.map(|run| format!("{} {}", &run.created.to_string()[8..16], run.cause().unwrap()));
    shown.collect()
}

#[test]
fn a_run_of_a_backfill_that_is_cut_off_leaves_the_schedule_alone() {
    for crash in [OnCrash::Again, OnCrash::Count] {
        let runs = after_cut_off("daily after 07:00", crash, "2026-01-01T06:59:50Z");
        assert_eq!(runs, ["01T07:00 statement", "02T07:00 statement"], "{crash:?}");
        let runs = after_cut_off("every 10 hours", crash, "2026-01-01T08:30:00Z");
        assert_eq!(
            runs,
            ["01T05:00 statement", "01T15:00 statement", "02T01:00 statement"],
            "{crash:?}"
        );
    }
}
