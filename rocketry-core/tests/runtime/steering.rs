//! Steering an app from inside and outside.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use rocketry_core::{Action, Params, Query, Result, Session, Status, Task};

use crate::support::{app, ends, result, start, times};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

async fn ten_seconds(session: Session) {
    session.clock().sleep(seconds(10)).await;
}

#[test]
fn a_disabled_task_does_not_start_until_it_is_enabled() {
    let mut app = start(app().func("work", "every 10 seconds", || async {}));
    let task = app.session().task("work").unwrap();
    task.disable();
    app.run_for(seconds(60));
    assert!(task.is_disabled());
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    task.enable();
    app.run_for(seconds(5));
    assert!(!task.is_disabled());
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:00"]);
}

#[test]
fn a_task_may_be_declared_disabled_and_still_be_run_by_hand() {
    let mut app = start(
        app().task(
            Task::func("work", || async {})
                .start("every 10 seconds")
                .disabled(true),
        ),
    );
    app.run_for(seconds(60));
    assert_eq!(app.starts("work").len(), 0);
    let task = app.session().task("work").unwrap();
    task.run(Params::new());
    app.run_for(seconds(60));
    assert_eq!(times(&app, "work"), ["00:01:00"]);
    assert!(task.is_disabled());
}

#[test]
fn a_run_by_hand_does_not_wait_for_the_statement() {
    let mut app = start(app().func("work", "daily after 07:00", || async {}));
    app.session().task("work").unwrap().run(Params::new());
    app.run_until("2026-01-01T08:00:00Z");
    assert_eq!(times(&app, "work"), ["00:00:00", "07:00:00"]);
}

#[test]
fn runs_that_were_asked_for_follow_one_another_with_their_own_parameters() {
    let mut app = start(app().task(task!("work", [number: i32, session: Session], {
        session.set_param(&format!("seen {number}"), session.task("work").unwrap().total(Action::Run));
    })));
    let task = app.session().task("work").unwrap();
    for number in [3, 1, 2] {
        task.run(Params::new().with("number", number));
    }
    app.settle();
    let seen = |number| {
        app.session()
            .param(&format!("seen {number}"))
            .unwrap()
            .get::<u64>()
    };
    assert_eq!((seen(3), seen(1), seen(2)), (Some(1), Some(2), Some(3)));
}

#[test]
fn a_run_that_is_asked_for_waits_for_the_one_under_way() {
    let mut app = start(app().task(Task::func("work", ten_seconds)));
    let task = app.session().task("work").unwrap();
    task.run(Params::new());
    task.run(Params::new());
    app.run_for(seconds(60));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:00:10"]);
}

#[test]
fn runs_of_a_task_that_may_run_several_times_do_not_wait() {
    let mut app = start(app().task(Task::func("work", ten_seconds).multilaunch(true)));
    let task = app.session().task("work").unwrap();
    for _ in 0..3 {
        task.run(Params::new());
    }
    app.run_for(seconds(60));
    assert_eq!(times(&app, "work"), ["00:00:00"; 3]);
}

#[test]
fn a_task_steers_others() {
    async fn guide(session: Session) -> Result<()> {
        session.task("quiet")?.disable();
        session.task("asked")?.run(Params::new().with("number", 5));
        session.set_param("mode", "full");
        Ok(())
    }
    let mut app = start(
        app()
            .func("guide", "daily", guide)
            .func("quiet", "every 1 hour & time of day after 00:30", || async {})
            .task(task!("asked", [number: i32], number))
            .func("waiting", "daily & param 'mode' is 'full'", || async {}),
    );
    app.run_for(seconds(7200));
    assert_eq!(result::<i32>(&app, "asked"), 5);
    assert_eq!(ends(&app, "waiting"), [Action::Success]);
    assert_eq!(app.starts("quiet").len(), 0);
}

#[test]
fn a_task_may_disable_itself() {
    let mut app = start(app().func(
        "once",
        "every 1 second",
        |this: Task| async move { this.disable() },
    ));
    app.run_for(seconds(10));
    assert_eq!(app.starts("once").len(), 1);
}

#[test]
fn a_task_may_end_the_app() {
    let count = AtomicU32::new(0);
    let last = move |session: Session| {
        if count.fetch_add(1, Ordering::Relaxed) == 2 {
            session.shut_down();
        }
    };
    let mut app = start(app().func("last", "every 10 seconds", last));
    app.run_for(seconds(600));
    assert_eq!(times(&app, "last"), ["00:00:00", "00:00:10", "00:00:20"]);
}

#[test]
fn a_second_shut_down_changes_nothing_and_shut_down_now_cuts_runs_off() {
    let mut app = start(app().func("work", "daily", ten_seconds));
    app.session().shut_down();
    app.settle();
    app.session().shut_down();
    app.settle();
    assert!(app.session().task("work").unwrap().is_running());
    app.session().shut_down_now();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
}

#[test]
fn after_a_forced_shut_down_no_shut_down_task_runs() {
    let app = start(
        app()
            .func("work", "daily", ten_seconds)
            .task(Task::func("tidy", || {}).on_shutdown(true)),
    );
    let session = app.session().clone();
    session.shut_down();
    session.shut_down_now();
    app.shut_down();
    let log = session.log(&Query::new().task("tidy")).unwrap();
    assert!(log.is_empty(), "{log:?}");
    assert_eq!(
        session.task("work").unwrap().status(),
        Status::Ended(Action::Terminate)
    );
}

#[test]
fn a_start_up_task_may_end_the_app_before_anything_starts() {
    let app = start(
        app()
            .task(Task::func("check", |session: Session| session.shut_down()).on_startup(true))
            .func("work", "every 1 second", || async {})
            .task(Task::func("tidy", || {}).on_shutdown(true)),
    );
    let session = app.session().clone();
    app.shut_down();
    assert_eq!(session.task("work").unwrap().status(), Status::Never);
    assert_eq!(
        session.task("check").unwrap().status(),
        Status::Ended(Action::Success)
    );
}

#[test]
fn a_parameter_may_use_the_app_while_it_is_dropped() {
    /// Changes the app when it is dropped, and says that it did.
    struct Curious(Session, Sender<()>);

    impl Drop for Curious {
        fn drop(&mut self) {
            self.0.set_param("last seen", self.0.cycles());
            // The test may have ended.
            let _ = self.1.send(());
        }
    }

    let app = start(app());
    let session = app.session();
    let (dropped, drops) = channel();
    let curious = || Curious(session.clone(), dropped.clone());
    session.set_param("curious", curious());
    session.set_param("curious", curious());
    drops.recv().unwrap();
    assert!(session.param("last seen").is_ok());
    session.set_param("last seen", "nothing");
    assert!(session.remove_param("curious"));
    drops.recv().unwrap();
    assert_eq!(
        session.param("last seen").unwrap().get::<u64>(),
        Some(session.cycles())
    );
}
