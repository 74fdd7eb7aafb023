//! Code without `await` blocks its thread to wait. Uses the system clock, as the threads are real.

use std::sync::mpsc::channel;
use std::thread;

use rocketry_core::{
    Action, Error, Execution, Params, Record, Rocketry, Session, Status, Task, TaskBuilder, block_on,
};

/// The outcome of a run of `task` that a thread outside the app has requested.
fn run(task: TaskBuilder) -> Record {
    let app = Rocketry::builder().handle_signals(false);
    let app = app.task(task).task(Task::func("other", || async {}));
    let app = app.build().unwrap();
    let session = app.session();
    let outside = thread::spawn(move || {
        let task = session.task("task").unwrap();
        let record = block_on(task.run(Params::new()));
        block_on(task.wait_until(|status| status != Status::Running)).unwrap();
        session.shut_down();
        record.unwrap()
    });
    app.run().unwrap();
    outside.join().unwrap()
}

fn ask(session: &Session) -> Result<Record, Error> {
    block_on(session.task("other")?.force_run())
}

#[test]
fn a_thread_of_the_app_waits_for_another_run() {
    let task = Task::func("task", |session: Session| ask(&session).map(drop));
    assert_eq!(run(task).action, Action::Success);
}

#[test]
fn where_the_scheduler_stands_still_it_is_an_error() {
    let (tell, told) = channel();
    let task = Task::func("task", move |session: Session| {
        tell.send(ask(&session).unwrap_err()).unwrap();
    });
    let record = run(task.execution(Execution::Main));
    assert_eq!(record.action, Action::Success, "{:?}", record.message);
    assert!(told.recv().unwrap().is_state());
}

#[test]
fn in_an_asynchronous_function_it_panics() {
    let task = Task::func("task", |session: Session| async move { ask(&session).map(drop) });
    let record = run(task);
    assert_eq!(record.action, Action::Fail);
    let said = record.message.unwrap();
    assert!(said.contains("block the current thread"), "{said}");
}
