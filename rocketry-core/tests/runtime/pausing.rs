//! Tasks, groups and apps that are paused, and starts that are skipped.

use std::time::Duration;

use rocketry_core::conds::{every, finish, success};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Condition, Event, Events, Execution, Group, Hold, Overlap, Params, PauseScope, Query, Session,
    SkipReason, Task, Timestamp,
};

use crate::support::{app, ready, start, times};

fn at(text: &str) -> Timestamp {
    format!("2026-01-{text}Z").parse().unwrap()
}

fn work(condition: &str) -> TestApp {
    start(app().func("work", condition.to_owned(), || async {}))
}

fn task(app: &TestApp) -> Task {
    app.session().task("work").unwrap()
}

fn kinds(events: &mut Events) -> Vec<String> {
    let mut kinds = Vec::new();
    while let Some(event) = events.try_next() {
        match event {
            Event::Paused(pause) => kinds.push(format!("paused: {pause}")),
            Event::Resumed(scope) => kinds.push(format!("resumed: {scope}")),
            Event::SkipsNext { task } => kinds.push(format!("{task} skips next")),
            Event::Skipped { task, reason, count } => kinds.push(format!("{task} skipped {count}: {reason}")),
            Event::Held { task, hold } => kinds.push(format!("{task} waits for {hold}")),
            _ => {}
        }
    }
    kinds
}

#[test]
fn a_pause_ends_by_itself_and_what_is_still_due_starts_then() {
    let mut app = work("daily after 07:00");
    task(&app).pause_until(at("01T09:30:00"));
    assert_eq!(task(&app).next_due(), Some(at("01T09:30:00")));
    app.run_until("2026-01-02T12:00:00Z");
    assert_eq!(app.starts("work"), [at("01T09:30:00"), at("02T07:00:00")]);
    let first = &app.records(&Query::new().task("work").action(Action::Run))[0];
    assert_eq!(
        first.due,
        at("01T09:30:00"),
        "the task is due when the pause ends"
    );
}

#[test]
fn an_occurrence_that_has_gone_by_is_not_made_up_for() {
    let mut app = work("daily between 07:00 and 08:00");
    task(&app).pause_until(at("01T09:30:00"));
    app.run_until("2026-01-02T12:00:00Z");
    assert_eq!(app.starts("work"), [at("02T07:00:00")]);
}

#[test]
fn a_pause_without_an_end_lasts_until_the_task_is_resumed() {
    let mut app = work("every 10 minutes");
    task(&app).pause();
    app.run_until("2026-01-01T05:00:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    assert_eq!((task(&app).next_due(), task(&app).is_paused()), (None, true));
    task(&app).resume();
    app.run_until("2026-01-01T05:15:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "05:00:00", "05:10:00"]);
    assert!(task(&app).pauses().is_empty());
}

#[test]
fn the_end_of_a_pause_can_be_moved_and_an_instant_that_has_passed_ends_it() {
    let mut app = work("every 10 minutes");
    task(&app).pause_until(at("01T01:00:00"));
    app.run_until("2026-01-01T00:30:00Z");
    task(&app).pause_until(at("01T02:00:00"));
    let pauses = task(&app).pauses();
    assert_eq!(
        (pauses[0].since, pauses[0].until),
        (at("01T00:00:00"), Some(at("01T02:00:00")))
    );
    app.run_until("2026-01-01T01:30:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    task(&app).pause_until(at("01T01:00:00"));
    app.settle();
    assert_eq!(times(&app, "work"), ["00:00:00", "01:30:00"]);
}

#[test]
fn a_run_under_way_goes_on_and_requested_runs_wait() {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(600)).await };
    let mut app = start(app().task(Task::func("work", long)));
    let work = task(&app);
    let mut first = work.force_run();
    app.run_for(Duration::from_secs(60));
    work.pause();
    let mut second = work.run(Params::new());
    app.run_until("2026-01-01T02:00:00Z");
    assert_eq!(ready(&mut first).unwrap().unwrap().action, Action::Success);
    assert_eq!((work.queued(), work.is_running()), (1, false));
    let waits = "task `work` to be resumed, which has been paused since 2026-01-01T00:01:00.000000Z";
    assert_eq!(work.waits_for().as_deref(), Some(waits));
    assert_eq!(work.holds()[0].to_string(), waits);
    work.resume();
    app.run_until("2026-01-01T03:00:00Z");
    assert_eq!(ready(&mut second).unwrap().unwrap().start, at("01T02:00:00"));
}

#[test]
fn a_run_that_is_requested_if_the_task_is_due_is_refused() {
    let mut app = work("daily & ~param 'off' exists");
    app.session().set_param("off", true);
    task(&app).pause();
    app.session().remove_param("off");
    let mut runs = app.session().run_due(["work"]).unwrap();
    app.settle();
    assert_eq!(ready(&mut runs).unwrap().unwrap(), []);
    assert_eq!(task(&app).queued(), 0);
}

#[test]
fn a_deferred_start_is_made_when_the_pause_ends() {
    let work = Task::func("work", || async {})
        .start("daily after 07:00")
        .jitter("10 minutes");
    let mut app = start(app().task(work));
    app.run_until("2026-01-01T07:00:00Z");
    let work = task(&app);
    assert!(work.waits_for().unwrap().starts_with("its jitter"));
    work.pause_until(at("01T09:00:00"));
    app.settle();
    assert_eq!(
        work.waits_for().unwrap(),
        "the end of the pause of task `work` at 2026-01-01T09:00:00.000000Z"
    );
    assert_eq!(work.next_due(), Some(at("01T09:00:00")));
    app.run_until("2026-01-01T12:00:00Z");
    let run = &app.records(&Query::new().task("work").action(Action::Run))[0];
    assert_eq!((run.due, run.start), (at("01T07:00:00"), at("01T09:00:00")));
}

#[test]
fn pauses_of_a_task_its_group_and_the_app_are_independent() {
    let member = |name: &'static str| {
        Task::func(name, || async {})
            .start("every 10 minutes")
            .group("db")
    };
    let other = Task::func("other", || async {}).start("every 10 minutes");
    let mut app = start(
        app()
            .group(Group::new("db").execution(Execution::Async))
            .task(member("work"))
            .task(member("sweep"))
            .task(other),
    );
    let session = app.session().clone();
    let db = session.group("db").unwrap();
    assert_eq!(
        db.tasks().iter().map(Task::name).collect::<Vec<_>>(),
        ["work", "sweep"]
    );
    let mut events = session.subscribe();
    task(&app).pause_until(at("01T01:00:00"));
    db.pause_until(at("01T02:00:00"));
    session.pause_until(at("01T03:00:00"));
    assert!(db.is_paused());
    let scopes: Vec<_> = task(&app).pauses().into_iter().map(|pause| pause.scope).collect();
    let expected = [
        PauseScope::App,
        PauseScope::Group("db".into()),
        PauseScope::Task("work".into()),
    ];
    assert_eq!(scopes, expected);
    assert_eq!(session.pauses().len(), 3);
    let holds = task(&app).holds();
    let until = |hold: &Hold| matches!(hold, Hold::Paused { until: Some(_), .. });
    assert!(holds.len() == 3 && holds.iter().all(until), "{holds:?}");
    let info = session.task("sweep").unwrap().info();
    assert_eq!((info.paused, info.group.as_deref()), (true, Some("db")));
    session.resume();
    app.run_until("2026-01-01T02:25:00Z");
    assert_eq!(
        times(&app, "other"),
        [
            "00:00:00", "00:10:00", "00:20:00", "00:30:00", "00:40:00", "00:50:00", "01:00:00", "01:10:00",
            "01:20:00", "01:30:00", "01:40:00", "01:50:00", "02:00:00", "02:10:00", "02:20:00"
        ]
    );
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "02:00:00", "02:10:00", "02:20:00"]
    );
    assert_eq!(
        times(&app, "sweep"),
        ["00:00:00", "02:00:00", "02:10:00", "02:20:00"]
    );
    let kinds = kinds(&mut events);
    assert_eq!(
        kinds,
        [
            "paused: task `work` since 2026-01-01T00:00:00.000000Z until 2026-01-01T01:00:00.000000Z",
            "paused: group `db` since 2026-01-01T00:00:00.000000Z until 2026-01-01T02:00:00.000000Z",
            "paused: the app since 2026-01-01T00:00:00.000000Z until 2026-01-01T03:00:00.000000Z",
            "resumed: the app",
            "resumed: task `work`",
            "resumed: group `db`",
        ]
    );
}

#[test]
fn an_unknown_group_is_an_error_with_the_nearest_name() {
    let app = start(app().group(Group::new("database")));
    let mistake = app.session().group("databse").unwrap_err();
    assert!(mistake.is_not_found());
    assert_eq!(
        mistake.to_string(),
        "there is no group `databse`; did you mean `database`?"
    );
}

#[test]
fn a_pause_of_the_app_does_not_keep_it_from_shutting_down() {
    let app = app()
        .shut_down_when("time of day after 01:00")
        .func("work", "hourly", || async {});
    let mut app = start(app);
    app.session().pause();
    app.run_until("2026-01-01T00:30:00Z");
    app.run_until("2026-01-01T01:30:00Z");
    let mut refused = task(&app).run(Params::new());
    assert!(
        ready(&mut refused).unwrap().unwrap_err().is_state(),
        "the app has ended"
    );
}

#[test]
fn a_task_can_be_deleted_while_it_is_paused() {
    let mut app = work("hourly");
    task(&app).pause();
    task(&app).skip_next();
    task(&app).delete();
    app.settle();
    assert!(app.session().pauses().is_empty());
    app.session()
        .add(Task::func("work", || async {}).start("hourly"))
        .unwrap();
    app.settle();
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "00:00:00"],
        "the new task is not paused"
    );
}

#[test]
fn the_next_start_is_skipped_and_the_schedule_goes_on() {
    for condition in [
        "daily after 07:00",
        "cron 0 7 * * *",
        "daily at 07:00",
        "daily between 07:00 and 08:00",
    ] {
        let mut app = work(condition);
        let work = task(&app);
        work.skip_next();
        work.skip_next();
        assert!(work.skips_next() && work.info().skips_next);
        assert_eq!(work.next_due(), Some(at("02T07:00:00")), "{condition}");
        app.run_until("2026-01-03T12:00:00Z");
        assert_eq!(
            app.starts("work"),
            ["02T07:00:00", "03T07:00:00"].map(at),
            "{condition}"
        );
        assert_eq!((work.skipped(SkipReason::Asked), work.skips_next()), (1, false));
    }
}

#[test]
fn an_interval_keeps_its_grid_when_a_start_is_skipped() {
    let skipped = |condition: Condition| {
        let mut app = start(app().func("work", condition, || async {}));
        app.run_until("2026-01-01T00:05:00Z");
        task(&app).skip_next();
        app.run_until("2026-01-01T00:35:00Z");
        times(&app, "work")
    };
    let expected = ["00:00:00", "00:20:00", "00:30:00"];
    assert_eq!(skipped("every 10 minutes".into()), expected);
    assert_eq!(skipped(every("10 minutes").based_on(success).into()), expected);
    assert_eq!(skipped(every("10 minutes").based_on(finish).into()), expected);
}

#[test]
fn where_nothing_tells_starts_apart_the_next_one_follows_at_once() {
    let mut app = work("~has started past 10 minutes");
    app.run_until("2026-01-01T00:05:00Z");
    task(&app).skip_next();
    app.run_until("2026-01-01T00:15:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "00:10:00"]);
    assert_eq!(task(&app).skipped(SkipReason::Asked), 1);
}

#[test]
fn requested_runs_are_not_what_is_skipped() {
    let mut app = work("daily after 07:00");
    let work = task(&app);
    work.skip_next();
    work.force_run();
    app.settle();
    assert!(work.skips_next());
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    work.do_not_skip_next();
    app.run_until("2026-01-02T12:00:00Z");
    assert_eq!(app.starts("work")[1..], [at("01T07:00:00"), at("02T07:00:00")]);
}

#[test]
fn a_retry_is_not_what_is_skipped() {
    let fails = || async { Err::<(), &str>("it fails") };
    let mut app = start(app().task(Task::func("work", fails).start("daily after 07:00 | retry 1 time")));
    app.run_until("2026-01-01T06:00:00Z");
    let fails = task(&app);
    app.run_until("2026-01-01T07:00:00Z");
    assert_eq!(times(&app, "work"), ["07:00:00", "07:00:00"]);
    fails.skip_next();
    app.run_until("2026-01-03T07:00:00Z");
    assert_eq!(app.starts("work")[2..], [at("03T07:00:00"), at("03T07:00:00")]);
}

#[test]
fn a_start_after_another_task_is_skipped_once() {
    let mut app = start(app().func("fetch", "every 10 minutes", || async {}).func(
        "work",
        "after task 'fetch'",
        || async {},
    ));
    app.run_until("2026-01-01T00:05:00Z");
    task(&app).skip_next();
    app.run_until("2026-01-01T00:25:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "00:20:00"]);
}

#[test]
fn a_deferred_start_is_skipped_when_it_would_be_made() {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(900)).await };
    let work = Task::func("work", long)
        .start("every 10 minutes")
        .overlap(Overlap::Queue);
    let mut app = start(app().task(work));
    app.run_until("2026-01-01T00:12:00Z");
    task(&app).skip_next();
    app.run_until("2026-01-01T00:29:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "00:20:00"]);
    assert_eq!(task(&app).skipped(SkipReason::Asked), 1);
}

#[test]
fn a_skip_is_reported() {
    let mut app = start(app().func("work", "hourly", || async {}));
    let mut events = app.session().subscribe();
    app.session().skip_next();
    app.run_until("2026-01-01T02:30:00Z");
    assert_eq!(kinds(&mut events), ["work skips next", "work skipped 1: asked"]);
    assert_eq!(times(&app, "work"), ["00:00:00", "02:00:00"]);
}

#[test]
fn a_pause_follows_a_clock_that_is_set() {
    let mut app = work("every 10 minutes");
    app.run_until("2026-01-01T12:05:00Z");
    task(&app).pause_until(at("01T13:00:00"));
    app.jump("2026-01-01T10:00:00Z");
    assert_eq!(task(&app).pauses()[0].since, at("01T10:00:00"));
    let before = app.starts("work").len();
    app.run_until("2026-01-01T12:59:00Z");
    assert_eq!(
        app.starts("work").len(),
        before,
        "the pause ends at an instant of the wall clock"
    );
    app.jump("2026-01-01T13:00:00Z");
    assert_eq!(app.starts("work").len(), before + 1);
}

#[test]
fn pauses_are_read_back_from_the_json_of_events_and_holds() {
    let mut app = start(app().group(Group::new("db")).func("work", "hourly", || async {}));
    let mut events = app.session().subscribe();
    app.session().group("db").unwrap().pause_until(at("02T00:00:00"));
    app.session().pause();
    app.session().resume();
    task(&app).pause();
    app.settle();
    let mut pauses = 0;
    while let Some(event) = events.try_next() {
        pauses += u32::from(matches!(event, Event::Paused(_) | Event::Resumed(_)));
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
    }
    assert_eq!(pauses, 4);
    let info = task(&app).info();
    let json = serde_json::to_value(&info).unwrap();
    assert_eq!(
        json["holds"][0],
        serde_json::json!({
            "kind": "paused",
            "of": { "scope": "task", "name": "work" },
            "since": "2026-01-01T00:00:00.000000Z",
            "until": null,
        })
    );
    assert_eq!(
        serde_json::from_value::<rocketry_core::TaskInfo>(json).unwrap(),
        info
    );
}
