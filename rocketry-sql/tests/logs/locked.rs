//! A database in SQLite that another program writes to for longer than is waited for.

use std::time::Duration;

use rocketry_core::log::Write;
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Query, Rocketry, RunLog, Zone};
use rocketry_sql::SqliteLog;
use rusqlite::Connection;

use crate::folder::Folder;
use crate::odd_names;
use crate::runs::runs;

#[test]
fn it_is_waited_for_and_nothing_is_lost() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .log(format!("sqlite:{}", file.display()))
        .func("work", "every 1 second", || {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(5));
    let work = app.session().task("work").unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    app.run_for(Duration::from_secs(4));
    let (held, why) = (work.total(Action::Run), work.waits_for().unwrap_or_default());
    assert!(why.contains("another program is writing to the file"), "{why}");
    other.execute_batch("COMMIT").unwrap();
    app.run_for(Duration::from_secs(20));
    assert!(work.total(Action::Run) > held + 10);
    let total = work.total(Action::Run);
    app.close().unwrap();
    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.count(&Query::new().action(Action::Run)).unwrap(), total);
}

/// An idle app only looks whether the log is in its place.
#[test]
fn it_does_not_concern_an_app_with_nothing_to_write() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("work", 0..1))).unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    log.write(&Write::default()).unwrap();
    log.write(&Write::records(&runs("work", 1..2))).unwrap_err();
    std::fs::remove_file(&file).unwrap();
    log.write(&Write::default()).unwrap_err();
}

#[test]
fn names_may_be_odd() {
    let folder = Folder::new();
    odd_names::survive_a_restart(|number| {
        format!("sqlite:{}", folder.path(&format!("{number}.db")).display())
    });
}
