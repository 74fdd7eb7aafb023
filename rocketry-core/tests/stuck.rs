//! Code of the user's that the scheduler waits for and that blocks it or pends: the app says what it waits for, and a forced
//! end does not wait. This is on the clock of the machine, as what is looked at are real threads.

use std::future::pending;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rocketry_core::cond::Condition;
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Execution, Failure, Moment, Part, Query, Rocketry, Session, Status, Task, TaskBuilder,
    TerminationFlag, block_on,
};

fn app() -> Rocketry {
    Rocketry::builder().handle_signals(false).config(Config {
        blocking_after: Some(Duration::from_millis(20)),
        console: false,
        ..Config::default()
    })
}

/// Blocks its thread until the app has reported it, and ends the app.
fn until_told(session: &Session) {
    while session.failures().is_empty() {
        thread::yield_now();
    }
    session.shut_down();
}

/// Returns the failure that an app reports about code that blocks it until then.
fn told(app: Rocketry) -> Failure {
    let app = app.build().unwrap();
    let session = app.session();
    app.run().unwrap();
    let failures = session.failures();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].part, Part::Blocking);
    failures[0].clone()
}

#[test]
fn code_that_blocks_the_scheduler_is_named() {
    let block = |session: Session| until_told(&session);
    let of_condition = told(
        app()
            .cond("it is ready", |session: Session| {
                until_told(&session);
                false
            })
            .func("t", "it is ready", || async {}),
    );
    assert_eq!(of_condition.task.as_deref(), Some("t"));
    let of_main = told(
        app().task(
            Task::func("t", block)
                .start("every 1 hour")
                .execution(Execution::Main),
        ),
    );
    assert_eq!(of_main.task.as_deref(), Some("t"));
    let of_set_up = told(app().setup(block).func("t", "every 1 hour", || async {}));
    let of_hook = told(
        app()
            .before(Moment::Cycle, block)
            .func("t", "every 1 hour", || async {}),
    );
    let of_run_hook = told(
        app()
            .before(Moment::TaskExecute, block)
            .func("t", "every 1 hour", || async {}),
    );
    for (failure, what) in [
        (of_condition, "condition `it is ready` blocks the scheduler"),
        (
            of_main,
            "a run on the scheduler blocks the scheduler: it has gone on for over 20 ms",
        ),
        (of_set_up, "set-up `"),
        (of_hook, "hook `"),
        (of_run_hook, "hook `"),
    ] {
        assert!(failure.message.contains(what), "{}", failure.message);
        assert!(
            failure.message.contains("nothing else starts meanwhile"),
            "{}",
            failure.message
        );
    }
}

/// Runs an app on a thread; the receiver yields its result.
fn running(app: Rocketry) -> (Session, Receiver<rocketry_core::Result<()>>) {
    let app = app.build().unwrap();
    let session = app.session();
    let (ended, end) = channel();
    thread::spawn(move || ended.send(app.run()));
    (session, end)
}

/// Waits for a failure. An app reports what it waits for after five seconds.
fn until_a_failure(session: &Session) {
    while session.failures().is_empty() {
        thread::park_timeout(Duration::from_millis(10));
    }
}

const LONG: Duration = Duration::from_secs(60);

#[test]
fn what_pends_is_reported_and_cut_off_by_a_forced_end() {
    let pends = || async { pending::<()>().await };
    let work = || Task::func("t", || async {}).start("every 1 hour");
    let main = Task::func("m", pends)
        .start("every 1 hour")
        .execution(Execution::Main);
    let stuck = [
        (app().setup(pends).task(work()), "the start-up waits for set-up `"),
        (
            app().before(Moment::Startup, pends).task(work()),
            "the start-up waits for hook `",
        ),
        (
            app().task(work()).task(main),
            "the scheduler waits for a run on the scheduler",
        ),
    ];
    let started = stuck.map(|(app, what)| (running(app), what));
    for ((session, end), what) in started {
        until_a_failure(&session);
        // A graceful end waits.
        session.shut_down();
        assert!(end.try_recv().is_err(), "{what}");
        session.shut_down_now();
        end.recv_timeout(LONG).expect("the app ends").unwrap();
        let failures = session.failures();
        assert_eq!(failures[0].part, Part::Waiting);
        assert!(failures[0].message.contains(what), "{}", failures[0].message);
    }
}

/// Start-up tasks have to run before any other run begins, so these block the app, which reports it.
#[test]
fn tasks_that_delay_the_start_up_are_reported() {
    let asks = |session: Session| async move {
        let asked = session.task("t").unwrap().run(rocketry_core::Params::new());
        assert!(asked.await.is_err(), "the app ends before");
    };
    let sleeps = |session: Session| async move { session.clock().sleep(LONG * 60).await };
    let polls = |flag: TerminationFlag| {
        while !flag.is_set() {
            thread::park_timeout(Duration::from_millis(10));
        }
    };
    let first = [
        Task::func("first", asks),
        Task::func("first", sleeps),
        Task::func("first", polls),
    ];
    let with_first = |first: TaskBuilder| {
        let work = Task::func("t", || async {}).start("every 1 hour");
        running(app().task(work).task(first.on_startup(true)))
    };
    for (session, end) in first.map(with_first) {
        ends_once_told(
            &session,
            "the start-up waits for `first`; no other run begins before",
        );
        end.recv_timeout(LONG).expect("the app ends").unwrap();
        assert_eq!(session.task("t").unwrap().total(Action::Run), 0);
    }
}

/// Waits until an app has reported what it waits for, and ends it.
fn ends_once_told(session: &Session, what: &str) {
    until_a_failure(session);
    let failures = session.failures();
    assert_eq!(failures[0].part, Part::Waiting);
    assert!(failures[0].message.contains(what), "{}", failures[0].message);
    session.shut_down_now();
}

#[test]
fn what_a_test_waits_for_is_reported_before_its_app_has_started() {
    let (sender, sessions) = channel();
    let asks = move |session: Session| {
        sender.send(session.clone()).unwrap();
        async move {
            let asked = session.task("t").unwrap().run(rocketry_core::Params::new());
            assert!(asked.await.is_err(), "the app ends before");
        }
    };
    let app = app()
        .task(Task::func("t", || async {}))
        .task(Task::func("first", asks).on_startup(true));
    let test = thread::spawn(move || drop(TestApp::start(app, "2026-01-01T00:00:00Z").unwrap()));
    let session = sessions.recv_timeout(LONG).unwrap();
    ends_once_told(&session, "the start-up waits for `first`");
    test.join().unwrap();
}

#[test]
fn time_passes_for_a_start_up_task_of_a_test_that_sleeps() {
    let sleeps = |session: Session| async move { session.clock().sleep(LONG).await };
    let app = app().task(Task::func("first", sleeps).on_startup(true));
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(app.now().to_string(), "2026-01-01T00:01:00.000000Z");
    assert!(app.session().failures().is_empty());
}

#[test]
fn a_hook_of_the_shut_down_that_pends_holds_up_no_forced_end() {
    let (session, end) = running(
        app()
            .before(Moment::Shutdown, || async { pending::<()>().await })
            .after(Moment::Shutdown, |session: Session| {
                session.set_param("the last", "is called");
            })
            .func("t", "every 1 hour", || async {}),
    );
    block_on(
        session
            .task("t")
            .unwrap()
            .wait_for(Status::Ended(Action::Success)),
    )
    .unwrap();
    session.shut_down();
    session.shut_down_now();
    end.recv_timeout(LONG).expect("the app ends").unwrap();
    let failures = session.failures();
    assert_eq!(failures[0].part, Part::Hook);
    assert!(
        failures[0]
            .message
            .contains("was interrupted, because the app was to end immediately"),
        "{}",
        failures[0].message
    );
    assert_eq!(
        session.param("the last").unwrap().get::<String>().as_deref(),
        Some("is called")
    );
}

#[test]
fn a_run_on_the_scheduler_that_is_cut_off_is_recorded() {
    let begun = |session: Session| async move {
        session.shut_down_now();
        pending::<()>().await;
    };
    let main = Task::func("m", begun)
        .start("every 1 hour")
        .execution(Execution::Main);
    let (session, end) = running(app().task(main));
    end.recv_timeout(LONG).expect("the app ends").unwrap();
    let records = session.log(&Query::new().task("m")).unwrap();
    let actions: Vec<Action> = records.iter().map(|record| record.action).collect();
    assert_eq!(actions, [Action::Run, Action::Terminate]);
}

#[test]
fn a_condition_that_waits_for_a_run_is_refused_at_once() {
    let waits = |session: Session| {
        let refused = block_on(session.task("other").unwrap().run(rocketry_core::Params::new()));
        session.set_param("why", refused.unwrap_err().to_string());
        session.shut_down();
        true
    };
    let condition = Condition::from_fn(waits);
    let (session, end) = running(
        app()
            .func("t", condition, || async {})
            .task(Task::func("other", || async {})),
    );
    end.recv_timeout(LONG).expect("the app ends").unwrap();
    let why = session.param("why").unwrap().get::<String>().unwrap();
    assert!(why.contains("the scheduler"), "{why}");
}
