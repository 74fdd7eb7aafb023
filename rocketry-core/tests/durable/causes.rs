//! What made runs start, and which runs let them start, as the log keeps it.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Cause, Params, Query, Record, RunRef, Session, Task};

use crate::support::{Disk, app, start};

fn starts(app: &TestApp, task: &str) -> Vec<Record> {
    let records = app.records(&Query::new().task(task));
    records
        .into_iter()
        .filter(|record| !record.action.is_end())
        .collect()
}

fn causes(app: &TestApp, task: &str) -> Vec<String> {
    let starts = starts(app, task);
    starts
        .iter()
        .map(|start| start.cause().unwrap().to_string())
        .collect()
}

#[test]
fn a_start_says_what_made_it() {
    let disk = Disk::default();
    let failing = || Err::<(), _>("no network");
    let mut app = start(
        app(&disk)
            .func("fetch", "daily | retry 2 times with backoff 10 seconds", failing)
            .func("other", "daily", || {})
            .task(Task::func("opening", || {}).on_startup(true))
            .task(Task::func("closing", || {}).on_shutdown(true)),
    );
    app.run_for(Duration::from_secs(60));
    assert_eq!(causes(&app, "fetch"), ["statement", "retry 1", "retry 2"]);
    assert_eq!(causes(&app, "opening"), ["start_up"]);
    let other = app.session().task("other").unwrap();
    drop(other.run(Params::new()));
    drop(other.run_by("alice", Params::new()));
    drop(app.session().run(["other", "opening"]).unwrap());
    drop(app.session().run(["other"]).unwrap());
    app.settle();
    assert_eq!(
        causes(&app, "other"),
        ["statement", "request", "request by alice", "batch", "request"]
    );
    let session = app.session().clone();
    app.shut_down();
    let closing = session.log(&Query::new().task("closing")).unwrap();
    assert_eq!(closing[0].cause(), Some(&Cause::ShutDown));
    assert_eq!(closing[1].cause(), None, "an end has none");
}

#[test]
fn a_request_that_outlives_its_app_keeps_who_made_it() {
    let disk = Disk::default();
    let slow = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let make = |disk: &Disk| app(disk).task(Task::func("slow", slow));
    let mut first = start(make(&disk));
    let task = first.session().task("slow").unwrap();
    drop(task.run_by("alice", Params::new()));
    drop(task.run_by("bob", Params::new()));
    first.settle();
    drop(first);
    let mut second = start(make(&disk));
    second.run_for(Duration::from_secs(120));
    assert_eq!(causes(&second, "slow"), ["request by alice", "request by bob"]);
}

#[test]
fn a_run_that_is_made_again_after_a_crash_says_so() {
    let disk = Disk::default();
    let slow = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let make = |disk: &Disk| app(disk).func("slow", "daily", slow);
    drop(start(make(&disk)));
    let mut second = start(make(&disk));
    second.run_for(Duration::from_secs(120));
    assert_eq!(causes(&second, "slow"), ["statement", "restart"]);
}

#[test]
fn a_start_names_the_runs_that_let_it_start() {
    let disk = Disk::default();
    let app = start(
        app(&disk)
            .func("fetch", "daily", || {})
            .func("load", "daily", || {})
            .func("report", "after tasks 'fetch', 'load'", || {})
            .func("alarm", "after any tasks 'fetch', 'load' failed", || {}),
    );
    let run = |task: &str| RunRef {
        task: task.into(),
        run_id: starts(&app, task)[0].run_id.clone(),
    };
    let (fetch, load, report) = (run("fetch"), run("load"), run("report"));
    assert_eq!(
        starts(&app, "report")[0].upstream(),
        [fetch.clone(), load.clone()]
    );
    assert_eq!(starts(&app, "alarm"), []);
    let task = |name: &str| app.session().task(name).unwrap();
    assert_eq!(
        task("report").upstream(&report.run_id).unwrap(),
        [fetch.clone(), load]
    );
    assert_eq!(
        task("fetch").downstream(&fetch.run_id).unwrap(),
        std::slice::from_ref(&report)
    );
    assert_eq!(task("report").downstream(&report.run_id).unwrap(), []);
    assert_eq!(task("fetch").upstream(&fetch.run_id).unwrap(), []);
}

#[test]
fn a_delay_waits_for_the_run_that_ended_before_it() {
    let disk = Disk::default();
    let mut app = start(app(&disk).func("fetch", "every 10 minutes", || {}).func(
        "report",
        "15 minutes after task 'fetch'",
        || {},
    ));
    app.run_for(Duration::from_secs(15 * 60));
    let fetched = starts(&app, "fetch");
    assert_eq!(fetched.len(), 2);
    assert_eq!(starts(&app, "report")[0].upstream()[0].run_id, fetched[0].run_id);
}

#[test]
fn the_run_that_lets_another_start_is_known_after_a_restart() {
    let disk = Disk::default();
    let make = |disk: &Disk, disabled: bool| {
        app(disk).func("fetch", "daily", || {}).task(
            Task::func("report", || {})
                .start("after task 'fetch'")
                .disabled(disabled),
        )
    };
    drop(start(make(&disk, true)));
    let second = start(make(&disk, false));
    let fetched = starts(&second, "fetch").remove(0).run_id;
    assert_eq!(starts(&second, "report")[0].upstream()[0].run_id, fetched);
}

#[test]
fn a_requested_run_has_no_run_upstream() {
    let disk = Disk::default();
    let mut app = start(
        app(&disk)
            .func("fetch", "daily", || {})
            .func("report", "after task 'fetch'", || {}),
    );
    drop(app.session().task("report").unwrap().run(Params::new()));
    app.settle();
    assert_eq!(starts(&app, "report")[1].upstream(), []);
}

#[test]
fn downstream_is_upstream_seen_from_the_other_side() {
    let disk = Disk::default();
    let mut app = start(
        app(&disk)
            .func("fetch", "every 10 minutes", || {})
            .func("report", "after task 'fetch'", || {})
            .func("delayed", "15 minutes after task 'fetch'", || {})
            .func("seldom", "every 35 minutes & after task 'fetch'", || {})
            .func("other", "every 10 minutes", || {}),
    );
    app.run_for(Duration::from_secs(3 * 60 * 60));
    let all = app.records(&Query::new().action(Action::Run));
    let fetch = app.session().task("fetch").unwrap();
    for fetched in starts(&app, "fetch") {
        let lets_start = |start: &&Record| start.upstream().iter().any(|run| run.run_id == fetched.run_id);
        let of_fetched = all.iter().filter(lets_start);
        let expected: Vec<_> = of_fetched.map(|start| start.run_id.clone()).collect();
        let found = fetch.downstream(&fetched.run_id).unwrap();
        let found: Vec<_> = found.into_iter().map(|run| run.run_id).collect();
        assert_eq!(found, expected);
    }
}
