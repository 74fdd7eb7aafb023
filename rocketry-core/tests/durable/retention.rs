//! Old records are removed while everything continues.

use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::{Action, Config, MemoryLog, Part, Query, Rocketry, Zone};

use crate::support::{Disk, app, start};

fn keeping(app: Rocketry, keep_for: Option<Duration>, keep_records: Option<u64>) -> Rocketry {
    app.config(Config {
        zone: Zone::UTC,
        log_keep_for: keep_for,
        log_keep_records: keep_records,
        ..Config::default()
    })
    .func("work", "every 1 second", || {})
}

#[test]
fn records_are_forgotten_by_their_number() {
    let disk = Disk::default();
    let mut app = start(keeping(app(&disk), None, Some(50)));
    app.run_for(Duration::from_secs(1000));
    let count = disk.count(&Query::new()).unwrap();
    assert!((50..=50 + 2 * 61).contains(&count), "{count}");
    assert_eq!(
        app.session().task("work").unwrap().total(Action::Run),
        1001,
        "they still count"
    );
    assert_eq!(disk.load().unwrap().tasks["work"].tallies[0].count, 1001);
}

#[test]
fn records_are_forgotten_by_their_age() {
    for disk in [None, Some(Disk::default())] {
        let app = match &disk {
            Some(disk) => app(disk),
            None => Rocketry::builder().log(MemoryLog::default()),
        };
        let mut app = start(keeping(app, Some(Duration::from_secs(300)), None));
        app.run_for(Duration::from_secs(3000));
        let oldest = app.records(&Query::new().limit(1)).remove(0).created;
        let age = app.now().since(oldest);
        assert!((300..=361).contains(&age.as_secs()), "{age:?}");
    }
}

#[test]
fn many_are_forgotten_in_small_bites() {
    let disk = Disk::default();
    let mut app = start(keeping(app(&disk), None, None));
    app.run_for(Duration::from_secs(5000));
    drop(app);
    let app = start(keeping(crate::support::app(&disk), None, Some(10)));
    assert_eq!(disk.count(&Query::new()).unwrap(), 10);
    assert!(disk.bites().iter().all(|bite| *bite <= 1000));
    app.close().unwrap();
}

#[test]
fn what_cant_be_forgotten_is_reported() {
    let disk = Disk::default();
    let mut app = start(keeping(app(&disk), None, Some(10)));
    app.run_for(Duration::from_secs(30));
    disk.keep_all();
    app.run_for(Duration::from_secs(60));
    let failure = app.session().failures().remove(0);
    assert_eq!(
        (failure.part, &*failure.message),
        (Part::Log, "panicked: nothing is forgotten")
    );
    assert_eq!(app.session().task("work").unwrap().total(Action::Success), 91);
}
