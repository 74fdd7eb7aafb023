//! Files that are damaged, or no logs at all.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use rocketry_core::log::Write;
use rocketry_core::{Query, RunLog};
use rocketry_sql::SqliteLog;
use rusqlite::Connection;

use crate::folder::Folder;
use crate::runs::runs;

fn refused(file: &Path) -> String {
    let error = SqliteLog::open(file).unwrap_err();
    assert!(error.is_log());
    let message = error.to_string();
    let rest = message.strip_prefix(&format!("`{}` can't be opened: ", file.display()));
    rest.unwrap_or_else(|| panic!("{message}")).to_owned()
}

#[test]
fn what_is_no_log_says_why() {
    let folder = Folder::new();
    let text = folder.path("notes.txt");
    std::fs::write(&text, "remember the milk\n".repeat(200)).unwrap();
    let told = refused(&text);
    assert!(told.ends_with("; it is something else, or encrypted"), "{told}");

    for place in [folder.path("nowhere/app.db"), folder.path(".")] {
        let told = refused(&place);
        assert!(
            told.ends_with("; its folder has to be there, and both have to be writable"),
            "{told}"
        );
    }
}

#[test]
fn rows_that_are_no_records_are_passed_over() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    let records = runs("fetch", 0..10);
    log.write(&Write::records(&records)).unwrap();
    let known = log.load().unwrap();
    drop(log);

    let other = Connection::open(&file).unwrap();
    let ids: Vec<i64> = other
        .prepare("SELECT id FROM rocketry_record ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    other
        .pragma_update(None, "ignore_check_constraints", true)
        .unwrap();
    for change in [
        "action = 77",
        "task = 4711471147114711",
        "run_id = 1.5",
        "run_id = -1",
    ]
    .iter()
    .zip(&ids[4..])
    .map(|(change, id)| format!("UPDATE rocketry_record SET {change} WHERE id = {id}"))
    {
        other.execute(&change, []).unwrap();
    }

    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap(), known);
    let left: Vec<_> = records[..4].iter().chain(&records[8..]).cloned().collect();
    assert_eq!(log.query(&Query::new()).unwrap().records, left);
    // Pages go on behind what was passed over.
    let page = log.query(&Query::new().limit(6)).unwrap();
    assert_eq!((&page.records[..], page.more), (&records[..4], true));
    let next = log
        .query(&Query::new().limit(100).after(page.cursor.unwrap()))
        .unwrap();
    assert_eq!(next.records, records[8..]);
    log.write(&Write::records(&runs("fetch", 10..12))).unwrap();
}

/// Old pages of the records are damaged, as by a bad disk. What an app needs to start is elsewhere.
#[test]
fn a_damaged_page_is_reported_and_holds_up_no_start() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("fetch", 0..20_000))).unwrap();
    let known = log.load().unwrap();
    drop(log);
    let other = Connection::open(&file).unwrap();
    other.pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    let oldest = "SELECT pageno FROM dbstat WHERE name = 'rocketry_record' AND pagetype = 'leaf' LIMIT 1";
    let page: u32 = other.query_row(oldest, [], |row| row.get(0)).unwrap();
    drop(other);
    let mut bytes = OpenOptions::new().write(true).open(&file).unwrap();
    bytes.seek(SeekFrom::Start(u64::from(page - 1) * 4096)).unwrap();
    bytes.write_all(&[0xAA; 4096]).unwrap();
    drop(bytes);

    let log = SqliteLog::open(&file).unwrap();
    assert_eq!(log.load().unwrap(), known);
    let error = log.query(&Query::new()).unwrap_err().to_string();
    let start = format!("the run log `{}` can't be read: ", file.display());
    assert!(
        error.starts_with(&start) && error.contains("the file is damaged"),
        "{error}"
    );
    assert_eq!(log.query(&Query::new().last(10)).unwrap().records.len(), 10);
    log.write(&Write::records(&runs("fetch", 20_000..20_010)))
        .unwrap();
}
