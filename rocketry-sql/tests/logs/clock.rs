//! The clock of an app is wrong for a while, and put right, where the log is in a database.

use std::collections::HashSet;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Query, Rocketry, Timestamp, Zone, log};

/// Runs an app, puts its clock back by an hour, cuts it off, and runs it again.
fn endure(address: &str) {
    let app = || {
        let config = Config {
            zone: Zone::UTC,
            ..Config::default()
        };
        let app = Rocketry::builder().config(config).log(address);
        app.func("work", "every 10 seconds", || {})
    };
    let mut first = TestApp::start(app(), "2026-01-01T12:00:00Z").unwrap();
    first.run_for(Duration::from_secs(55));
    first.jump("2026-01-01T11:00:00Z");
    first.run_for(Duration::from_secs(55));
    drop(first);
    let mut second = TestApp::start(app(), "2026-01-01T11:05:00Z").unwrap();
    second.run_for(Duration::from_secs(25));
    second.close().unwrap();

    let log = log::open(address).unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let starts = |query: Query| log.query(&query.action(Action::Run)).unwrap().records;
    let before = starts(Query::new().created(at("2026-01-01T12:00:00Z")..));
    let after = starts(Query::new().created(..at("2026-01-01T11:04:00Z")));
    let again = starts(Query::new().start(at("2026-01-01T11:05:00Z")..at("2026-01-01T11:06:00Z")));
    assert_eq!(before.len(), 6);
    assert!(
        after.len() >= 5 && again.len() >= 2,
        "{} and {} runs",
        after.len(),
        again.len()
    );
    // The order is that in which it happened.
    let all = starts(Query::new());
    assert_eq!(all, [before, after, again].concat());
    let runs: HashSet<_> = all.iter().map(|start| &start.run_id).collect();
    assert_eq!(runs.len(), all.len(), "each run has a name of its own");
    let ends = log
        .count(&Query::new().end(at("2026-01-01T11:00:00Z")..))
        .unwrap();
    assert_eq!(ends, all.len() as u64);
}

/// Runs an app whose clock is five months ahead, and then one that keeps its records for six hours.
fn forgets(address: &str) {
    let app = || {
        let config = Config {
            zone: Zone::UTC,
            log_keep_for: Some(Duration::from_secs(6 * 3600)),
            ..Config::default()
        };
        let app = Rocketry::builder().config(config).log(address);
        app.func("work", "every 10 minutes", || {})
    };
    let mut first = TestApp::start(app(), "2026-06-01T00:00:00Z").unwrap();
    first.run_until("2026-06-01T00:30:00Z");
    first.close().unwrap();
    let mut second = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
    second.run_until("2026-01-02T00:00:00Z");
    second.close().unwrap();
    // Six hours are 36 runs, and some old ones may be left for the next time.
    let left = log::open(address).unwrap().count(&Query::new()).unwrap();
    assert!((72..=85).contains(&left), "{left}");
}

#[cfg(feature = "sqlite")]
#[test]
fn a_log_in_sqlite_endures_it() {
    let folder = crate::folder::Folder::new();
    endure(&format!("sqlite:{}", folder.path("app.db").display()));
    forgets(&format!("sqlite:{}", folder.path("ahead.db").display()));
}

#[cfg(feature = "postgres")]
#[test]
fn a_log_in_postgres_endures_it() {
    let Some(place) = crate::postgres::Place::new("clock") else {
        return;
    };
    endure(place.address());
    if let Some(place) = crate::postgres::Place::new("ahead") {
        forgets(place.address());
    }
}
