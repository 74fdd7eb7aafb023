//! Records of starts that were due and are not made.

use std::collections::BTreeSet;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Event, Params, Query, Record, Rocketry, Session, SkipReason, Status, Task, TaskBuilder,
    Zone,
};

use crate::support::{self, Disk, START};

fn config(log_skips: bool) -> Config {
    Config {
        zone: Zone::UTC,
        log_skips,
        ..Config::default()
    }
}

/// An app whose log has records of skipped starts.
fn app(disk: &Disk) -> Rocketry {
    support::app(disk).config(config(true))
}

/// A task whose runs take this many seconds.
fn sleeper(name: &'static str, seconds: u64) -> TaskBuilder {
    Task::func(name, move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    })
}

fn skipped(app: &TestApp) -> Vec<Record> {
    app.records(&Query::new().action(Action::Skip))
}

/// The task, the reason, when the start was due, and when it was skipped.
fn told(records: &[Record]) -> Vec<String> {
    let time = |at: rocketry_core::Timestamp| at.to_string()[11..19].to_owned();
    let line = |record: &Record| {
        assert_eq!(record.start, record.created);
        let reason = record.message.as_deref().unwrap_or_default();
        let (due, at) = (time(record.due), time(record.created));
        format!("{} {reason}: {due} at {at}", record.task)
    };
    records.iter().map(line).collect()
}

/// Tasks of which some starts are skipped, one for each reason but the log.
fn crowded(app: Rocketry) -> Rocketry {
    app.pool("db", 1)
        .task(sleeper("overlaps", 250).start("cron */2 * * * *"))
        .task(sleeper("long", 150).pool("db").start("daily").priority(1))
        .task(
            sleeper("short", 1)
                .pool("db")
                .start("time of day between 00:01 and 00:02"),
        )
        .task(sleeper("changed", 1).start("daily").jitter("10 hours"))
        .task(sleeper("disabled", 1).start("daily").jitter("10 hours"))
        .task(sleeper("asked", 1).start("cron 5 * * * *"))
        .task(sleeper("late", 1).start("cron 30 * * * *"))
        .task(sleeper("in time", 1).start("cron 30 * * * * grace 1 hour"))
}

fn go_through(app: &mut TestApp) {
    let session = app.session().clone();
    session.task("changed").unwrap().set_start("daily").unwrap();
    session.task("asked").unwrap().skip_next();
    app.run_for(Duration::from_secs(255));
    session.task("disabled").unwrap().disable();
    session.task("overlaps").unwrap().disable();
    app.run_until("2026-01-01T00:25:00Z");
    app.sleep_until("2026-01-01T00:40:00Z");
}

#[test]
fn each_skipped_start_is_recorded_with_its_reason() {
    let expected = [
        "changed changed: 00:00:00 at 00:00:00",
        "short pool: 00:01:00 at 00:02:30",
        "overlaps overlap: 00:02:00 at 00:04:10",
        "disabled disabled: 00:00:00 at 00:04:15",
        "asked asked: 00:05:00 at 00:05:00",
        "late misfire: 00:30:00 at 00:40:00",
    ];
    let memory = Rocketry::builder().config(config(true));
    for app in [memory, app(&Disk::default())] {
        let mut app = TestApp::start(crowded(app), START).unwrap();
        go_through(&mut app);
        let records = skipped(&app);
        assert_eq!(told(&records), expected);
        let reasons = records
            .iter()
            .map(Record::skip_reason)
            .collect::<Option<BTreeSet<_>>>();
        let all = SkipReason::ALL
            .into_iter()
            .filter(|reason| *reason != SkipReason::Log);
        assert_eq!(reasons, Some(all.collect()));
        assert_eq!(app.starts("in time").len(), 2, "the second is within its grace");
        app.close().unwrap();
    }
}

#[test]
fn each_start_that_came_while_one_waited_for_a_pool_is_recorded() {
    let app = app(&Disk::default())
        .pool("db", 1)
        .task(sleeper("long", 650).pool("db").start("daily").priority(1))
        .task(sleeper("short", 1).pool("db").start("cron */3 * * * *"));
    let mut app = TestApp::start(app, START).unwrap();
    app.run_until("2026-01-01T00:11:00Z");
    let expected = ["00:00:00", "00:03:00", "00:06:00", "00:09:00"];
    let expected = expected.map(|due| format!("short pool: {due} at 00:10:50"));
    assert_eq!(told(&skipped(&app)), expected);
    let short = app.session().task("short").unwrap();
    assert_eq!(short.skipped(SkipReason::Pool), 4);
}

#[test]
fn a_start_that_waited_for_the_log_is_recorded_once_it_can_be_written() {
    let disk = Disk::default();
    let app = app(&disk)
        .task(sleeper("work", 1).start("every 10 seconds"))
        .task(sleeper("short", 1).start("time of day between 00:01 and 00:02"));
    let mut app = TestApp::start(app, START).unwrap();
    disk.fill(true);
    app.run_until("2026-01-01T00:05:00Z");
    assert_eq!(skipped(&app), []);
    disk.fill(false);
    app.run_until("2026-01-01T00:06:00Z");
    assert_eq!(told(&skipped(&app)), ["short log: 00:01:00 at 00:05:02"]);
    app.close().unwrap();
}

#[test]
fn without_the_setting_skipped_starts_are_only_counted() {
    let app = Rocketry::builder().config(config(false));
    let mut app = TestApp::start(crowded(app), START).unwrap();
    go_through(&mut app);
    assert_eq!(skipped(&app), []);
    let late = app.session().task("late").unwrap();
    assert_eq!(late.skipped(SkipReason::Misfire), 1);
}

#[test]
fn each_record_has_its_event_and_a_number_of_its_own() {
    let mut app = TestApp::start(crowded(app(&Disk::default())), START).unwrap();
    let mut events = app.session().subscribe();
    go_through(&mut app);
    let records = app.records(&Query::new());
    let starts = records.iter().filter(|record| !record.action.is_end());
    let numbers: Vec<_> = starts.map(|record| record.run_id.clone()).collect();
    let different: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(different.len(), numbers.len());
    let mut told = Vec::new();
    while let Some(event) = events.try_next() {
        assert!(
            !matches!(&event, Event::Started(record) | Event::Ended(record) if record.action == Action::Skip)
        );
        if let Event::Skipped { task, reason, count } = event {
            told.extend(std::iter::repeat_n(
                (task, reason),
                usize::try_from(count).unwrap(),
            ));
        }
    }
    let recorded = records
        .iter()
        .filter_map(|record| Some((record.task.clone(), record.skip_reason()?)));
    assert_eq!(told, recorded.collect::<Vec<_>>());
}

#[test]
fn skipped_starts_are_no_past_of_a_task() {
    let runs = |log_skips| {
        let app = Rocketry::builder().config(config(log_skips));
        let mut app = TestApp::start(crowded(app), START).unwrap();
        go_through(&mut app);
        app.run_for(Duration::from_secs(3 * 3600));
        let late = app.session().task("late").unwrap();
        assert_eq!(late.total(Action::Skip), 0);
        let mut records = app.records(&Query::new());
        records.retain(|record| record.action.is_of_run());
        let times = records.iter().map(|record| {
            let Record {
                task,
                action,
                created,
                due,
                ..
            } = record;
            (task.clone(), *action, *created, *due)
        });
        let infos = app.session().task_infos().into_iter();
        let told = infos.map(|info| (info.name, info.status, info.next_due, info.actions));
        (times.collect::<Vec<_>>(), told.collect::<Vec<_>>())
    };
    assert_eq!(runs(true), runs(false));
}

#[test]
fn starts_missed_while_the_app_was_down_are_recorded_once() {
    let disk = Disk::default();
    let cron = || {
        app(&disk)
            .func("late", "cron 0 * * * *", || async {})
            .func("in time", "cron 0 * * * * grace 1 hour", || async {})
            .func("window", "daily between 02:00 and 03:00", || async {})
            .func("any time", "daily after 02:00", || async {})
    };
    let mut first = TestApp::start(cron(), "2026-01-01T00:30:00Z").unwrap();
    first.session().task("window").unwrap().run(Params::new());
    first.run_until("2026-01-01T01:30:00Z");
    first.close().unwrap();
    let expected = [
        "late misfire: 02:00:00 at 04:30:00",
        "late misfire: 03:00:00 at 04:30:00",
        "late misfire: 04:00:00 at 04:30:00",
        "window misfire: 02:00:00 at 04:30:00",
    ];
    let second = TestApp::start(cron(), "2026-01-01T04:30:00Z").unwrap();
    let of = |app: &TestApp| {
        let mut told = told(&skipped(app));
        told.retain(|line| !line.starts_with("in time"));
        told
    };
    assert_eq!(of(&second), expected);
    assert_eq!(second.starts("in time").len(), 3);
    assert_eq!(second.starts("any time").len(), 1);
    let late = second.session().task("late").unwrap();
    assert_eq!(late.status(), Status::Ended(Action::Success));
    second.close().unwrap();
    let third = TestApp::start(cron(), "2026-01-01T04:31:00Z").unwrap();
    assert_eq!(of(&third), expected, "nothing is missed twice");
    third.close().unwrap();
}
