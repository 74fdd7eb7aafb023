//! Forgetting, in bites.

use rocketry_core::log::{Retention, Write};
use rocketry_core::{Action, Query, RunLog, Timestamp};
use rocketry_sql::SqliteLog;

use crate::folder::Folder;
use crate::records::record;
use crate::runs::runs;

#[test]
fn old_records_go_in_bites_and_the_tallies_stay() {
    let folder = Folder::new();
    let log = SqliteLog::open(folder.path("app.db")).unwrap();
    log.write(&Write::records(&runs("fetch", 0..50))).unwrap();
    let before = record("fetch", 0, Action::Run, 20).created;
    let retention = Retention {
        now: Timestamp::MAX,
        before: Some(before),
        keep: None,
        bite: 15,
    };
    let known = log.load().unwrap();
    let bites: Vec<u64> = (0..4).map(|_| log.forget(&retention).unwrap()).collect();
    assert_eq!(bites, [15, 15, 10, 0]);
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 20..50));
    assert_eq!(log.load().unwrap(), known);
}

#[test]
fn all_but_the_newest_go() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("fetch", 0..50))).unwrap();
    let retention = Retention {
        now: Timestamp::MAX,
        before: None,
        keep: Some(10),
        bite: 1000,
    };
    assert_eq!(log.forget(&retention).unwrap(), 90);
    assert_eq!(log.forget(&retention).unwrap(), 0);

    // The count is that of what is there, also later.
    drop(log);
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("fetch", 50..53))).unwrap();
    assert_eq!(log.forget(&retention).unwrap(), 6);
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 48..53));
}

#[test]
fn an_open_run_is_known_when_its_record_is_forgotten() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    let start = record("long", 1, Action::Run, 0);
    log.write(&Write::records(std::slice::from_ref(&start))).unwrap();
    log.write(&Write::records(&runs("fetch", 0..5))).unwrap();
    let retention = Retention {
        now: Timestamp::MAX,
        before: None,
        keep: Some(0),
        bite: 1000,
    };
    assert_eq!(log.forget(&retention).unwrap(), 11);
    assert_eq!(log.count(&Query::new()).unwrap(), 0);
    drop(log);
    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap().tasks["long"].open, [start]);

    let end = record("long", 1, Action::Success, 9);
    log.write(&Write::records(std::slice::from_ref(&end))).unwrap();
    assert_eq!(log.load().unwrap().tasks["long"].open, []);
    assert_eq!(log.query(&Query::new()).unwrap().records, [end]);
}
