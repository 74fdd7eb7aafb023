//! Pauses and starts to be skipped survive the end of the app.

use rocketry_core::log::RunLog;
use rocketry_core::{Group, Rocketry, SkipReason, Task, Timestamp};

use crate::recovery::restart;
use crate::support::{Disk, app, start};

fn tasks(disk: &Disk) -> Rocketry {
    let task = |name: &'static str| Task::func(name, || async {}).start("every 10 minutes");
    app(disk)
        .group(Group::new("db"))
        .task(task("alone"))
        .task(task("member").group("db"))
        .task(task("skipping"))
}

fn at(text: &str) -> Timestamp {
    format!("2026-01-01T{text}Z").parse().unwrap()
}

#[test]
fn a_pause_lasts_over_a_restart_until_it_ends() {
    let disk = Disk::default();
    let before = start(tasks(&disk));
    let session = before.session();
    session.task("alone").unwrap().pause();
    session.group("db").unwrap().pause_until(at("00:35:00"));
    drop(session.clone());
    let mut after = before;
    after.settle();
    let mut after = restart(after, tasks(&disk), "2026-01-01T00:15:00Z");
    after.run_until("2026-01-01T00:30:00Z");
    assert_eq!(after.starts("alone"), [at("00:00:00")]);
    assert_eq!(after.starts("member"), [at("00:00:00")]);
    assert_eq!(after.session().pauses().len(), 2);
    after.run_until("2026-01-01T00:40:00Z");
    assert_eq!(after.starts("member"), [at("00:00:00"), at("00:35:00")]);
    after.session().task("alone").unwrap().resume();
    after.settle();
    let mut last = restart(after, tasks(&disk), "2026-01-01T00:55:00Z");
    last.settle();
    assert!(last.session().pauses().is_empty());
    assert_eq!(
        last.starts("alone"),
        [at("00:00:00"), at("00:40:00"), at("00:55:00")]
    );
    let facts = disk.load().unwrap().facts;
    assert!(!facts.keys().any(|key| key.starts_with("paused")), "{facts:?}");
}

#[test]
fn a_pause_that_ended_while_the_app_was_down_is_over() {
    let disk = Disk::default();
    let mut before = start(tasks(&disk));
    before.session().pause_until(at("00:35:00"));
    before.settle();
    let mut after = restart(before, tasks(&disk), "2026-01-01T01:00:00Z");
    after.settle();
    assert_eq!(after.starts("alone"), [at("00:00:00"), at("01:00:00")]);
    assert!(after.session().pauses().is_empty());
}

#[test]
fn the_pause_of_a_group_that_is_gone_is_forgotten() {
    let disk = Disk::default();
    let mut before = start(tasks(&disk));
    before.session().group("db").unwrap().pause();
    before.settle();
    let alone = || app(&disk).task(Task::func("alone", || async {}).start("every 10 minutes"));
    let mut after = restart(before, alone(), "2026-01-01T01:00:00Z");
    after.settle();
    assert!(after.session().pauses().is_empty());
    let again = restart(after, tasks(&disk), "2026-01-01T02:00:00Z");
    assert!(again.session().pauses().is_empty());
}

#[test]
fn a_start_is_skipped_after_a_restart_and_one_that_was_skipped_stays_so() {
    let disk = Disk::default();
    let mut before = start(tasks(&disk));
    before.session().task("skipping").unwrap().skip_next();
    before.settle();
    let mut after = restart(before, tasks(&disk), "2026-01-01T00:05:00Z");
    let skipping = after.session().task("skipping").unwrap();
    assert!(skipping.skips_next());
    after.run_until("2026-01-01T00:12:00Z");
    assert_eq!(skipping.skipped(SkipReason::Asked), 1);
    let mut last = restart(after, tasks(&disk), "2026-01-01T00:15:00Z");
    last.run_until("2026-01-01T00:25:00Z");
    assert_eq!(last.starts("skipping"), [at("00:00:00"), at("00:20:00")]);
}
