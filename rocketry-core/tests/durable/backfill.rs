//! A backfill goes on after the end of the app.

use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::{Action, FirstRun, Query, Rocketry, Session, Task, Timestamp};

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
