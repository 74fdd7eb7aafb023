//! Tasks whose start conditions are used up.

use rocketry_core::Hold;
use rocketry_core::testing::TestApp;

use crate::support::app;

const START: &str = "2026-01-01T00:00:00Z";

/// Whether a task with the statement is finished on each of the first days of January, at noon.
fn finished(statement: &str) -> [bool; 4] {
    let mut app = TestApp::start(app().func("work", statement, || async {}), START).unwrap();
    [1, 2, 3, 4].map(|day| {
        app.run_until(&*format!("2026-01-{day:02}T12:00:00Z"));
        app.session().task("work").unwrap().is_finished()
    })
}

#[test]
fn a_task_is_finished_when_it_can_never_be_due_again() {
    assert_eq!(finished("daily & at most 3 runs"), [false, false, true, true]);
    assert_eq!(finished("daily & until 2026-01-02"), [false, false, true, true]);
    assert_eq!(finished("daily & ~from 2026-01-03"), [false, false, true, true]);
    assert_eq!(finished("once at 2026-01-02 10:00"), [false, true, true, true]);
    assert_eq!(
        finished("daily on 2026-01-01, 2026-01-03"),
        [false, false, true, true]
    );
    assert_eq!(
        finished("every 1 day from 2026-01-01 until 2026-01-03 10:00"),
        [false, false, true, true]
    );
}

#[test]
fn a_task_is_not_finished_while_something_may_make_it_due() {
    for statement in [
        "daily",
        "daily & at most 9 runs",
        "once at 2026-01-02 10:00 | hourly",
        "once at 2027-01-02 10:00",
        "at most 1 run | param 'x' exists",
        "false",
        "daily & from 2026-06-01",
    ] {
        assert_eq!(finished(statement), [false; 4], "{statement}");
    }
}

#[test]
fn a_finished_task_says_so_and_makes_runs_that_are_requested() {
    let mut app = TestApp::start(app().func("work", "at most 2 runs & daily", || async {}), START).unwrap();
    app.run_until("2026-01-05T00:00:00Z");
    let work = app.session().task("work").unwrap();
    assert_eq!(work.holds(), [Hold::Finished]);
    assert_eq!(
        Hold::Finished.to_string(),
        "a request, since its start condition can't be true again"
    );
    let info = work.info();
    assert!(info.finished && info.next_due.is_none());
    work.run(rocketry_core::Params::new());
    app.settle();
    assert_eq!(app.starts("work").len(), 3);
}
