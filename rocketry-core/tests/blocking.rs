//! A run on the runtime that blocks its thread is found and named. This is on the clock of the machine, since it is the
//! machine's threads that are blocked.

use std::time::Duration;

use rocketry_core::{Config, Part, Rocketry, Session, Task};

#[test]
fn a_run_that_blocks_its_thread_is_told_of() {
    tells_of_it(Config::default(), "over 1 second without");
}

#[test]
fn how_soon_is_a_setting() {
    let config = Config {
        blocking_after: Some(Duration::from_millis(20)),
        ..Config::default()
    };
    tells_of_it(config, "over 20 ms without");
}

fn tells_of_it(config: Config, how_long: &str) {
    let block = |session: Session| async move {
        // No `await`: it ends as soon as it has been found.
        while session.failures().is_empty() {
            std::thread::yield_now();
        }
        session.shut_down();
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .config(config)
        .task(Task::func("crunch", block).on_startup(true))
        .build()
        .unwrap();
    let session = app.session();
    app.run().unwrap();
    let failures = session.failures();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].part, Part::Blocking);
    assert_eq!(failures[0].task.as_deref(), Some("crunch"));
    let said = &*failures[0].message;
    assert!(
        said.contains(how_long) && said.contains("`execution = \"thread\"`"),
        "{said}"
    );
}
