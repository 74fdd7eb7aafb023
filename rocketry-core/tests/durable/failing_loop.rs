//! The pause of a task that fails over and over survives a restart of the app.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Hold, Task, Timestamp};

use crate::support::{Disk, START, app, start};

#[test]
fn a_restart_does_not_reset_the_pause() {
    let disk = Disk::default();
    let build = || {
        let failing = Task::func("failing", || Err::<(), _>("no network"));
        app(&disk).task(failing.start("every 10 minutes based on success"))
    };
    let after = |seconds: i64| {
        let start: Timestamp = START.parse().unwrap();
        Timestamp::from_micros(start.as_micros() + seconds * 1_000_000)
    };
    let mut first = start(build());
    first.run_for(Duration::from_secs(20));
    assert_eq!(first.starts("failing"), [0, 1, 3, 7, 15].map(after));
    first.close().unwrap();

    let mut second = TestApp::start(build(), after(25)).unwrap();
    let (failures, until) = (5, after(31));
    let task = second.session().task("failing").unwrap();
    assert_eq!(task.holds(), [Hold::Failures { failures, until }]);
    second.run_for(Duration::from_secs(60));
    assert_eq!(second.starts("failing")[5..], [after(31), after(63)]);
    second.close().unwrap();

    let mut third = TestApp::start(build(), after(3600)).unwrap();
    third.run_for(Duration::from_secs(1));
    assert_eq!(third.starts("failing").last(), Some(&after(3600)));
    let record = third
        .session()
        .task("failing")
        .unwrap()
        .log(rocketry_core::Query::new().last(1))
        .unwrap();
    assert_eq!(record[0].due, after(127));
}
