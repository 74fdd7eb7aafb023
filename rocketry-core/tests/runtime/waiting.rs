//! Waiting for runs and for statuses.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rocketry_core::{Action, Error, Execution, Moment, Params, Session, Status, Task};

use crate::support::{app, ends, ready, start};

async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// What has come of what is waited for.
fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[test]
fn a_status_is_waited_for() {
    let mut app = start(app().func("work", "every 1 minute", ten_seconds));
    let task = app.session().task("work").unwrap();
    assert_eq!(
        poll(pin!(task.wait_for(Status::Running))).unwrap().ok(),
        Some(()),
        "as it is"
    );
    let mut ended = pin!(task.wait_until(|status| matches!(status, Status::Ended(_))));
    let mut running = pin!(async {
        task.wait_for(Status::Ended(Action::Success)).await?;
        task.wait_for(Status::Running).await
    });
    assert!(poll(ended.as_mut()).is_none() && poll(running.as_mut()).is_none());
    app.run_for(seconds(9));
    assert!(poll(ended.as_mut()).is_none());
    app.run_for(seconds(1));
    assert_eq!(poll(ended).unwrap().unwrap(), Status::Ended(Action::Success));
    assert!(poll(running.as_mut()).is_none());
    app.run_for(seconds(50));
    assert!(poll(running).unwrap().is_ok());
}

#[test]
fn a_waiter_is_woken_from_another_thread() {
    let server = app().task(Task::func("work", || async {})).build().unwrap();
    let work = server.session().task("work").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let serving = runtime.spawn(server.serve());
    let waits = work.clone();
    let waiting = runtime.spawn(async move { waits.wait_for(Status::Ended(Action::Success)).await });
    let ended = runtime.block_on(work.force_run()).unwrap();
    assert_eq!(ended.action, Action::Success);
    runtime.block_on(waiting).unwrap().unwrap();
    let never = work.clone();
    let waiting = runtime.spawn(async move { never.wait_for(Status::Ended(Action::Crash)).await });
    work.delete();
    assert!(runtime.block_on(waiting).unwrap().unwrap_err().is_state());
    serving.abort();
}

#[test]
fn the_end_of_the_next_run_is_waited_for() {
    let mut app = start(app().func("work", "every 1 minute", ten_seconds));
    let task = app.session().task("work").unwrap();
    app.run_for(seconds(5));
    let mut first = task.next_end();
    let mut asked = task.force_run();
    app.run_for(seconds(4));
    assert!(ready(&mut first).is_none());
    app.run_for(seconds(1));
    let ended = ready(&mut first).unwrap().unwrap();
    assert_eq!(
        (ended.action, ended.runtime()),
        (Action::Success, Some(seconds(10)))
    );
    let mut second = task.next_end();
    assert!(ready(&mut asked).is_none());
    app.run_for(seconds(10));
    assert_eq!(
        ready(&mut second).unwrap().unwrap(),
        ready(&mut asked).unwrap().unwrap()
    );
}

#[test]
fn no_caller_waits_for_a_run_that_is_not_made() {
    let mut app = start(
        app()
            .func("long", "~has started", ten_seconds)
            .func("silent", "never", || async {})
            .task(Task::func("last", || async {}).on_shutdown(true)),
    );
    let session = app.session().clone();
    let [long, silent, last] = ["long", "silent", "last"].map(|name| session.task(name).unwrap());
    let gone = session
        .add(Task::func("gone", || async {}).start("never"))
        .unwrap();
    let mut for_gone = pin!(gone.wait_for(Status::Running));
    let mut end_of_gone = gone.next_end();
    assert!(poll(for_gone.as_mut()).is_none());
    gone.delete();
    assert_eq!(
        poll(for_gone).unwrap().unwrap_err().to_string(),
        "task `gone` will not be seen to stand as wanted: the task was deleted; its status is `never run`"
    );
    assert!(ready(&mut end_of_gone).unwrap().unwrap_err().is_state());

    long.delete();
    let mut end_of_long = long.next_end();
    let mut for_long = pin!(long.wait_for(Status::Ended(Action::Fail)));
    assert!(ready(&mut end_of_long).is_none() && poll(for_long.as_mut()).is_none());

    let mut for_silent = pin!(silent.wait_for(Status::Running));
    let mut for_last = pin!(last.wait_for(Status::Ended(Action::Success)));
    assert!(poll(for_silent.as_mut()).is_none() && poll(for_last.as_mut()).is_none());
    session.shut_down();
    assert_eq!(
        poll(for_silent).unwrap().unwrap_err().to_string(),
        "task `silent` will not be seen to stand as wanted: the app has ended; its status is `never run`"
    );
    assert!(poll(for_last.as_mut()).is_none(), "it is still to run");
    assert!(
        ready(&mut end_of_long).is_none(),
        "the run of a deleted task goes on"
    );
    app.run_for(seconds(10));
    assert_eq!(ready(&mut end_of_long).unwrap().unwrap().action, Action::Success);
    assert!(poll(for_long).unwrap().unwrap_err().is_state());
    app.shut_down();
    assert!(poll(for_last).unwrap().is_ok());
    assert!(poll(pin!(last.wait_for(Status::Running))).unwrap().is_err());
    assert!(ready(&mut silent.run(Params::new())).unwrap().is_err());
}

#[test]
fn the_scheduler_does_not_wait_for_itself() {
    async fn waits(session: Session) -> Result<(), Error> {
        let other = session.task("other")?;
        let error = other.force_run().await.unwrap_err();
        assert!(error.is_state(), "{error}");
        assert_eq!(
            error.to_string(),
            "the run of task `other` can't be waited for: the wait would deadlock the scheduler"
        );
        let crash = Status::Ended(Action::Crash);
        assert!(other.wait_for(crash).await.unwrap_err().is_state());
        assert!(
            other.wait_until(|_| true).await.is_ok(),
            "it need not be waited for"
        );
        assert!(session.run(["other"])?.await.unwrap_err().is_state());
        Ok(())
    }
    let inline = Task::func("inline", waits)
        .start("~has started")
        .execution(Execution::Main);
    let built = app()
        .setup(waits)
        .before(Moment::Startup, waits)
        .task(inline)
        .task(Task::func("other", || async {}));
    let app = start(built);
    assert_eq!(
        app.session().task("inline").unwrap().status(),
        Status::Ended(Action::Success)
    );
    assert_eq!(ends(&app, "other").len(), 6, "the runs are made all the same");
    assert_eq!(app.session().failures().len(), 0);
}
