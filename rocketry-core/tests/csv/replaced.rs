//! Files that are deleted, moved or replaced while an app has them open.

#![cfg(unix)]

use rocketry_core::log::{CsvLog, Fact, Write};
use rocketry_core::{Action, Query, RunLog};

use crate::deleted;
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
fn an_app_tells_of_it_and_goes_on_in_a_new_file() {
    let folder = Folder::new();
    let file = folder.path("tasks.csv");
    deleted::is_endured(&format!("csv:{}", file.display()), &file);
}
