//! Starts that are missed while the app is down are made up for.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Cause, Config, Query, Record, Rocketry, Session, SkipReason, Task, TaskDefaults, Timestamp, Zone,
};

use crate::recovery::restart;
use crate::support::{self, Disk};

/// An app with a task that catches up and whose runs take a while.
fn app(disk: &Disk, start: &str, policy: &str, seconds: u64) -> Rocketry {
    let function = move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    };
    let task = Task::func("work", function).start(start).catch_up(policy);
    support::app(disk).task(task)
}

fn begun(app: &TestApp) -> Vec<Record> {
    app.records(&Query::new().task("work").action(Action::Run))
}

/// When runs were due, with their causes.
fn due(records: &[Record]) -> Vec<String> {
    let line = |record: &Record| {
        let cause = record.cause().unwrap().to_string();
        format!("{} {cause}", &record.due.to_string()[5..16])
    };
    records.iter().map(line).collect()
}

/// The runs after a break of the app from the first of January at 08:00 on.
fn after_break(start: &str, policy: &str, until: &str) -> (Vec<String>, u64) {
    let disk = Disk::default();
    let mut first = TestApp::start(app(&disk, start, policy, 0), "2026-01-01T00:00:00Z").unwrap();
    first.run_until("2026-01-01T08:00:00Z");
    let before = begun(&first).len();
    first.close().unwrap();
    let second = TestApp::start(app(&disk, start, policy, 0), until).unwrap();
    let misfires = second
        .session()
        .task("work")
        .unwrap()
        .skipped(SkipReason::Misfire);
    (due(&begun(&second)[before..]), misfires)
}

#[test]
fn each_missed_start_is_made_with_its_instant() {
    for start in ["cron 0 7 * * *", "daily at 07:00", "daily after 07:00"] {
        let (runs, misfires) = after_break(start, "all", "2026-01-04T09:00:00Z");
        let expected = [
            "01-02T07:00 catch_up",
            "01-03T07:00 catch_up",
            "01-04T07:00 catch_up",
        ];
        assert_eq!(runs, expected, "{start}");
        assert_eq!(misfires, 0, "{start}");
    }
    let (runs, _) = after_break("every 40 minutes", "all", "2026-01-01T10:30:00Z");
    let expected = ["08:40", "09:20", "10:00"].map(|at| format!("01-01T{at} catch_up"));
    assert_eq!(runs, expected);
}

#[test]
fn the_last_or_none_is_made_and_the_others_are_misfires() {
    for start in ["cron 0 7 * * *", "daily after 07:00"] {
        let last = after_break(start, "last", "2026-01-04T09:00:00Z");
        assert_eq!(last, (vec!["01-04T07:00 catch_up".to_owned()], 2), "{start}");
        let none = after_break(start, "none", "2026-01-04T09:00:00Z");
        assert_eq!(none, (Vec::new(), 3), "{start}");
    }
}

#[test]
fn a_start_before_the_window_is_a_misfire() {
    let all = after_break("cron 0 7 * * *", "all within 30 hours", "2026-01-04T09:00:00Z");
    let runs = ["01-03T07:00 catch_up", "01-04T07:00 catch_up"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(all, (runs, 1));
    let last = after_break("cron 0 7 * * *", "last within 1 hour", "2026-01-04T09:00:00Z");
    assert_eq!(last, (Vec::new(), 3));
}

#[test]
fn a_start_that_is_late_by_less_than_a_minute_is_not_missed() {
    let late = after_break("daily after 09:00", "none", "2026-01-01T09:00:50Z");
    assert_eq!(late, (vec!["01-01T09:00 statement".to_owned()], 0));
    let missed = after_break("daily after 09:00", "none", "2026-01-01T09:01:10Z");
    assert_eq!(missed, (Vec::new(), 1));
}

#[test]
fn the_schedule_goes_on_after_the_last_missed_start() {
    let disk = Disk::default();
    let start = |at: &str| TestApp::start(app(&disk, "every 1 hour", "all", 60), at).unwrap();
    let mut first = start("2026-01-01T00:00:00Z");
    first.run_until("2026-01-01T01:30:00Z");
    first.close().unwrap();
    let mut second = start("2026-01-01T04:30:00Z");
    second.run_until("2026-01-01T06:00:00Z");
    let times = begun(&second)
        .iter()
        .map(|run| run.created.to_string()[11..16].to_owned())
        .collect::<Vec<_>>();
    assert_eq!(
        times,
        ["00:00", "01:00", "04:30", "04:31", "04:32", "05:00", "06:00"]
    );
}

#[test]
fn the_starts_that_are_left_can_be_cancelled() {
    let disk = Disk::default();
    let start = |at: &str| TestApp::start(app(&disk, "every 1 hour", "all", 60), at).unwrap();
    let mut first = start("2026-01-01T00:00:00Z");
    first.run_until("2026-01-01T01:30:00Z");
    first.close().unwrap();
    let mut second = start("2026-01-05T04:30:00Z");
    second.run_until("2026-01-05T04:32:30Z");
    let work = second.session().by("ann").task("work").unwrap();
    let made = begun(&second).len();
    let left = work.info().catching_up;
    // 99 hours were missed; three are made.
    assert_eq!((made, left), (2 + 3, 96));
    let text = work.explain().to_string();
    assert!(
        text.contains("makes up for missed starts: all within 365 days; 96 are still to be made"),
        "{text}"
    );
    assert_eq!((work.cancel_catch_up(), work.cancel_catch_up()), (96, 0));
    assert_eq!(
        (work.info().catching_up, work.skipped(SkipReason::Asked)),
        (0, 96)
    );
    assert!(
        work.explain()
            .to_string()
            .contains("makes up for missed starts: all within 365 days\n")
    );
    let audit = second.session().audit()[0].to_string();
    assert_eq!(
        audit,
        "ann: `cancel-catch-up` of task `work`, to `96 starts fewer`"
    );
    second.run_until("2026-01-05T05:30:00Z");
    assert_eq!(begun(&second).len(), made + 1, "the schedule goes on at 05:00");
    drop(second);
    let mut third = start("2026-01-05T05:40:00Z");
    third.run_until("2026-01-05T06:30:00Z");
    assert_eq!(begun(&third).len(), made + 2, "none comes back after a restart");
}

#[test]
fn a_start_of_the_schedule_goes_first_and_none_is_lost_to_those_that_are_made_up_for() {
    let disk = Disk::default();
    let start = |at: &str| TestApp::start(app(&disk, "cron */10 * * * *", "all", 15 * 60), at).unwrap();
    let mut first = start("2026-01-01T00:00:00Z");
    first.run_until("2026-01-01T00:05:00Z");
    drop(first);
    let mut second = start("2026-01-01T00:25:00Z");
    second.run_until("2026-01-01T02:00:00Z");
    let due = begun(&second)
        .iter()
        .map(|run| run.due.to_string()[11..16].to_owned())
        .collect::<Vec<_>>();
    let expected = [
        "00:00", "00:00", "00:40", "00:10", "01:10", "00:20", "01:40", "00:30",
    ];
    assert_eq!(due, expected);
}

#[test]
fn what_came_while_a_task_was_held_back_or_unknown_is_not_missed() {
    let disk = Disk::default();
    let mut first = TestApp::start(app(&disk, "cron 0 7 * * *", "all", 0), "2026-01-01T08:00:00Z").unwrap();
    first.session().task("work").unwrap().disable();
    first.run_for(Duration::from_secs(1));
    first.close().unwrap();
    let second = TestApp::start(app(&disk, "cron 0 7 * * *", "all", 0), "2026-01-03T08:00:00Z").unwrap();
    second.session().task("work").unwrap().enable();
    second.close().unwrap();
    let third = TestApp::start(app(&disk, "cron 0 7 * * *", "all", 0), "2026-01-04T08:00:00Z").unwrap();
    assert_eq!(
        due(&begun(&third)),
        ["01-04T07:00 catch_up"],
        "it has never run, but the log knows it"
    );
    let new = Task::func("new", || async {})
        .start("cron 0 7 * * *")
        .catch_up("all");
    let fourth = app(&disk, "cron 0 7 * * *", "all", 0).task(new);
    let fourth = restart(third, fourth, "2026-01-05T08:00:00Z");
    assert_eq!(fourth.starts("new").len(), 0);
    assert_eq!(begun(&fourth).len(), 2);
}

#[test]
fn a_late_scheduler_catches_up_as_well() {
    for (policy, expected) in [
        ("all", &["00:00", "00:10", "00:20", "00:30"][..]),
        ("last", &["00:00", "00:30"]),
        ("none", &["00:00"]),
    ] {
        let mut app = TestApp::start(
            app(&Disk::default(), "hourly at 10:00, 20:00, 30:00", policy, 0),
            "2026-01-01T00:00:00Z",
        )
        .unwrap();
        app.session().task("work").unwrap().force_run();
        app.settle();
        app.sleep_until("2026-01-01T00:35:00Z");
        app.settle();
        let due: Vec<String> = begun(&app)
            .iter()
            .map(|run| run.due.to_string()[11..16].to_owned())
            .collect();
        assert_eq!(due, expected, "{policy}");
    }
}

#[test]
fn what_is_made_up_for_is_foreseen_and_explained() {
    let disk = Disk::default();
    let make = || app(&disk, "cron 0 7 * * *", "all", 60);
    let mut first = TestApp::start(make(), "2026-01-01T00:00:00Z").unwrap();
    first.run_until("2026-01-01T08:00:00Z");
    first.close().unwrap();
    let built = make().build().unwrap();
    let simulation = built.simulate("2026-01-03T09:00:00Z", "2026-01-04T12:00:00Z");
    let simulated = simulation.takes("work", Duration::from_secs(60)).run().unwrap();
    let told = |at: Timestamp| at.to_string()[5..16].to_owned();
    let runs: Vec<_> = simulated
        .runs
        .iter()
        .map(|run| (told(run.due), told(run.start)))
        .collect();
    let expected = [
        ("01-02T07:00", "01-03T09:00"),
        ("01-03T07:00", "01-03T09:01"),
        ("01-04T07:00", "01-04T07:00"),
    ];
    assert_eq!(
        runs,
        expected.map(|(due, start)| (due.to_owned(), start.to_owned()))
    );
    drop(built);

    let mut second = TestApp::start(make(), "2026-01-03T09:00:00Z").unwrap();
    second.run_for(Duration::from_secs(30));
    let work = second.session().task("work").unwrap();
    let starts: Vec<_> = work
        .preview()
        .unwrap()
        .take(2)
        .map(|start| told(start.due))
        .collect();
    assert_eq!(starts, ["01-03T07:00", "01-04T07:00"]);
    let info = work.info();
    assert_eq!(
        (info.catching_up, info.next_due.map(told)),
        (1, Some("01-04T07:00".to_owned()))
    );
    let why = work.explain().to_string();
    assert!(
        why.contains("makes up for missed starts: all within 365 days; one is still to be made"),
        "{why}"
    );
    let after = work
        .explain_at("2026-01-03T09:00:40Z".parse::<Timestamp>().unwrap())
        .unwrap();
    assert_eq!(after.catching_up, 1);
}

#[test]
fn the_default_applies_where_past_starts_can_be_told() {
    let defaults = TaskDefaults {
        catch_up: Some("last".parse().unwrap()),
        ..TaskDefaults::default()
    };
    let config = Config {
        zone: Zone::UTC,
        task_defaults: defaults,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .func("source", "daily", || async {})
        .func("next", "after task 'source'", || async {});
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let policy = |task: &str| {
        app.session()
            .task(task)
            .unwrap()
            .info()
            .catch_up
            .map(|policy| policy.to_string())
    };
    assert_eq!(policy("source").as_deref(), Some("last within 365 days"));
    assert_eq!(policy("next"), None);
}

#[test]
fn past_starts_that_are_unknown_are_a_mistake() {
    let next = Task::func("next", || async {})
        .start("after task 'source'")
        .catch_up("all");
    let app = Rocketry::builder()
        .func("source", "daily", || async {})
        .task(next);
    let mistake = app.build().unwrap_err().to_string();
    assert!(
        mistake.contains("task `next`: with `catch_up` = `all within 365 days`"),
        "{mistake}"
    );
    let task = Task::func("next", || async {}).start("daily").catch_up("al");
    let mistake = Rocketry::builder().task(task).build().unwrap_err().to_string();
    assert!(
        mistake.contains("catch_up of task `next`") && mistake.contains("did you mean `all`?"),
        "{mistake}"
    );
}

/// A time that an app is up, and how it ends: in order or not, and how long before it can still write.
#[derive(Clone, Debug)]
struct Life {
    up: u64,
    down: u64,
    is_killed: bool,
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (1_u64..20_000, 1_u64..40_000, any::<bool>());
    let life = life.prop_map(|(up, down, is_killed)| Life { up, down, is_killed });
    prop::collection::vec(life, 1..6)
}

fn statement() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "cron */10 * * * *",
        "cron 13 */2 * * *",
        "daily at 01:30, 07:00, 13:00",
        "daily after 05:00",
        "hourly before 20:00",
        "every 25 minutes",
        "daily between 03:00 and 04:00 | daily at 12:00",
        "hourly at 15:00 & time of day between 02:00 and 18:00",
    ])
}

/// Runs an app through its lives; returns its log at the end, at the instant when all is done.
fn live(start: &str, policy: &str, seconds: u64, lives: &[Life]) -> (Disk, Timestamp) {
    let disk = Disk::default();
    let mut at: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    for Life { up, down, is_killed } in lives {
        let mut test = TestApp::start(app(&disk, start, policy, seconds), at).unwrap();
        test.run_for(Duration::from_secs(*up));
        at = Timestamp::from_micros(test.now().as_micros() + i64::try_from(down * 1_000_000).unwrap());
        if *is_killed {
            drop(test);
        } else {
            test.close().unwrap();
        }
    }
    let mut last = TestApp::start(app(&disk, start, policy, seconds), at).unwrap();
    last.run_for(Duration::from_secs(4 * 24 * 60 * 60));
    (disk, at)
}

/// How often a run for each instant has ended, other than by a crash or by the end of its app.
fn made(disk: &Disk, until: Timestamp) -> BTreeMap<Timestamp, usize> {
    let records = disk.query(&Query::new().task("work")).unwrap().records;
    let mut made = BTreeMap::new();
    let ended = records
        .iter()
        .filter(|record| record.action == Action::Success && record.due <= until);
    ended.for_each(|record| *made.entry(record.due).or_default() += 1);
    made
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(48))]

    /// Whatever happens to the app, each start is made once that an app makes which runs all the time.
    #[test]
    fn nothing_is_lost_and_nothing_is_made_twice(
        (start, lives) in (statement(), lives()), seconds in prop::sample::select(vec![0, 40]),
    ) {
        let (disk, until) = live(start, "all", seconds, &lives);
        let reference = Disk::default();
        let mut test = TestApp::start(app(&reference, start, "all", 0), "2026-03-01T00:00:00Z").unwrap();
        test.run_until(until);
        let (made, expected) = (made(&disk, until), made(&reference, until));
        prop_assert_eq!(made, expected);
    }

    /// Of several starts that were missed at once, `last` makes the last, and `none` makes none: no start has an instant at
    /// which the app was down, apart from the last before each start of the app.
    #[test]
    fn no_more_than_the_policy_says_is_made(
        (start, lives) in (statement(), lives()), policy in prop::sample::select(vec!["none", "last"]),
    ) {
        let (disk, _) = live(start, policy, 0, &lives);
        let records = disk.query(&Query::new().task("work").action(Action::Run)).unwrap().records;
        let caught_up = records.iter().filter(|record| record.cause() == Some(&Cause::CatchUp)).count();
        let most = if policy == "none" { 0 } else { lives.len() };
        prop_assert!(caught_up <= most, "{} runs in {} breaks", caught_up, lives.len());
        let late = records.iter().filter(|record| record.cause() != Some(&Cause::CatchUp));
        let late: Vec<_> = late.filter(|record| record.lateness() >= Duration::from_secs(60)).collect();
        prop_assert!(late.is_empty(), "{late:?}");
    }
}

/// An app that starts at the very instant of a start makes that one, too, whatever it makes of those before.
#[test]
fn a_start_that_is_due_when_the_app_starts_is_made() {
    let made = |policy| {
        let lives = [Life {
            up: 600,
            down: 3_000,
            is_killed: false,
        }];
        let (disk, until) = live("cron */10 * * * *", policy, 0, &lives);
        assert_eq!(until.to_string(), "2026-03-01T01:00:00.000000Z");
        let made = made(&disk, until).into_keys();
        made.map(|due| due.to_string()[11..16].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        made("all"),
        ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:00"]
    );
    assert_eq!(made("last"), ["00:00", "00:10", "01:00"]);
    assert_eq!(made("none"), ["00:00", "00:10", "01:00"]);
}
