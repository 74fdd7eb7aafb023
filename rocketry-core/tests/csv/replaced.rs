//! Files that are deleted, moved or replaced while an app has them open.

#![cfg(unix)]

use rocketry_core::log::{CsvLog, Fact, Write};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Part, Query, Rocketry, RunLog, Zone};
use std::time::Duration;

use crate::folder::Folder;
use crate::records::record;
use crate::support::{text, write};

fn refused(log: &CsvLog) -> String {
    let start = record("work", 9, Action::Run, 0);
    let error = log.write(&Write::records(&[start])).unwrap_err();
    assert!(error.is_log() && !error.is_unwritable());
    error.to_string()
}

#[test]
fn a_new_file_has_what_an_app_needs_to_know() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    let log = CsvLog::open(&file).unwrap();
    write(&log, 1, &[Action::Run, Action::Success, Action::Run]);
    let fact = Fact {
        key: "disabled/work".into(),
        value: Some("true".into()),
    };
    log.write(&Write::facts(&[fact])).unwrap();
    let known = log.load().unwrap();
    let cursor = log.query(&Query::new().last(1)).unwrap().cursor;
    std::fs::rename(&file, folder.path("tasks.csv.1")).unwrap();
    let told = refused(&log);
    assert!(told.contains("deleted, moved or replaced"), "{told}");
    assert_eq!(log.load().unwrap(), known);
    assert_eq!(
        log.count(&Query::new()).unwrap(),
        0,
        "records stay where they are"
    );
    write(&log, 2, &[Action::Run]);
    assert!(log.query(&Query::new().last(1)).unwrap().cursor > cursor);
    let known = log.load().unwrap();
    drop(log);
    assert_eq!(CsvLog::open(&file).unwrap().load().unwrap(), known);
}

#[test]
fn another_log_in_its_place_is_gone_on_with() {
    let folder = Folder::new();
    let (file, other) = (folder.path("tasks.csv"), folder.path("other.csv"));
    write(&CsvLog::open(&other).unwrap(), 7, &[Action::Run, Action::Success]);
    let log = CsvLog::open(&file).unwrap();
    write(&log, 1, &[Action::Run]);
    std::fs::rename(&other, &file).unwrap();
    refused(&log);
    write(&log, 8, &[Action::Run]);
    assert_eq!(log.count(&Query::new()).unwrap(), 3);
    assert_eq!(text(&file).matches("work,").count(), 3);
}

#[test]
fn an_app_tells_of_it_and_records_its_runs_in_the_new_file() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .log(format!("csv:{}", file.display()))
        .func("work", "every 1 second", || {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(10));
    std::fs::remove_file(&file).unwrap();
    app.run_for(Duration::from_secs(10));
    let failure = app.session().failures().remove(0);
    assert!(
        failure.part == Part::Log && failure.message.contains("deleted, moved or replaced"),
        "{}",
        failure.message
    );
    let total = app.session().task("work").unwrap().total(Action::Run);
    app.close().unwrap();
    let log = CsvLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap().tasks["work"].tallies[0].count, total);
    assert!(log.count(&Query::new().action(Action::Run)).unwrap() >= 9);
}
