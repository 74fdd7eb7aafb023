//! An app that is cut off at any moment continues where it was.

use std::time::Duration;

use rocketry_core::log::{Fact, RunLog, Write};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Overlap, Params, Part, Query, Record, Returned, Rocketry, RunId, Session, Status, Task,
    TaskBuilder, Timestamp,
};

use crate::support::{Disk, app, start};

/// Cuts an app off as kill -9 does, and starts the next one.
pub(crate) fn restart(before: TestApp, next: Rocketry, at: &str) -> TestApp {
    drop(before);
    TestApp::start(next, at).unwrap()
}

fn records(disk: &Disk, task: &str, action: Action) -> Vec<Record> {
    let query = Query::new().task(task).action(action);
    disk.query(&query).unwrap().records
}

/// Sleeps for a minute, on request.
fn long(app: Rocketry) -> Rocketry {
    let long = |session: Session| async move {
        session.clock().sleep(Duration::from_secs(60)).await;
    };
    app.task(Task::func("long", long))
}

/// Starts an app, and a long run in it.
fn start_long(disk: &Disk) -> TestApp {
    let mut app = start(long(app(disk)));
    app.session().task("long").unwrap().force_run();
    app.run_for(Duration::from_secs(10));
    app
}

#[test]
fn what_was_done_is_not_done_again() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| {
        app(disk)
            .func("daily", "daily", || {})
            .func("hourly", "hourly", || {})
            .func("every", "every 10 minutes", || {})
            .func("once", "~task 'once' has started", || {})
            .func("next", "after task 'daily'", || {})
            .func(
                "thrice",
                "every 1 minute & task 'thrice' has started today less than 3 times",
                || {},
            )
    };
    let mut before = start(tasks(&disk));
    before.run_for(Duration::from_secs(65 * 60));
    let counts = |app: &TestApp| {
        let tasks = app.session().tasks();
        let each = tasks
            .iter()
            .map(|task| (task.total(Action::Run), task.last(Action::Run)));
        each.collect::<Vec<_>>()
    };
    let known = counts(&before);
    let mut after = restart(before, tasks(&disk), "2026-01-01T01:05:30Z");
    assert_eq!(counts(&after), known, "nothing is due again");
    assert_eq!(
        after.session().task("daily").unwrap().status(),
        Status::Ended(Action::Success)
    );
    after.run_until("2026-01-01T01:10:00Z");
    let every = after
        .records(&Query::new().task("every").action(Action::Run).last(1))
        .remove(0);
    assert_eq!(
        every.due.to_string(),
        "2026-01-01T01:10:00.000000Z",
        "the grid goes on"
    );
    after.run_until("2026-01-02T00:00:00Z");
    assert_eq!(records(&disk, "daily", Action::Run).len(), 2);
    assert_eq!(records(&disk, "hourly", Action::Run).len(), 25);
    assert_eq!(records(&disk, "once", Action::Run).len(), 1);
    assert_eq!(records(&disk, "next", Action::Run).len(), 2);
    assert_eq!(records(&disk, "every", Action::Run).len(), 145);
    assert_eq!(records(&disk, "thrice", Action::Run).len(), 4);
}

/// Due in the first second of each minute, and in no other; takes 90 seconds.
fn minutely(name: &str) -> TaskBuilder {
    let long = |session: Session| async move {
        session.clock().sleep(Duration::from_secs(90)).await;
    };
    Task::func(name.to_owned(), long).start("cron with seconds 0 * * * * *")
}

fn starts_to_come(disk: &Disk) -> usize {
    let facts = disk.load().unwrap().facts;
    facts.keys().filter(|key| key.starts_with("pending/")).count()
}

#[test]
fn a_start_that_waited_for_a_run_is_made() {
    let disk = Disk::default();
    let app = |disk: &Disk| app(disk).task(minutely("work").overlap(Overlap::Queue));
    let mut before = start(app(&disk));
    before.run_for(Duration::from_secs(70));
    assert_eq!(starts_to_come(&disk), 1);
    let mut after = restart(before, app(&disk), "2026-01-01T00:01:20Z");
    after.run_for(Duration::from_secs(10));
    let run = records(&disk, "work", Action::Run).remove(1);
    assert_eq!(run.due.to_string(), "2026-01-01T00:01:00.000000Z");
    assert_eq!(run.start.to_string(), "2026-01-01T00:01:20.000000Z");
    assert_eq!(run.message.as_deref(), Some("it came while the task still ran"));
    assert_eq!(starts_to_come(&disk), 0, "it is made once");
}

#[test]
fn a_start_that_jitter_has_put_off_is_made_at_its_instant() {
    let disk = Disk::default();
    let app = |disk: &Disk| app(disk).task(minutely("work").jitter("50 s"));
    let mut before = start(app(&disk));
    before.run_for(Duration::from_millis(500));
    let at = before.session().task("work").unwrap().next_due().unwrap();
    assert!(at > before.now(), "{at}");
    let mut after = restart(before, app(&disk), "2026-01-01T00:00:02Z");
    assert_eq!(after.session().task("work").unwrap().next_due(), Some(at));
    after.run_for(Duration::from_secs(55));
    let run = records(&disk, "work", Action::Run).remove(0);
    assert_eq!(
        (run.due.to_string(), run.start),
        ("2026-01-01T00:00:00.000000Z".into(), at)
    );
    assert_eq!(starts_to_come(&disk), 0);
}

/// No task waits for a week because the clock was wrong.
#[test]
fn a_start_to_come_from_the_future_comes_soon() {
    let disk = Disk::default();
    let fact = Fact {
        key: "pending/work".into(),
        value: Some("{\"due\":1768000000000000,\"at\":1768000000000000,\"overlaps\":false}".into()),
    };
    disk.write(&Write::facts(&[fact])).unwrap();
    let mut app = TestApp::start(
        app(&disk).task(minutely("work").jitter("10 s")),
        "2026-01-01T00:00:20Z",
    )
    .unwrap();
    app.run_for(Duration::from_secs(15));
    let run = records(&disk, "work", Action::Run).remove(0);
    assert_eq!(run.start.to_string(), "2026-01-01T00:00:30.000000Z");
}

#[test]
fn a_run_that_was_cut_off_has_crashed_once() {
    let disk = Disk::default();
    let first = start_long(&disk);
    let second = restart(first, long(app(&disk)), "2026-01-01T00:05:00Z");
    let task = second.session().task("long").unwrap();
    assert_eq!(task.status(), Status::Ended(Action::Crash));
    assert!(!task.is_running());
    let third = restart(second, long(app(&disk)), "2026-01-01T00:10:00Z");
    let start = records(&disk, "long", Action::Run).remove(0);
    let [crash] = &records(&disk, "long", Action::Crash)[..] else {
        panic!("one crash")
    };
    assert_eq!(
        (&crash.run_id, crash.start, crash.due),
        (&start.run_id, start.start, start.due)
    );
    assert_eq!(crash.created.to_string(), "2026-01-01T00:05:00.000000Z");
    assert_eq!(crash.message.as_deref(), Some("the app ended while it ran"));
    assert_eq!(third.session().task("long").unwrap().total(Action::Crash), 1);
}

#[test]
fn a_run_of_a_task_that_is_gone_has_crashed_too() {
    let disk = Disk::default();
    let first = start_long(&disk);
    let second = restart(first, app(&disk), "2026-01-01T00:05:00Z");
    assert_eq!(records(&disk, "long", Action::Crash).len(), 1);
    let third = restart(second, long(app(&disk)), "2026-01-01T00:06:00Z");
    assert_eq!(
        third.session().task("long").unwrap().total(Action::Run),
        1,
        "its past is kept"
    );
}

#[test]
fn a_task_that_is_added_later_has_its_past() {
    let disk = Disk::default();
    let task = || Task::func("late", || {}).start("daily");
    let first = start(app(&disk).task(task()));
    first.session().task("late").unwrap().set_priority(7);
    let mut second = restart(first, app(&disk), "2026-01-01T00:05:00Z");
    second.settle();
    second.session().add(task()).unwrap();
    second.settle();
    let late = second.session().task("late").unwrap();
    assert_eq!(late.total(Action::Run), 1, "it has run today");
}

#[test]
fn a_retry_goes_on() {
    let disk = Disk::default();
    let fails = |disk: &Disk| {
        app(disk).func("fails", "daily | retry 2 times with backoff 10 minutes", || {
            Err::<(), _>("no")
        })
    };
    let mut first = start(fails(&disk));
    first.run_for(Duration::from_secs(15 * 60));
    assert_eq!(records(&disk, "fails", Action::Fail).len(), 2);
    let mut second = restart(first, fails(&disk), "2026-01-01T00:16:00Z");
    second.run_until("2026-01-01T12:00:00Z");
    assert_eq!(records(&disk, "fails", Action::Fail).len(), 3);
}

#[test]
fn numbers_of_runs_rise_even_if_the_clock_was_put_back() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| app(disk).func("work", "every 1 minute", || {});
    let mut first = start(tasks(&disk));
    first.run_for(Duration::from_secs(600));
    let mut second = restart(first, tasks(&disk), "2025-12-31T00:00:00Z");
    second.run_for(Duration::from_secs(600));
    let ids: Vec<RunId> = records(&disk, "work", Action::Run)
        .into_iter()
        .map(|run| run.run_id)
        .collect();
    assert!(ids.len() >= 20 && ids.is_sorted_by(|a, b| a < b), "{ids:?}");
}

#[test]
fn what_was_changed_stays_changed() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| {
        app(disk)
            .param("mode", "fast")
            .param("gone", 1)
            .task(Task::func("off", || {}).start("every 1 minute"))
            .task(Task::func("on", || {}).start("every 1 minute").disabled(true))
            .task(Task::func("moved", || {}).start("daily after 20:00"))
            .func("number", "daily", || Returned(42))
    };
    let first = start(tasks(&disk));
    let session = first.session();
    session.task("off").unwrap().disable();
    session.task("on").unwrap().enable();
    session
        .task("moved")
        .unwrap()
        .set_start("daily after 06:00")
        .unwrap();
    session.task("moved").unwrap().set_param("size", 5);
    session.set_param("mode", "slow");
    session.set_param("new", vec![1, 2]);
    session.remove_param("gone");
    let mut first = first;
    first.settle();
    let second = restart(first, tasks(&disk), "2026-01-01T01:00:00Z");
    let session = second.session();
    assert!(session.task("off").unwrap().is_disabled());
    assert!(!session.task("on").unwrap().is_disabled());
    let moved = session.task("moved").unwrap();
    assert_eq!(moved.start_condition().unwrap().to_string(), "daily after 06:00");
    let text = |key: &str| session.param(key).unwrap().read::<String>().unwrap();
    assert_eq!(text("mode"), "slow");
    assert!(session.param("gone").unwrap_err().is_not_found());
    let number = session.task("number").unwrap().result().unwrap();
    assert_eq!(number.read::<u8>().unwrap(), 42);
    assert!(session.failures().is_empty(), "{:?}", session.failures());
}

#[test]
fn what_cant_be_written_down_is_forgotten() {
    struct Opaque;
    let disk = Disk::default();
    let tasks = |disk: &Disk| app(disk).param("mode", "fast").task(Task::func("work", || {}));
    let mut first = start(tasks(&disk));
    first.session().set_param("mode", "slow");
    first.settle();
    first.session().set_param("mode", Opaque);
    first.settle();
    let second = restart(first, tasks(&disk), "2026-01-01T01:00:00Z");
    assert_eq!(
        second.session().param("mode").unwrap().get::<String>().as_deref(),
        Some("fast")
    );
}

#[test]
fn runs_that_were_asked_for_are_made() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| {
        let work = |session: Session| async move {
            session.clock().sleep(Duration::from_secs(60)).await;
        };
        app(disk).task(Task::func("work", work))
    };
    let mut first = start(tasks(&disk));
    for day in 1..=3 {
        let params = Params::new().with("day", format!("2026-01-0{day}"));
        first.session().task("work").unwrap().run(params);
    }
    first.settle();
    assert_eq!(disk.load().unwrap().facts.len(), 2, "the first has begun");
    let mut second = restart(first, tasks(&disk), "2026-01-01T01:00:00Z");
    second.run_for(Duration::from_secs(300));
    let days: Vec<String> = records(&disk, "work", Action::Run)
        .iter()
        .map(|run| run.params().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        days,
        [1, 2, 3].map(|day| format!(r#"{{"day":"2026-01-0{day}"}}"#))
    );
    assert!(disk.load().unwrap().facts.is_empty());
    assert_eq!(records(&disk, "work", Action::Success).len(), 2);
}

#[test]
fn runs_that_were_asked_for_outlive_the_end_of_the_app() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| app(disk).task(Task::func("work", || {}));
    let first = start(tasks(&disk));
    first.session().task("work").unwrap().run(Params::new());
    first.session().shut_down();
    first.close().unwrap();
    assert!(records(&disk, "work", Action::Run).is_empty());
    start(tasks(&disk)).close().unwrap();
    assert_eq!(records(&disk, "work", Action::Success).len(), 1);
}

#[test]
fn what_belongs_to_a_deleted_task_is_forgotten() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| app(disk).task(Task::func("work", || Returned(1)).start("daily"));
    let mut first = start(tasks(&disk));
    let work = first.session().task("work").unwrap();
    work.disable();
    work.set_param("size", 5);
    first.settle();
    assert_eq!(disk.load().unwrap().facts.len(), 3);
    work.delete();
    first.settle();
    assert!(
        disk.load().unwrap().facts.is_empty(),
        "{:?}",
        disk.load().unwrap().facts
    );
    drop(work);
    let second = restart(first, tasks(&disk), "2026-01-02T00:00:00Z");
    assert_eq!(second.session().task("work").unwrap().total(Action::Run), 2);
}

#[test]
fn unknown_facts_are_reported_and_kept() {
    let disk = Disk::default();
    let fact = |key: &str, value: &str| Fact {
        key: key.into(),
        value: Some(value.into()),
    };
    let facts = [
        fact("later/1", "true"),
        fact("start/work", "\"every 25 o'clock\""),
        fact("priority/work", "\"x\""),
    ];
    disk.write(&Write::facts(&facts)).unwrap();
    let app = start(app(&disk).func("work", "daily", || {}));
    let failures = app.session().failures();
    assert_eq!(failures.len(), 3, "{failures:#?}");
    assert!(failures.iter().all(|failure| failure.part == Part::Log));
    assert_eq!(app.session().task("work").unwrap().total(Action::Success), 1);
    assert_eq!(disk.load().unwrap().facts.len(), 3);
}

#[test]
fn a_log_from_the_future_is_no_obstacle() {
    let disk = Disk::default();
    let tasks = |disk: &Disk| {
        app(disk)
            .func("daily", "daily", || {})
            .func("every", "every 1 hour", || {})
    };
    let mut first = TestApp::start(tasks(&disk), "2027-01-01T00:00:00Z").unwrap();
    first.run_for(Duration::from_secs(3600));
    let mut second = restart(first, tasks(&disk), "2026-01-01T00:00:00Z");
    second.run_until("2026-01-03T00:00:00Z");
    let since: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let until: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    let starts = |task: &str| {
        disk.query(&Query::new().task(task).action(Action::Run).created(since..until))
            .unwrap()
    };
    assert_eq!(starts("daily").records.len(), 2, "from the second day on");
    assert!(starts("every").records.len() >= 48);
}
