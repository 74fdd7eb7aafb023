//! Tasks that want no two runs alike in their queues.

use std::time::Duration;

use rocketry_core::param::EnvArg;
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Error, Params, Queued, Session, Task, TaskBuilder, Value};

use crate::support::{app, ready, start, times};

async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

fn work() -> TaskBuilder {
    Task::func("work", ten_seconds).unique(true)
}

/// An app in which a run of `work` is under way.
fn busy(task: TaskBuilder) -> (TestApp, Task) {
    let mut app = start(app().task(task));
    let work = app.session().task("work").unwrap();
    work.run(Params::new());
    app.settle();
    (app, work)
}

fn refused(mut queued: Queued) -> Option<Error> {
    ready(&mut queued).map(|ended| ended.unwrap_err())
}

fn page(page: i32) -> Params {
    Params::new().with("page", page)
}

#[test]
fn a_second_queued_run_with_equal_parameters_is_refused() {
    let (mut app, work) = busy(work());
    let first = work.run(page(1));
    let other = work.run(page(2));
    let error = refused(work.run(page(1))).expect("whoever asks is told at once");
    assert!(error.is_duplicate() && !error.is_state(), "{error}");
    assert_eq!(
        error.to_string(),
        "the run of task `work` was not made: one with equal parameters is queued already"
    );
    assert_eq!(work.queued(), 2);
    assert_eq!(work.waits_for().unwrap(), "the end of a run under way");
    app.run_for(Duration::from_secs(60));
    for mut queued in [first, other] {
        assert_eq!(ready(&mut queued).unwrap().unwrap().action, Action::Success);
    }
    assert_eq!(times(&app, "work"), ["00:00:00", "00:00:10", "00:00:20"]);
}

#[test]
fn a_run_under_way_is_not_in_the_queue() {
    let (mut app, work) = busy(work());
    work.run(Params::new());
    assert!(refused(work.run(Params::new())).is_some());
    app.run_for(Duration::from_secs(10));
    // The one that was queued runs now.
    work.run(Params::new());
    app.run_for(Duration::from_secs(60));
    assert_eq!(work.total(Action::Success), 3);
}

#[test]
fn another_task_may_have_many_alike() {
    let (mut app, work) = busy(work().unique(false));
    for _ in 0..3 {
        work.run(page(1));
    }
    app.run_for(Duration::from_secs(60));
    assert_eq!(work.total(Action::Success), 4);
}

/// Has no words in JSON.
struct Secret;

#[test]
fn parameters_are_equal_by_their_json_or_by_being_the_same() {
    let (_app, work) = busy(work());
    let secret = Params::new().with("secret", Secret);
    let variable = Params::new().with_argument("home", EnvArg("HOME"));
    let text = |text: &str| {
        let mut params = Params::new();
        params.set("page", rocketry_core::param::Entry::value_of(Value::text(text)));
        params
    };
    let all = [
        (Params::new().with("page", 1_u64), true),
        (Params::new().with("page", 1_i8), false),
        (Params::new().with("side", 1_i8), true),
        (Params::new().with("page", 1).with("side", 1), true),
        (Params::new().with("side", 1).with("page", 1), false),
        (Params::new().with("page", "one"), true),
        (text("one"), false),
        (secret.clone(), true),
        (secret, false),
        (Params::new().with("secret", Secret), true),
        (variable.clone(), true),
        (variable, false),
        (Params::new().with_argument("home", EnvArg("HOME")), true),
    ];
    for (params, made) in all {
        let shown = format!("{params:?}");
        assert_eq!(refused(work.run(params)).is_none(), made, "{shown}");
    }
}

#[test]
fn what_is_given_up_leaves_the_queue() {
    let (mut app, work) = busy(work());
    let session = app.session().clone();
    let mut due = session.run_due(["work"]).unwrap();
    let mut again = session.run_due(["work"]).unwrap();
    let error = ready(&mut again).unwrap().unwrap_err();
    assert!(error.is_duplicate(), "{error}");
    // One that is only made if the task is due is not like one that is made in any case.
    assert!(refused(work.force_run()).is_none());
    app.settle();
    assert_eq!(ready(&mut due).unwrap().unwrap(), []);
    assert!(ready(&mut session.run_due(["work"]).unwrap()).is_none());
    work.delete();
    session.add(Task::func("work", ten_seconds).unique(true)).unwrap();
    let mut anew = session.run(["work"]).unwrap();
    assert!(ready(&mut anew).is_none(), "another task has another queue");
}
