//! A log is given up when its app is over for good.

use std::time::Duration;

use rocketry_core::Part;

use crate::support::{Disk, app, start};

#[test]
fn an_app_that_restarts_keeps_its_log() {
    let disk = Disk::default();
    let mut app = start(app(&disk).func("beat", "every 10 seconds", || async {}));
    app.session().restart().unwrap();
    app.run_for(Duration::from_secs(60));
    assert!(disk.closings().is_empty());
    app.close().unwrap();
    assert_eq!(disk.closings(), [disk.tries()], "once, and after the last write");
}

#[test]
fn an_app_that_is_let_go_of_gives_its_log_up() {
    let disk = Disk::default();
    let mut app = start(app(&disk).func("beat", "every 10 seconds", || async {}));
    app.run_for(Duration::from_secs(60));
    drop(app);
    assert_eq!(disk.closings(), [disk.tries()]);
}

#[test]
fn that_a_log_cant_be_given_up_is_reported() {
    let disk = Disk::default();
    let app = start(app(&disk));
    let session = app.session().clone();
    disk.fill(true);
    app.close().unwrap();
    let [failure] = &session.failures()[..] else {
        panic!("{:?}", session.failures());
    };
    assert_eq!(failure.part, Part::Log);
    assert!(
        failure.message.ends_with("a full disk can't be closed"),
        "{}",
        failure.message
    );
}
