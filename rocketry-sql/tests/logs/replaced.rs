//! Files of a log in SQLite that are deleted, moved or replaced while an app has it open.

use rocketry_core::log::{Fact, Write};
use rocketry_core::{Action, Query, RunLog};
use rocketry_sql::SqliteLog;

use crate::deleted;
use crate::folder::Folder;
use crate::records::record;
use crate::runs::runs;

fn refused(log: &SqliteLog) -> String {
    let error = log.write(&Write::records(&runs("work", 90..91))).unwrap_err();
    assert!(error.is_log() && !error.is_unwritable());
    error.to_string()
}

#[test]
fn an_app_tells_of_it_and_goes_on_in_a_new_file() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    deleted::is_endured(&format!("sqlite:{}", file.display()), &file);
}

#[test]
fn a_new_log_has_what_an_app_needs_to_know() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    let facts = [Fact {
        key: "disabled/work".into(),
        value: Some("true".into()),
    }];
    let mut records = runs("work", 0..20);
    records.extend([("long", 20), ("other", 21)].map(|(task, run)| record(task, run, Action::Run, 30)));
    records.push(record("work", 22, Action::Fail, 31));
    log.write(&Write {
        records: &records,
        facts: &facts,
        term: Some(3),
        ..Write::default()
    })
    .unwrap();
    let known = log.load().unwrap();
    let cursor = log.query(&Query::new().last(1)).unwrap().cursor;
    std::fs::rename(&file, folder.path("app.db.1")).unwrap();
    let told = refused(&log);
    assert!(told.contains("deleted, moved or replaced"), "{told}");
    assert_eq!(log.load().unwrap(), known);
    assert_eq!(
        log.count(&Query::new()).unwrap(),
        0,
        "records stay where they are"
    );
    let more = [
        record("long", 20, Action::Success, 32),
        record("work", 23, Action::Run, 33),
    ];
    log.write(&Write::records(&more)).unwrap();
    assert!(log.query(&Query::new().last(1)).unwrap().cursor > cursor);
    let known = log.load().unwrap();
    assert_eq!(known.tasks["long"].open, []);
    assert_eq!(known.tasks["other"].open, [record("other", 21, Action::Run, 30)]);
    drop(log);
    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap(), known);
    assert_eq!(log.query(&Query::new()).unwrap().records, more);
}

#[test]
fn another_log_in_its_place_is_gone_on_with() {
    let folder = Folder::new();
    let (file, other) = (folder.path("app.db"), folder.path("other.db"));
    SqliteLog::open(&other)
        .unwrap()
        .write(&Write::records(&runs("theirs", 0..1)))
        .unwrap();
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("ours", 0..1))).unwrap();
    // The journal of the old log is still there, and must not be taken for that of the new one.
    let journal = || std::fs::metadata(folder.path("app.db-wal")).map_or(0, |there| there.len());
    assert!(journal() > 0);
    std::fs::rename(&other, &file).unwrap();
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("ours", 0..1));
    refused(&log);
    assert_eq!(journal(), 0);
    log.write(&Write::records(&runs("ours", 1..2))).unwrap();
    let wanted = [runs("theirs", 0..1), runs("ours", 1..2)].concat();
    assert_eq!(log.count(&Query::new()).unwrap(), wanted.len() as u64);
    assert_eq!(log.load().unwrap().tasks.len(), 2);
    drop(log);
    let database = rusqlite::Connection::open(&file).unwrap();
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    drop(database);
    let found = SqliteLog::open(&file)
        .unwrap()
        .query(&Query::new())
        .unwrap()
        .records;
    assert_eq!(found, wanted);
}

/// A program that only reads sees what is there.
#[test]
fn a_reader_follows_to_another_log() {
    let folder = Folder::new();
    let (file, other) = (folder.path("app.db"), folder.path("other.db"));
    for (file, task) in [(&file, "old"), (&other, "new")] {
        let log = SqliteLog::open(file).unwrap();
        log.write(&Write::records(&runs(task, 0..1))).unwrap();
    }
    let reader = SqliteLog::open(&file).unwrap();
    assert_eq!(reader.query(&Query::new()).unwrap().records, runs("old", 0..1));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(reader.query(&Query::new()).unwrap().records, runs("old", 0..1));
    std::fs::rename(&other, &file).unwrap();
    assert_eq!(reader.query(&Query::new()).unwrap().records, runs("new", 0..1));
}

/// What is in a journal that was deleted goes into the log before it is opened anew.
#[test]
fn a_deleted_journal_loses_nothing() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("work", 0..50))).unwrap();
    let known = log.load().unwrap();
    std::fs::remove_file(folder.path("app.db-wal")).unwrap();
    refused(&log);
    log.write(&Write::records(&runs("work", 50..60))).unwrap();
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("work", 0..60));
    assert_eq!(known.tasks["work"].tallies[0].count, 50);
    drop(log);
    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap().tasks["work"].tallies[0].count, 60);
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("work", 0..60));
}

#[test]
fn a_deleted_lease_lets_no_other_writer_in_and_is_recreated() {
    let folder = Folder::new();
    let (file, lease) = (folder.path("app.db"), folder.path("app.db-lease"));
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("work", 0..1))).unwrap();
    std::fs::remove_file(&lease).unwrap();
    if cfg!(target_os = "linux") {
        let other = SqliteLog::open(&file).unwrap();
        let told = other.load().unwrap_err().to_string();
        assert!(told.contains("another app that is running has it"), "{told}");
    }
    log.write(&Write::records(&runs("work", 1..2))).unwrap();
    assert!(lease.exists());
    log.close().unwrap();
    let other = SqliteLog::open(&file).unwrap();
    other.write(&Write::records(&runs("work", 2..3))).unwrap();
}
