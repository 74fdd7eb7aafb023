//! Apps on the time of the machine: that they run, end and say what is wrong.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rocketry_core::{
    Action, Due, Execution, Now, Params, Query, Rocketry, Session, Status, Task, TerminationFlag, Timestamp,
};
use tokio::sync::Notify;

/// Ends the app.
async fn stop(session: Session) {
    session.shut_down();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn an_app_runs_until_it_is_shut_down() {
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("work", "every 1 millisecond", || async {})
        .shut_down_when("task 'work' has succeeded at least 20 times")
        .build()
        .unwrap();
    let session = app.session();
    app.run().unwrap();
    assert!(session.task("work").unwrap().total(Action::Success) >= 20);
    assert_eq!(
        session
            .log(&Query::new().task("shut down").action(Action::Success))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn no_run_is_before_its_instant() {
    let app = Rocketry::builder()
        .handle_signals(false)
        .func(
            "work",
            "cron with seconds * * * * * *",
            |now: Now, due: Due| async move {
                assert!(Timestamp::from(now.0) >= due.0, "{now:?} is before {due:?}");
            },
        )
        .shut_down_when("task 'work' has finished at least 2 times")
        .build()
        .unwrap();
    let session = app.session();
    app.run().unwrap();
    assert_eq!(session.task("work").unwrap().total(Action::Fail), 0);
}

#[test]
fn an_app_runs_by_itself_with_signals() {
    Rocketry::builder()
        .func("stop", "every 1 hour", stop)
        .run()
        .unwrap();
}

#[test]
fn an_app_is_served_on_a_runtime_that_is_there_already() {
    runtime().block_on(async {
        let app = Rocketry::builder().func("stop", "every 1 hour", stop);
        app.serve().await.unwrap();
        let mistaken = Rocketry::builder().func("stop", "evry hour", stop).serve().await;
        assert!(mistaken.unwrap_err().is_build());
    });
}

#[test]
fn an_app_is_served_on_a_runtime_of_one_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let app = Rocketry::builder()
        .task(
            Task::func("inline", || {})
                .start("every 1 hour")
                .execution(Execution::Main),
        )
        .func("stop", "after task 'inline'", stop);
    runtime.block_on(app.serve()).unwrap();
}

#[test]
fn running_inside_a_runtime_is_refused() {
    let error = runtime().block_on(async { Rocketry::builder().run().unwrap_err() });
    assert!(error.is_state());
    assert!(error.to_string().contains("use `serve().await`"), "{error}");
}

#[test]
fn several_apps_are_served_at_once() {
    runtime().block_on(async {
        let apps = [1, 2, 3].map(|number| {
            let app = Rocketry::builder()
                .param("number", number)
                .func("stop", "every 1 hour", stop)
                .build()
                .unwrap();
            (app.session(), tokio::spawn(app.serve()))
        });
        for (number, (session, ended)) in (1..).zip(apps) {
            ended.await.unwrap().unwrap();
            assert_eq!(session.param("number").unwrap().get::<i32>(), Some(number));
            assert_eq!(session.log(&Query::new()).unwrap().len(), 2);
        }
    });
}

#[test]
fn an_app_is_steered_from_another_thread() {
    let app = Rocketry::builder()
        .task(task!("double", [number: i32], number * 2))
        .build()
        .unwrap();
    let session = app.session();
    let runtime = runtime();
    let serving = runtime.spawn(app.serve());
    let double = session.task("double").unwrap();
    double.run(Params::new().with("number", 21));
    let ended = double.wait_for(Status::Ended(Action::Success));
    runtime.block_on(ended).unwrap();
    assert_eq!(double.result().unwrap().get::<i32>(), Some(42));
    session.shut_down();
    runtime.block_on(serving).unwrap().unwrap();
}

#[test]
fn runs_under_way_are_waited_for() {
    let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let done = Arc::new(AtomicBool::new(false));
    let work = {
        let (started, go, done) = (started.clone(), go.clone(), done.clone());
        move || {
            let (started, go, done) = (started.clone(), go.clone(), done.clone());
            async move {
                started.notify_one();
                go.notified().await;
                done.store(true, Ordering::Release);
            }
        }
    };
    let app = Rocketry::builder()
        .func("work", "every 1 hour", work)
        .build()
        .unwrap();
    let session = app.session();
    let runtime = runtime();
    let serving = runtime.spawn(app.serve());
    runtime.block_on(async {
        started.notified().await;
        session.shut_down();
        go.notify_one();
        serving.await.unwrap().unwrap();
    });
    assert!(done.load(Ordering::Acquire));
}

#[test]
fn a_thread_that_does_not_look_at_its_flag_is_not_waited_for_twice() {
    let (release, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let (begun, started) = mpsc::channel();
    let stubborn = move |flag: TerminationFlag| {
        begun.send(flag).ok();
        wait.lock().unwrap().recv().ok();
    };
    let app = Rocketry::builder()
        .func("stubborn", "every 1 hour", stubborn)
        .build()
        .unwrap();
    let session = app.session();
    let runtime = runtime();
    let serving = runtime.spawn(app.serve());
    let flag = started.recv().unwrap();
    session.shut_down();
    session.shut_down_now();
    runtime.block_on(serving).unwrap().unwrap();
    assert!(flag.is_set());
    assert_eq!(
        session.task("stubborn").unwrap().status(),
        Status::Ended(Action::Terminate)
    );
    drop(release);
}

#[test]
fn an_hourly_limit_is_no_hindrance_on_real_time() {
    let work = |session: Session| async move {
        session.clock().sleep(Duration::from_millis(2)).await;
    };
    let slow = |session: Session| async move {
        session.clock().sleep(Duration::from_secs(3600)).await;
    };
    let app = Rocketry::builder()
        .func("work", "every 1 hour", work)
        .task(
            Task::func("slow", slow)
                .start("every 1 hour")
                .timeout(Duration::from_millis(5)),
        )
        .shut_down_when("task 'work' has succeeded & task 'slow' has terminated")
        .build()
        .unwrap();
    let session = app.session();
    app.run().unwrap();
    assert_eq!(
        session.task("work").unwrap().status(),
        Status::Ended(Action::Success)
    );
    assert!(format!("{:?}", session.clock()).contains("System"));
}

/// What has made a run stays ready for another. It is not left to the runtime of somebody else.
#[test]
fn nothing_of_an_app_stays_on_the_runtime() {
    let runtime = runtime();
    let app = Rocketry::builder()
        .handle_signals(false)
        .task(Task::func("work", || async {}).multilaunch(true))
        .build()
        .unwrap();
    let session = app.session();
    runtime.block_on(async {
        let app = tokio::spawn(app.serve());
        for many in [200, 1, 200] {
            let work = session.task("work").unwrap();
            let runs: Vec<_> = (0..many).map(|_| work.run(Params::new())).collect();
            for run in runs {
                assert_eq!(run.await.unwrap().action, Action::Success);
            }
        }
        session.shut_down();
        app.await.unwrap().unwrap();
        // They end when they are next polled; a task that is left would hang the test.
        while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
            tokio::task::yield_now().await;
        }
    });
}
