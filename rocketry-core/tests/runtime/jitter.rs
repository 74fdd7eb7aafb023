//! Starts that are spread.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Params, Query, Record, Session, Task, TaskBuilder};

use crate::support::{app, ready, start, times};

fn work(condition: &str) -> TaskBuilder {
    Task::func("work", || async {})
        .start(condition.to_owned())
        .jitter("30 s")
}

fn runs(app: &TestApp) -> Vec<Record> {
    app.records(&Query::new().task("work").action(Action::Run))
}

fn lateness(app: &TestApp) -> Vec<Duration> {
    runs(app).iter().map(Record::lateness).collect()
}

#[test]
fn a_start_is_made_later_than_it_is_due() {
    let mut app = start(app().task(work("hourly")));
    let task = app.session().task("work").unwrap();
    let waits_for = task.waits_for().unwrap();
    assert!(
        waits_for.starts_with("its jitter, until 2026-01-01T00:00:"),
        "{waits_for}"
    );
    app.run_for(Duration::from_secs(24 * 3600 - 1));
    let runs = runs(&app);
    assert_eq!(runs.len(), 24);
    for (run, hour) in runs.iter().zip(0..) {
        assert_eq!(run.due.to_string(), format!("2026-01-01T{hour:02}:00:00.000000Z"));
        assert_eq!(run.created, run.start);
        assert!(run.lateness() < Duration::from_secs(30));
    }
    assert!(waits_for.ends_with(&runs[0].start.to_string()));
    let first = runs[0].lateness();
    assert!(
        runs.iter().any(|run| run.lateness() != first),
        "each instant has its own"
    );
}

#[test]
fn the_delay_follows_from_the_name_and_the_instant() {
    let hour = |name: &'static str| {
        let task = Task::func(name, || async {}).start("hourly").jitter("10 minutes");
        let mut app = start(app().task(task));
        app.run_for(Duration::from_secs(3600 - 1));
        app.starts(name)[0].to_string()
    };
    // These never change, in no version.
    assert_eq!(hour("north"), "2026-01-01T00:05:54.471713Z");
    assert_eq!(hour("south"), "2026-01-01T00:06:11.710427Z");
}

#[test]
fn delays_do_not_add_up() {
    let mut app = start(app().task(work("every 1 minute")));
    app.run_for(Duration::from_secs(100 * 60));
    let dues: Vec<i64> = runs(&app).iter().map(|run| run.due.as_micros()).collect();
    assert!(dues.len() >= 100);
    assert!(dues.windows(2).all(|pair| pair[1] - pair[0] == 60_000_000));
}

#[test]
fn a_start_is_made_even_if_its_moment_is_over() {
    let mut app = start(app().task(work("cron with seconds 0 0 * * * *")));
    app.run_for(Duration::from_secs(3599));
    assert_eq!(app.starts("work").len(), 1);
    assert!(lateness(&app)[0] > Duration::from_secs(1), "its second was over");
}

#[test]
fn an_event_is_followed_later() {
    let mut app = start(
        app()
            .func("first", "hourly", || async {})
            .task(work("after task 'first'")),
    );
    app.run_for(Duration::from_secs(3599));
    assert_eq!(app.starts("work").len(), 1);
    assert_eq!(runs(&app)[0].due, app.starts("first")[0]);
    assert_ne!(lateness(&app)[0], Duration::ZERO);
}

#[test]
fn what_is_asked_for_is_not_spread() {
    let mut app = start(app().task(work("daily after 07:00")));
    app.session().task("work").unwrap().run(Params::new());
    app.settle();
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    app.run_until("2026-01-01T07:00:00Z");
    assert_eq!(app.starts("work").len(), 1, "it is due, and waits");
    let mut due = app.session().run_due(["work"]).unwrap();
    app.settle();
    assert_eq!(ready(&mut due).unwrap().unwrap().len(), 1);
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "07:00:00"]);
}

#[test]
fn a_start_is_not_made_if_its_task_is_disabled_or_has_another_condition_meanwhile() {
    let after = |act: fn(&Task)| {
        let mut app = start(app().task(work("hourly")));
        act(&app.session().task("work").unwrap());
        app.run_for(Duration::from_secs(60));
        app.starts("work").len()
    };
    assert_eq!(after(|_| {}), 1);
    assert_eq!(after(Task::disable), 0);
    assert_eq!(after(|task| task.set_start("never").unwrap()), 0);
    assert_eq!(after(Task::delete), 0);
    assert_eq!(after(|task| task.set_param("unrelated", 5)), 1);
}

#[test]
fn a_start_is_not_made_while_its_task_still_runs() {
    let minutes = |session: Session| async move { session.clock().sleep(Duration::from_secs(90)).await };
    let mut app = start(
        app().task(
            Task::func("work", minutes)
                .start("cron with seconds 0 0 * * * *")
                .jitter("30 s"),
        ),
    );
    app.session().task("work").unwrap().run(Params::new());
    app.run_for(Duration::from_secs(3600));
    assert_eq!(times(&app, "work"), ["00:00:00"]);
}

#[test]
fn a_late_scheduler_makes_it_at_once_and_knows_when_it_was_due() {
    let mut app = start(app().task(work("daily after 07:00")));
    app.sleep_until("2026-01-01T09:30:00Z");
    assert_eq!(times(&app, "work"), ["09:30:00"]);
    assert_eq!(lateness(&app), [Duration::from_secs(9000)]);
}

#[test]
fn the_next_start_is_reported_with_its_delay() {
    let mut app = start(app().task(work("cron with seconds 0 0 * * * *")));
    let task = app.session().task("work").unwrap();
    let told = || task.next_due().unwrap();
    let first = told();
    app.run_for(Duration::from_secs(2));
    assert_eq!(told(), first, "its second is over, and it is still to come");
    app.run_for(Duration::from_secs(58));
    let second = told();
    app.run_for(Duration::from_secs(3600));
    assert_eq!(app.starts("work"), [first, second]);
    task.disable();
    assert_eq!(task.next_due(), None);
}

#[test]
fn no_condition_is_evaluated_while_a_start_waits() {
    let mut app = start(app().task(work("hourly")));
    let cycles = app.session().cycles();
    let run = |app: &mut TestApp, micros| app.run_for(Duration::from_micros(micros));
    for _ in 0..10 {
        run(&mut app, 1000);
    }
    assert_eq!(app.session().cycles(), cycles);
    assert_eq!(app.starts("work").len(), 0);
}

#[test]
fn a_start_that_is_due_is_made_after_a_restart() {
    let mut app = start(app().task(work("cron with seconds 0 0 * * * *")));
    app.session().restart().unwrap();
    app.run_for(Duration::from_secs(60));
    assert_eq!(app.starts("work").len(), 1);
    assert!(lateness(&app)[0] > Duration::from_secs(1));
}

#[test]
fn no_start_is_made_when_the_app_shuts_down_meanwhile() {
    let mut app = start(app().task(work("hourly")));
    let session = app.session().clone();
    session.shut_down();
    app.run_for(Duration::from_secs(60));
    assert_eq!(session.task("work").unwrap().total(Action::Run), 0);
}
