//! What starts when, in which order, and what is recorded.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use rocketry_core::conds::{daily, every};
use rocketry_core::{Action, Execution, Params, Query, Session, Status, Task};

use crate::support::{START, app, ends, message, start, times};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A run that takes half a minute.
async fn half_a_minute(session: Session) {
    session.clock().sleep(seconds(30)).await;
}

#[test]
fn a_year_of_days() {
    let mut app = start(app().func("report", "daily after 07:00", || async {}));
    app.run_until("2027-01-01T00:00:00Z");
    assert_eq!(app.starts("report").len(), 365);
}

#[test]
fn a_pipeline_follows_its_first_task() {
    let built = app()
        .func("fetch", "every 10 seconds", || async {})
        .func("crunch", "after task 'fetch'", || async {})
        .func("never", "after task 'fetch' failed", || async {});
    let mut app = start(built);
    app.run_for(seconds(25));
    assert_eq!(times(&app, "fetch"), ["00:00:00", "00:00:10", "00:00:20"]);
    assert_eq!(times(&app, "crunch"), ["00:00:00", "00:00:10", "00:00:20"]);
    assert_eq!(app.starts("never").len(), 0);
}

#[test]
fn a_waker_that_outlives_its_run_does_no_harm() {
    let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
    let kept = wakers.clone();
    let task = move || {
        let wakers = kept.clone();
        poll_fn(move |waking| {
            let mut wakers = wakers.lock().unwrap();
            wakers.iter().for_each(Waker::wake_by_ref);
            wakers.push(waking.waker().clone());
            Poll::Ready(())
        })
    };
    let mut app = start(app().func("first", "every 10 seconds", task.clone()).func(
        "second",
        "every 10 seconds",
        task,
    ));
    for _ in 0..10 {
        app.run_for(seconds(10));
        wakers.lock().unwrap().iter().for_each(Waker::wake_by_ref);
    }
    for name in ["first", "second"] {
        assert_eq!(app.starts(name).len(), 11, "{name}");
        assert_eq!(ends(&app, name).len(), 11, "{name}");
    }
}

#[test]
fn each_execution_runs_and_is_recorded() {
    let mut app = start(
        app()
            .task(
                Task::func("on the scheduler", || {})
                    .start("hourly")
                    .execution(Execution::Main),
            )
            .task(Task::func("on the runtime", || async {}).start("hourly"))
            .task(Task::func("on a thread", || {}).start("hourly"))
            .task(
                Task::func("future on a thread", half_a_minute)
                    .start("hourly")
                    .execution(Execution::Thread),
            )
            .task(
                Task::func("future on the scheduler", || async {})
                    .start("hourly")
                    .execution(Execution::Main),
            )
            .task(
                Task::func("plain on the runtime", || {})
                    .start("hourly")
                    .execution(Execution::Async),
            ),
    );
    app.run_for(seconds(60));
    for task in app.session().tasks() {
        assert_eq!(ends(&app, task.name()), [Action::Success], "{}", task.name());
    }
}

#[test]
fn a_plain_function_runs_on_a_thread_by_default() {
    let here = std::thread::current().id();
    let elsewhere = move || {
        assert_ne!(std::thread::current().id(), here);
    };
    let on_this_thread = move || {
        assert_eq!(std::thread::current().id(), here);
    };
    let app = start(
        app().func("elsewhere", "hourly", elsewhere).task(
            Task::func("here", on_this_thread)
                .start("hourly")
                .execution(Execution::Main),
        ),
    );
    assert_eq!(ends(&app, "elsewhere"), [Action::Success]);
    assert_eq!(ends(&app, "here"), [Action::Success]);
}

#[test]
fn a_record_tells_when_a_run_was_due_started_and_ended() {
    let mut app = start(app().func("work", daily.after("07:00"), half_a_minute));
    app.run_until("2026-01-01T08:00:00Z");
    let [run, success] = &app.records(&Query::new())[..] else {
        panic!("a start and an end");
    };
    assert_eq!((run.action, success.action), (Action::Run, Action::Success));
    assert_eq!(run.created.to_string(), "2026-01-01T07:00:00.000000Z");
    assert_eq!((run.due, run.start, run.end()), (run.created, run.created, None));
    assert_eq!(success.created.to_string(), "2026-01-01T07:00:30.000000Z");
    assert_eq!((success.start, &success.run_id), (run.start, &run.run_id));
    assert_eq!(success.runtime(), Some(seconds(30)));
    assert_eq!((run.runtime(), run.lateness()), (None, Duration::ZERO));
    assert_eq!((&run.message, &success.message), (&None, &None));
}

#[test]
fn a_late_start_keeps_the_instant_at_which_it_was_due() {
    let mut app = start(app().func("report", "daily after 07:00", || async {}));
    app.sleep_until("2026-01-01T09:30:00Z");
    let record = &app.records(&Query::new().task("report").action(Action::Run))[0];
    assert_eq!(record.due.to_string(), "2026-01-01T07:00:00.000000Z");
    assert_eq!(record.lateness(), seconds(9000));
}

#[test]
fn a_task_is_never_then_running_then_as_its_run_ended() {
    let mut app = start(app().func("work", daily.after("07:00"), half_a_minute));
    let task = app.session().task("work").unwrap();
    assert_eq!(
        (task.status(), task.status().to_string()),
        (Status::Never, "never run".to_owned())
    );
    app.run_until("2026-01-01T07:00:10Z");
    assert_eq!(
        (task.status(), task.status().to_string()),
        (Status::Running, "running".to_owned())
    );
    assert!(task.is_running());
    app.run_until("2026-01-01T07:00:30Z");
    assert_eq!(task.status(), Status::Ended(Action::Success));
    assert_eq!(task.status().to_string(), "success");
    assert!(!task.is_running());
}

#[test]
fn a_greater_priority_starts_first_and_the_order_of_declaration_decides_between_equals() {
    let task = |name: &'static str, priority| Task::func(name, || {}).start("hourly").priority(priority);
    let app = start(
        app()
            .task(task("low", -5))
            .task(task("first", 0))
            .task(task("second", 0))
            .task(task("high", 10))
            .task(
                Task::func("asked", || {})
                    .start("hourly & number 2 is even")
                    .priority(20),
            ),
    );
    let starts = app.records(&Query::new().action(Action::Run));
    let order: Vec<&str> = starts.iter().map(|record| &*record.task).collect();
    assert_eq!(order, ["asked", "high", "first", "second", "low"]);
}

#[test]
fn a_running_task_does_not_start_again_unless_it_may() {
    let mut app = start(
        app()
            .task(Task::func("once", half_a_minute).start(every("10 s")))
            .task(
                Task::func("often", half_a_minute)
                    .start(every("10 s"))
                    .multilaunch(true),
            ),
    );
    app.run_for(seconds(20));
    assert_eq!(times(&app, "once"), ["00:00:00"]);
    assert_eq!(times(&app, "often"), ["00:00:00", "00:00:10", "00:00:20"]);
    assert!(ends(&app, "often").is_empty());
    app.run_for(seconds(20));
    assert_eq!(times(&app, "once"), ["00:00:00", "00:00:30"]);
    assert_eq!(ends(&app, "often"), [Action::Success; 2]);
}

#[test]
fn a_task_without_a_statement_waits_to_be_told() {
    let mut app = start(app().task(Task::func("by hand", || async {})));
    app.run_for(seconds(1_000_000));
    assert_eq!(app.starts("by hand").len(), 0);
    app.session()
        .task("by hand")
        .unwrap()
        .run(rocketry_core::Params::new());
    app.settle();
    assert_eq!(app.starts("by hand"), [app.now()]);
}

#[test]
fn start_up_tasks_run_to_their_end_before_the_others_start() {
    let app = start(
        app()
            .func("usual", "hourly", || async {})
            .task(Task::func("prepare", || {}).on_startup(true)),
    );
    let tasks: Vec<(String, Action)> = app
        .records(&Query::new())
        .into_iter()
        .map(|record| (record.task.to_string(), record.action))
        .collect();
    let expected = [
        ("prepare", Action::Run),
        ("prepare", Action::Success),
        ("usual", Action::Run),
        ("usual", Action::Success),
    ];
    assert_eq!(tasks, expected.map(|(task, action)| (task.to_owned(), action)));
}

#[test]
fn shut_down_tasks_run_when_the_others_have_ended() {
    let app = start(
        app()
            .func("usual", "daily", half_a_minute)
            .task(Task::func("tidy", || {}).on_shutdown(true)),
    );
    let session = app.session().clone();
    app.shut_down();
    let order: Vec<_> = session
        .log(&Query::new())
        .unwrap()
        .into_iter()
        .map(|record| (record.task.to_string(), record.action))
        .collect();
    let expected = [
        ("usual", Action::Run),
        ("usual", Action::Success),
        ("tidy", Action::Run),
        ("tidy", Action::Success),
    ];
    assert_eq!(order, expected.map(|(task, action)| (task.to_owned(), action)));
}

#[test]
fn a_task_can_be_both_of_the_start_and_of_the_end() {
    let app = start(app().task(Task::func("both", || {}).on_startup(true).on_shutdown(true)));
    let session = app.session().clone();
    app.shut_down();
    assert_eq!(session.task("both").unwrap().total(Action::Success), 2);
}

#[test]
fn a_permanent_task_is_terminated_at_the_end_and_others_are_waited_for() {
    async fn for_ever(session: Session) {
        loop {
            session.clock().sleep(seconds(10)).await;
        }
    }
    let app = start(
        app()
            .task(Task::func("server", for_ever).start("hourly").permanent(true))
            .func("work", "hourly", half_a_minute),
    );
    let session = app.session().clone();
    app.shut_down();
    let last = |task| session.log(&Query::new().task(task).last(1)).unwrap().remove(0);
    assert_eq!(last("server").action, Action::Terminate);
    assert_eq!(last("server").message.as_deref(), Some("the app shuts down"));
    assert_eq!(last("work").action, Action::Success);
}

#[test]
fn nothing_starts_any_more_when_the_app_shuts_down() {
    let mut app = start(app().func("work", "every 10 seconds", half_a_minute));
    app.session()
        .task("work")
        .unwrap()
        .run(rocketry_core::Params::new());
    app.session().shut_down();
    app.run_for(seconds(100));
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn an_app_shuts_down_when_its_condition_is_true() {
    let mut app = start(
        app()
            .func("work", "every 10 seconds", || async {})
            .shut_down_when("task 'work' has succeeded at least 3 times"),
    );
    app.run_for(seconds(1000));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:00:10", "00:00:20"]);
}

#[test]
fn any_of_several_conditions_shuts_an_app_down() {
    for (first, second) in [(3, 100), (100, 3), (3, 3)] {
        let after = |times: u32| format!("task 'work' has succeeded at least {times} times");
        let mut app = start(
            app()
                .func("work", "every 10 seconds", || async {})
                .shut_down_when(after(first))
                .shut_down_when(after(second)),
        );
        app.run_for(seconds(1000));
        assert_eq!(times(&app, "work"), ["00:00:00", "00:00:10", "00:00:20"]);
        assert_eq!(ends(&app, "shut down"), [Action::Success]);
    }
}

#[test]
fn an_app_can_be_ended_at_once() {
    let mut app = start(
        app()
            .func("work", "every 1 hour", half_a_minute)
            .task(Task::func("tidy", || {}).on_shutdown(true)),
    );
    let session = app.session().clone();
    let asked = session.task("tidy").unwrap().run(Params::new());
    drop(asked);
    app.settle();
    session.shut_down_now();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(message(&app, "work"), "the app shuts down");
    let now = app.now();
    app.shut_down();
    assert_eq!(session.now(), now, "nothing is waited for");
    assert_eq!(
        session.task("tidy").unwrap().total(Action::Run),
        1,
        "only as it was asked for"
    );
}

#[test]
fn a_task_follows_the_wall_clock_of_its_own_zone() {
    let mut app = start(
        app()
            .task(Task::func("utc", || {}).start("time of day after 07:00 & daily"))
            .task(
                Task::func("tokyo", || {})
                    .start("daily after 07:00")
                    .timezone("Asia/Tokyo"),
            ),
    );
    app.run_until("2026-01-01T23:59:00Z");
    assert_eq!(times(&app, "utc"), ["07:00:00"]);
    // Midnight in London is nine in the morning in Tokyo.
    assert_eq!(times(&app, "tokyo"), ["00:00:00", "22:00:00"]);
}

#[test]
fn a_clock_that_is_put_back_neither_stops_nor_doubles_a_daily_task() {
    let mut app = start(app().func("report", "daily after 07:00", || async {}));
    app.run_until("2026-01-01T07:30:00Z");
    app.jump("2026-01-01T06:30:00Z");
    app.run_until("2026-01-02T08:00:00Z");
    assert_eq!(times(&app, "report"), ["07:00:00", "07:00:00"]);
}

#[test]
fn several_apps_live_in_one_process() {
    let counting = |seconds: u64| start(app().func("work", format!("every {seconds} seconds"), || async {}));
    let (mut fast, mut slow) = (counting(1), counting(10));
    fast.run_for(seconds(60));
    assert_eq!((fast.starts("work").len(), slow.starts("work").len()), (61, 1));
    slow.run_for(seconds(60));
    assert_eq!(slow.starts("work").len(), 7);
    assert_eq!(slow.now().to_string(), "2026-01-01T00:01:00.000000Z");
    assert_ne!(
        fast.session().task("work").unwrap(),
        slow.session().task("work").unwrap()
    );
}

#[test]
fn a_test_starts_when_it_says() {
    let app = start(app());
    assert_eq!(app.now(), START.parse().unwrap());
}

#[test]
#[should_panic(expected = "`yesterday` is not an instant")]
fn a_test_that_starts_at_no_instant_panics() {
    drop(rocketry_core::testing::TestApp::start(app(), "yesterday"));
}
