//! Options that were changed while the app ran, after a restart.

use std::time::Duration;

use rocketry_core::{Action, Execution, Params, Rocketry, Session, Task};

use crate::recovery::restart;
use crate::support::{Disk, app, start};

fn tasks(disk: &Disk) -> Rocketry {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(3600)).await };
    app(disk).task(Task::func("work", long).max_running(2))
}

#[test]
fn a_limit_and_a_timeout_are_as_they_were_set() {
    let disk = Disk::default();
    let mut first = start(tasks(&disk));
    let task = first.session().task("work").unwrap();
    task.set_max_running(5);
    task.set_timeout("90 s").unwrap();
    task.set_execution(Execution::Main).unwrap();
    first.settle();
    let mut second = restart(first, tasks(&disk), "2026-01-01T00:05:00Z");
    let task = second.session().task("work").unwrap();
    assert_eq!(task.info().max_running, Some(5));
    assert_eq!(task.info().execution, Execution::Main);
    task.set_execution(Execution::Async).unwrap();
    drop(task.run(Params::new()));
    second.run_for(Duration::from_secs(100));
    assert_eq!(task.total(Action::Terminate), 1);
}
