//! An app whose log is deleted under it.

use std::path::Path;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Part, Query, Rocketry, Zone, log};

/// Deletes the file of an app's log: the app tells of it, and goes on in a new file with nothing lost but the old records.
pub(crate) fn is_endured(address: &str, file: &Path) {
    let app = || {
        let config = Config {
            zone: Zone::UTC,
            ..Config::default()
        };
        Rocketry::builder()
            .config(config)
            .log(address)
            .func("work", "every 1 second", || {})
            .func("off", "every 1 second", || {})
    };
    let mut first = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
    first.session().task("off").unwrap().disable();
    first.run_for(Duration::from_secs(10));
    std::fs::remove_file(file).unwrap();
    first.run_for(Duration::from_secs(10));
    let failure = first.session().failures().remove(0);
    assert!(
        failure.part == Part::Log && failure.message.contains("deleted, moved or replaced"),
        "{}",
        failure.message
    );
    let total = first.session().task("work").unwrap().total(Action::Run);
    assert!(total >= 20, "{total} runs");
    first.close().unwrap();

    let found = log::open(address).unwrap();
    assert!(found.count(&Query::new().action(Action::Run)).unwrap() >= 9);
    drop(found);
    let second = TestApp::start(app(), "2026-01-01T00:00:20.5Z").unwrap();
    assert!(second.session().task("off").unwrap().is_disabled());
    assert_eq!(second.session().task("work").unwrap().total(Action::Run), total);
    second.close().unwrap();
}
