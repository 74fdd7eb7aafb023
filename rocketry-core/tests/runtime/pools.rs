//! Runs that need room in two pools: a named one and that of all processes.
#![cfg(unix)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rocketry_core::{Clock, Config, Execution, Task, TaskBuilder, Zone};

use crate::support::{app, start, times};

/// A task that starts once, when the app has run for a second, and takes so long by the clock of the app.
fn once(name: &'static str, seconds: u64, clock: &Arc<OnceLock<Clock>>) -> TaskBuilder {
    let clock = clock.clone();
    let function = move || {
        let clock = clock.get().expect("the test has told the clock").clone();
        async move { clock.sleep(Duration::from_secs(seconds)).await }
    };
    Task::func(name, function).start("scheduler has run over 1 second & ~has started")
}

#[test]
fn a_run_that_leaves_a_queue_for_another_pools_lets_the_next_one_go() {
    let clock = Arc::new(OnceLock::new());
    let task = |name, seconds, priority| once(name, seconds, &clock).priority(priority);
    let config = Config {
        max_process_count: Some(1),
        zone: Zone::UTC,
        ..Config::default()
    };
    let built = app()
        .config(config)
        .pool("db", 1)
        .task(task("in db", 10, 4).pool("db"))
        .task(task("a process", 30, 3).execution(Execution::Process))
        .task(task("both", 5, 2).pool("db").execution(Execution::Process))
        .task(task("behind it", 5, 1).pool("db"));
    let mut app = start(built);
    clock
        .set(app.session().clock().clone())
        .expect("it was told once");
    app.run_for(Duration::from_secs(5));
    let both = app.session().task("both").unwrap();
    let waits_for = |pool| Some(format!("room in the pool `{pool}`, where 1 of 1 are in use"));
    assert_eq!(both.waits_for(), waits_for("db"));
    app.run_for(Duration::from_secs(60));
    assert_eq!(times(&app, "in db"), ["00:00:01"]);
    assert_eq!(
        times(&app, "behind it"),
        ["00:00:11"],
        "`both` waits for a process"
    );
    assert_eq!(times(&app, "both"), ["00:00:31"]);
}
