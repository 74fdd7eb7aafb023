//! Files of other versions, and of others.

use rocketry_core::log::Write;
use rocketry_core::{Query, RunLog};
use rocketry_sql::SqliteLog;
use rusqlite::Connection;

use crate::folder::Folder;
use crate::runs::runs;
use crate::versions;

#[test]
fn an_empty_file_becomes_a_log() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    std::fs::write(&file, "").unwrap();
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("fetch", 0..2))).unwrap();
    assert_eq!(log.count(&Query::new()).unwrap(), 4);
}

#[test]
fn a_log_lives_in_the_database_of_an_app() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let app = Connection::open(&file).unwrap();
    let script =
        "PRAGMA user_version = 7; CREATE TABLE record (name TEXT); INSERT INTO record VALUES ('mine')";
    app.execute_batch(script).unwrap();
    let log = SqliteLog::open(&file).unwrap();
    log.write(&Write::records(&runs("fetch", 0..2))).unwrap();

    let mine: String = app
        .query_row("SELECT name FROM record", [], |row| row.get(0))
        .unwrap();
    let version: u32 = app
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!((&*mine, version), ("mine", 7));
    let theirs: u32 = app
        .query_row(
            "SELECT count(*) FROM rocketry_log WHERE task_name = 'fetch'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(theirs, 4);
}

#[test]
fn tables_of_a_newer_version_are_left_alone() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    drop(SqliteLog::open(&file).unwrap());
    let newer = Connection::open(&file).unwrap();
    newer
        .execute("UPDATE rocketry_state SET version = 99", [])
        .unwrap();
    let error = SqliteLog::open(&file).unwrap_err();
    let start = format!("`{}` has tables of version 99, and this Rocketry", file.display());
    assert!(error.is_log() && error.to_string().starts_with(&start), "{error}");
}

/// Tables of every version are brought to the newest, with all that is in them.
#[test]
fn tables_of_every_version_are_brought_up_to_date() {
    let folder = Folder::new();
    for version in 1..=versions::NEWEST {
        let file = folder.path(&format!("v{version}.db"));
        let older = Connection::open(&file).unwrap();
        older.execute_batch(&versions::script("sqlite", version)).unwrap();
        versions::check(&SqliteLog::open(&file).unwrap());
        let new: u32 = older
            .query_row("SELECT version FROM rocketry_state", [], |row| row.get(0))
            .unwrap();
        assert_eq!(new, versions::NEWEST);
    }
}
