//! How runs are ended before their time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rocketry_core::{Action, Config, Execution, Params, Query, Session, Status, Task, TerminationFlag, Zone};

use crate::support::{app, ends, message, start, times};

async fn an_hour(session: Session) {
    session.clock().sleep(Duration::from_secs(3600)).await;
}

/// Runs until it is asked to end.
fn patient(flag: TerminationFlag) {
    while !flag.is_set() {
        std::thread::yield_now();
    }
}

/// Asks the task `work` to end.
async fn end_work(session: Session) -> rocketry_core::Result<()> {
    session.task("work")?.terminate();
    Ok(())
}

#[test]
fn a_run_ends_when_its_end_condition_is_true() {
    let mut app = start(
        app().task(
            Task::func("work", an_hour)
                .start("hourly")
                .end("time of hour after 10:00"),
        ),
    );
    app.run_for(Duration::from_secs(1200));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(message(&app, "work"), "its end condition is true");
    let end = &app.records(&Query::new().action(Action::Terminate))[0];
    assert_eq!(end.created.to_string(), "2026-01-01T00:10:00.000000Z");
}

#[test]
fn a_run_ends_when_another_task_has_ended() {
    let mut app = start(
        app()
            .task(
                Task::func("work", an_hour)
                    .start("daily")
                    .end("task 'other' has succeeded"),
            )
            .func("other", "daily after 00:05", || async {}),
    );
    app.run_for(Duration::from_secs(600));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
}

#[test]
fn an_end_condition_of_ones_own_is_asked_while_the_task_runs() {
    let mut app = start(
        app()
            .param("gate", false)
            .param("asked", Arc::new(std::sync::atomic::AtomicU32::new(0)))
            .task(Task::func("work", an_hour).start("daily").end("gate is open")),
    );
    app.run_for(Duration::from_secs(5));
    assert!(app.session().task("work").unwrap().is_running());
    app.session().set_param("gate", true);
    app.run_for(Duration::from_secs(1));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
}

/// Whether a run has to end is judged before any of them is ended, also where another one is past its timeout.
#[test]
fn an_end_condition_of_ones_own_and_a_timeout_are_judged_by_the_same_state() {
    let mut app = start(
        app()
            .param("gate", true)
            .param("asked", Arc::new(std::sync::atomic::AtomicU32::new(0)))
            .task(
                Task::func("work", an_hour)
                    .start("every 10 seconds")
                    .end("time of minute after 15 & gate is open & ~has terminated")
                    .timeout("15 seconds")
                    .multilaunch(true),
            ),
    );
    app.run_for(Duration::from_secs(15));
    assert_eq!(ends(&app, "work"), [Action::Terminate; 2]);
    assert_eq!(message(&app, "work"), "its end condition is true");
}

#[test]
fn a_run_that_takes_too_long_is_terminated() {
    let mut app = start(app().task(Task::func("work", an_hour).start("daily").timeout("10 minutes")));
    app.run_for(Duration::from_secs(1200));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(message(&app, "work"), "it took longer than its timeout");
    assert_eq!(
        app.records(&Query::new().last(1))[0].runtime(),
        Some(Duration::from_secs(600))
    );
}

#[test]
fn each_run_has_its_own_deadline() {
    let mut app = start(
        app().task(
            Task::func("work", an_hour)
                .start("every 4 minutes")
                .timeout("10 minutes")
                .multilaunch(true),
        ),
    );
    app.run_for(Duration::from_secs(14 * 60));
    assert_eq!(ends(&app, "work"), [Action::Terminate; 2]);
    assert_eq!(times(&app, "work").len(), 4);
}

#[test]
fn the_limit_of_the_session_holds_for_tasks_without_their_own() {
    let limited = app().config(Config {
        zone: Zone::UTC,
        timeout: Some(Duration::from_secs(60)),
        ..Config::default()
    });
    let mut app = start(
        limited
            .func("usual", "daily", an_hour)
            .task(
                Task::func("own", an_hour)
                    .start("daily")
                    .timeout(Duration::from_secs(120)),
            )
            .task(Task::func("free", an_hour).start("daily").no_timeout()),
    );
    app.run_for(Duration::from_secs(2 * 3600));
    let runtime = |task| {
        app.records(&Query::new().task(task).last(1))[0]
            .runtime()
            .unwrap()
            .as_secs()
    };
    assert_eq!(
        (runtime("usual"), runtime("own"), runtime("free")),
        (60, 120, 3600)
    );
    assert_eq!(ends(&app, "free"), [Action::Success]);
}

#[test]
fn a_session_without_a_limit_lets_runs_be() {
    let unlimited = app().config(Config {
        timeout: None,
        zone: Zone::UTC,
        ..Config::default()
    });
    let mut app = start(unlimited.func("work", "daily", an_hour));
    app.run_for(Duration::from_secs(3600));
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn an_asynchronous_run_is_cut_at_its_await() {
    static WENT_ON: AtomicBool = AtomicBool::new(false);
    async fn work(session: Session) {
        session.clock().sleep(Duration::from_secs(60)).await;
        WENT_ON.store(true, Ordering::Relaxed);
    }
    let mut app = start(app().func("work", "daily", work));
    app.session().task("work").unwrap().terminate();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(message(&app, "work"), "it was asked to end");
    app.run_for(Duration::from_secs(600));
    assert!(!WENT_ON.load(Ordering::Relaxed));
}

#[test]
fn a_future_on_a_thread_is_cut_at_its_await() {
    let mut app = start(
        app().task(
            Task::func("work", an_hour)
                .start("daily")
                .execution(Execution::Thread),
        ),
    );
    app.session().task("work").unwrap().terminate();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
}

#[test]
fn a_future_on_the_scheduler_is_cut_at_its_await() {
    async fn told_by_itself(this: Task, flag: TerminationFlag) {
        this.terminate();
        flag.wait().await;
        std::future::pending::<()>().await;
    }
    let app = start(
        app().task(
            Task::func("work", told_by_itself)
                .start("daily")
                .execution(Execution::Main),
        ),
    );
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
}

#[test]
fn a_thread_sees_its_flag() {
    let app = start(app().func("work", "daily", patient).func(
        "other",
        "daily & task 'work' is running",
        end_work,
    ));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(ends(&app, "other"), [Action::Success]);
}

#[test]
fn a_run_that_returns_after_it_was_told_to_end_is_terminated_and_leaves_no_result() {
    let stubborn = |this: Task| {
        this.terminate();
        rocketry_core::Returned(5)
    };
    let app = start(app().func("work", "daily", stubborn));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert!(app.session().task("work").unwrap().result().is_none());
}

#[test]
fn one_that_panics_after_it_was_told_to_end_is_terminated_too() {
    fn unruly(this: Task) {
        this.terminate();
        panic!("I won't");
    }
    let app = start(app().func("work", "daily", unruly));
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(message(&app, "work"), "it was asked to end");
}

#[test]
fn terminating_a_task_that_does_not_run_does_nothing() {
    let mut app = start(app().func("work", "daily after 07:00", || async {}));
    app.session().task("work").unwrap().terminate();
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn all_runs_of_a_task_are_terminated() {
    let mut app = start(app().task(Task::func("work", an_hour).multilaunch(true)));
    let task = app.session().task("work").unwrap();
    for _ in 0..3 {
        task.run(Params::new());
    }
    app.settle();
    assert_eq!(task.status(), Status::Running);
    task.terminate();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate; 3]);
}

#[test]
fn a_flag_wakes_its_waiters() {
    let (told, heard) = mpsc::channel();
    let listening = move |flag: TerminationFlag| {
        let told = told.clone();
        async move {
            flag.wait().await;
            flag.wait().await;
            told.send(flag.is_set()).ok();
        }
    };
    let app = start(
        app()
            .task(
                Task::func("work", listening)
                    .start("daily")
                    .execution(Execution::Thread),
            )
            .func("other", "daily & task 'work' is running", end_work),
    );
    // Whether the run or its end is first is a matter of chance; that it ends is not.
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert!(heard.try_recv().unwrap_or(true));
}

#[test]
fn a_flag_shows_itself() {
    assert_eq!(
        format!("{:?}", TerminationFlag::default()),
        "TerminationFlag(false)"
    );
}
