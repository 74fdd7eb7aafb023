//! Backfills: runs for past instants at which a task was due.

use std::ops::Range;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, BackfillPlan, Cause, Due, Event, FirstRun, Params, Query, Record, Rocketry, Session, Task,
    Timestamp,
};

use crate::support::{app, ready, times};

fn at(text: &str) -> Timestamp {
    format!("2026-01-{text}Z").parse().unwrap()
}

fn range(from: &str, to: &str) -> Range<Timestamp> {
    at(from)..at(to)
}

fn start(app: Rocketry) -> TestApp {
    TestApp::start(app, "2026-01-10T12:00:00Z").unwrap()
}

/// An app whose task takes a minute for each run.
fn slow(condition: &str, max_running: u32) -> TestApp {
    let function = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let task = Task::func("work", function)
        .start(condition.to_owned())
        .first_run(FirstRun::Wait)
        .max_running(max_running);
    start(app().task(task))
}

fn plan(app: &TestApp, from: &str, to: &str) -> BackfillPlan {
    app.session()
        .task("work")
        .unwrap()
        .backfill(range(from, to))
        .unwrap()
}

fn runs(app: &TestApp) -> Vec<Record> {
    app.records(&Query::new().task("work").action(Action::Run))
}

#[test]
fn each_instant_has_a_run_that_is_due_then() {
    let seen = |due: Due, session: Session| async move {
        session.set_param("seen", due.0.to_string());
    };
    let mut app = start(app().task(Task::func("work", seen).start("daily after 07:00")));
    let plan = plan(&app, "01T00:00:00", "04T07:00:00").by("alice");
    assert_eq!(
        plan.instants(),
        ["01T07:00:00", "02T07:00:00", "03T07:00:00"].map(at),
        "the end is not part of it"
    );
    assert_eq!(runs(&app).len(), 1, "a plan runs nothing");
    let backfill = plan.start().unwrap();
    app.settle();
    let runs = &runs(&app)[1..];
    let due: Vec<Timestamp> = runs.iter().map(|run| run.due).collect();
    assert_eq!(due, ["01T07:00:00", "02T07:00:00", "03T07:00:00"].map(at));
    let cause = Cause::Backfill {
        by: Some("alice".into()),
    };
    assert!(
        runs.iter()
            .all(|run| run.cause() == Some(&cause) && run.start == at("10T12:00:00"))
    );
    let progress = backfill.progress().unwrap();
    assert_eq!(
        (
            progress.total,
            progress.begun,
            progress.succeeded,
            progress.failed
        ),
        (3, 3, 3, 0)
    );
    assert!(progress.is_over() && app.session().task("work").unwrap().backfill_under_way().is_none());
    assert!(
        app.session()
            .param("seen")
            .unwrap()
            .get::<String>()
            .unwrap()
            .contains("2026-01-03")
    );
}

/// An app that ran all the time would have made the run of that period earlier.
#[test]
fn a_period_that_has_begun_before_the_range_has_no_part_in_it() {
    let instants = |condition: &'static str, from: &str, to: &str| {
        let app = start(app().task(Task::func("work", || async {}).start(condition).disabled(true)));
        plan(&app, from, to).instants().to_vec()
    };
    let days = |text: &[&str]| text.iter().map(|text| at(text)).collect::<Vec<_>>();
    assert_eq!(
        instants("hourly", "05T09:40:00", "05T11:30:00"),
        days(&["05T10:00:00", "05T11:00:00"])
    );
    assert_eq!(
        instants("hourly", "05T09:00:00", "05T11:00:00"),
        days(&["05T09:00:00", "05T10:00:00"])
    );
    assert_eq!(
        instants("daily after 07:00", "05T14:00:00", "07T08:00:00"),
        days(&["06T07:00:00", "07T07:00:00"])
    );
    // An interval has no other beginning.
    assert_eq!(
        instants("every 1 hour", "05T09:40:00", "05T11:30:00"),
        days(&["05T09:40:00", "05T10:40:00"])
    );
}

#[test]
fn a_clock_change_is_followed_as_the_scheduler_does() {
    let task = |statement: &str| {
        Task::func("work", || async {})
            .start(statement.to_owned())
            .timezone("Europe/Helsinki")
            .first_run(FirstRun::Wait)
    };
    for (statement, expected) in [
        // 03:30 does not exist on 29 March 2026.
        (
            "daily at 03:30",
            [
                "2026-03-28T01:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:30:00Z",
            ],
        ),
        (
            "cron 30 3 * * *",
            [
                "2026-03-28T01:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:30:00Z",
            ],
        ),
    ] {
        let app = TestApp::start(app().task(task(statement)), "2026-06-01T00:00:00Z").unwrap();
        let from = "2026-03-27T22:00:00Z".parse().unwrap();
        let to = "2026-03-30T21:00:00Z".parse().unwrap();
        let plan = app.session().task("work").unwrap().backfill(from..to).unwrap();
        let expected: Vec<Timestamp> = expected.iter().map(|text| text.parse().unwrap()).collect();
        assert_eq!(plan.instants(), expected, "{statement}");
    }
}

#[test]
fn only_what_was_missed_is_made_up_for() {
    let mut app = start(app().func("work", "every 1 hour", || async {}));
    app.run_until("2026-01-10T15:30:00Z");
    app.session().task("work").unwrap().disable();
    app.run_until("2026-01-10T18:30:00Z");
    app.session().task("work").unwrap().enable();
    app.run_until("2026-01-10T19:00:00Z");
    let all = plan(&app, "10T14:30:00", "10T18:30:00");
    let hours = ["10T15:00:00", "10T16:00:00", "10T17:00:00", "10T18:00:00"].map(at);
    assert_eq!(all.instants(), hours, "the grid is that of the last run before");
    let missed = all.missed().unwrap();
    assert_eq!(missed.instants(), &hours[1..]);
    missed.start().unwrap();
    app.settle();
    let again = plan(&app, "10T14:30:00", "10T18:30:00").missed().unwrap();
    assert_eq!(again.instants(), [], "{again}");
    assert_eq!(
        again.to_string(),
        "no run of task `work` from 2026-01-10T14:30:00.000000Z to 2026-01-10T18:30:00.000000Z"
    );
}

#[test]
fn as_many_runs_are_made_at_a_time_as_wanted() {
    for (at_a_time, max_running, minutes) in [(1, 8, 6_u64), (2, 8, 3), (4, 3, 2), (0, 8, 6)] {
        let mut app = slow("daily after 07:00", max_running);
        let backfill = plan(&app, "01T00:00:00", "07T00:00:00")
            .at_a_time(at_a_time)
            .start()
            .unwrap();
        app.settle();
        let wanted = at_a_time.max(1).min(max_running as usize);
        assert_eq!(backfill.progress().unwrap().running, wanted);
        app.run_for(Duration::from_secs(60 * minutes - 1));
        let before = backfill.progress().unwrap();
        assert!(!before.is_over(), "{at_a_time} at a time: {before:?}");
        app.run_for(Duration::from_secs(1));
        let after = backfill.progress().unwrap();
        assert!(
            after.is_over(),
            "{at_a_time} at a time: {before:?}, then {after:?}"
        );
        let due: Vec<Timestamp> = runs(&app).iter().map(|run| run.due).collect();
        assert!(due.is_sorted(), "{due:?}");
    }
}

#[test]
fn the_schedule_and_requested_runs_go_first_and_count_nothing_of_it() {
    let mut app = slow("every 5 minutes", 1);
    app.run_until("2026-01-10T12:05:30Z");
    let backfill = plan(&app, "10T11:00:00", "10T11:30:00").start().unwrap();
    app.run_until("2026-01-10T12:06:30Z");
    let requested = app.session().task("work").unwrap().run(Params::new());
    drop(requested);
    app.run_until("2026-01-10T12:20:30Z");
    assert_eq!(backfill.progress().unwrap().succeeded, 5);
    let runs = runs(&app);
    let scheduled: Vec<String> = of_cause(&runs, |cause| *cause == Cause::Statement);
    assert_eq!(
        scheduled,
        ["12:05:00", "12:10:00", "12:15:00", "12:20:00"],
        "the grid stays, and is never late"
    );
    assert_eq!(
        of_cause(&runs, |cause| matches!(cause, Cause::Request { .. })),
        ["12:07:00"]
    );
    let made = of_cause(&runs, |cause| matches!(cause, Cause::Backfill { .. }));
    assert_eq!(made, ["12:06:00", "12:08:00", "12:09:00", "12:11:00", "12:12:00"]);
}

fn of_cause(runs: &[Record], is: impl Fn(&Cause) -> bool) -> Vec<String> {
    let runs = runs.iter().filter(|run| is(run.cause().unwrap()));
    runs.map(|run| run.start.to_string()[11..19].to_owned()).collect()
}

#[test]
fn a_failure_uses_up_no_retry_and_no_period() {
    let fails = |due: Due, session: Session| async move {
        if due.0 < session.now() {
            Err("it fails")
        } else {
            Ok(())
        }
    };
    let task = Task::func("work", fails).start("daily after 13:00 | retry 2 times");
    let mut app = start(app().task(task));
    let backfill = plan(&app, "01T00:00:00", "03T00:00:00").start().unwrap();
    app.run_until("2026-01-11T14:00:00Z");
    assert_eq!((backfill.progress().unwrap().failed, runs(&app).len()), (2, 4));
    assert_eq!(
        times(&app, "work"),
        ["12:00:00", "12:00:00", "13:00:00", "13:00:00"]
    );
}

#[test]
fn a_backfill_is_cancelled_and_a_second_one_refused() {
    let mut app = slow("daily after 07:00", 1);
    let mut events = app.session().subscribe();
    let backfill = plan(&app, "01T00:00:00", "07T00:00:00").start().unwrap();
    app.run_for(Duration::from_secs(90));
    let refused = plan(&app, "01T00:00:00", "07T00:00:00").start().unwrap_err();
    assert!(refused.is_state());
    assert_eq!(
        refused.to_string(),
        "task `work` can't be backfilled: another backfill is under way, with 2 of 6 runs begun: wait for its end, or cancel it"
    );
    let info = app.session().task("work").unwrap().info();
    assert_eq!(info.backfill.unwrap().begun, 2);
    app.session()
        .task("work")
        .unwrap()
        .backfill_under_way()
        .unwrap()
        .cancel();
    app.run_for(Duration::from_secs(600));
    let progress = backfill.progress().unwrap();
    assert_eq!(
        (progress.begun, progress.cancelled, runs(&app).len()),
        (2, true, 2)
    );
    let told = std::iter::from_fn(|| events.try_next());
    let told =
        told.filter(|event| matches!(event, Event::BackfillStarted { .. } | Event::BackfillEnded { .. }));
    assert_eq!(told.count(), 2);
    plan(&app, "01T00:00:00", "02T00:00:00").start().unwrap();
    assert_eq!(backfill.progress(), None, "it is another one");
}

#[test]
fn a_pause_holds_a_backfill_back_and_disabling_does_not() {
    let mut app = slow("daily after 07:00", 1);
    let work = app.session().task("work").unwrap();
    work.pause();
    work.disable();
    let backfill = plan(&app, "01T00:00:00", "03T00:00:00").start().unwrap();
    app.run_for(Duration::from_secs(600));
    assert_eq!(backfill.progress().unwrap().begun, 0);
    assert!(work.waits_for().unwrap().starts_with("task `work` to be resumed"));
    work.resume();
    app.run_for(Duration::from_secs(600));
    assert_eq!(backfill.progress().unwrap().succeeded, 2);
}

#[test]
fn the_end_can_be_awaited() {
    let mut app = slow("daily after 07:00", 1);
    let backfill = plan(&app, "01T00:00:00", "03T00:00:00").start().unwrap();
    let mut wait = Box::pin({
        let backfill = backfill.clone();
        async move { backfill.wait().await }
    });
    app.run_for(Duration::from_secs(90));
    assert!(ready(&mut wait).is_none());
    app.run_for(Duration::from_secs(90));
    assert_eq!(ready(&mut wait).unwrap().unwrap().succeeded, 2);
    let nothing = plan(&app, "03T00:00:00", "03T01:00:00").start().unwrap();
    assert!(nothing.progress().unwrap().is_over(), "there is nothing to do");
}

#[test]
fn an_unknown_past_is_an_error() {
    let app = start(
        app()
            .func("fetch", "daily", || async {})
            .func("work", "daily & after task 'fetch'", || async {})
            .task(Task::func("told", || async {}))
            .func("often", "every 1 second", || async {}),
    );
    let mistake = |task: &str| {
        let task = app.session().task(task).unwrap();
        let error = task.backfill(range("01T00:00:00", "05T00:00:00")).unwrap_err();
        assert!(error.is_state());
        error.to_string()
    };
    assert_eq!(
        mistake("work"),
        "task `work` can't be backfilled: when it was due can't be told: whether the task starts at \
         2026-01-01 00:00:00 +00:00 depends on `after task 'fetch'`"
    );
    assert!(
        mistake("told").contains("can't be backfilled: when it was due can't be told: "),
        "{}",
        mistake("told")
    );
    assert_eq!(
        mistake("often"),
        "task `often` can't be backfilled: it was due more than 100000 times: choose a shorter range"
    );
}

#[test]
fn the_future_has_no_part_in_a_backfill() {
    let app = start(app().func("work", "daily after 07:00", || async {}));
    assert_eq!(
        plan(&app, "09T00:00:00", "20T00:00:00").instants(),
        [at("09T07:00:00"), at("10T07:00:00")]
    );
    assert_eq!(plan(&app, "19T00:00:00", "20T00:00:00").instants(), []);
}
