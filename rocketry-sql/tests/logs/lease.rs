//! A log has one writer and any number of readers.

use rocketry_core::log::Write;
use rocketry_core::{Query, RunLog};
use rocketry_sql::SqliteLog;

use crate::folder::Folder;
use crate::runs::runs;
use crate::successors;

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let open = || SqliteLog::open(&file).unwrap();
    let (first, second) = (open(), open());
    let records = runs("fetch", 0..3);
    first.write(&Write::records(&records)).unwrap();

    for error in [
        second.write(&Write::records(&records)).unwrap_err(),
        second.load().unwrap_err(),
    ] {
        let message = format!(
            "the run log `{}` can't be written: another app that is running has it",
            file.display()
        );
        assert!(
            error.is_log() && error.to_string().starts_with(&message),
            "{error}"
        );
    }
    assert_eq!(second.query(&Query::new()).unwrap().records, records);
}

#[test]
fn the_log_is_free_again_when_its_writer_has_gone() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let first = SqliteLog::open(&file).unwrap();
    first.load().unwrap();
    let second = SqliteLog::open(&file).unwrap();
    drop(first);
    second.write(&Write::records(&runs("fetch", 0..3))).unwrap();
    assert_eq!(second.count(&Query::new()).unwrap(), 6);
}

#[test]
fn a_log_that_is_only_opened_is_free() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let [idle, busy] = [(), ()].map(|()| SqliteLog::open(&file).unwrap());
    busy.write(&Write::records(&runs("fetch", 0..1))).unwrap();
    assert_eq!(idle.count(&Query::new()).unwrap(), 2);
}

#[test]
fn another_app_has_the_log_once_one_has_ended() {
    let folder = Folder::new();
    let address = |name| format!("sqlite:{}", folder.path(name).display());
    successors::follow_each_other(&address("ended.db"));
    successors::follow_those_that_broke_off(&address("broken-off.db"));
}

#[test]
fn who_looks_needs_no_right_to_write_and_takes_none() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let [held, onlooker] = [(), ()].map(|()| SqliteLog::open(&file).unwrap());
    held.write(&Write::records(&runs("fetch", 0..3))).unwrap();
    let past = onlooker.look().unwrap();
    assert_eq!(past, held.load().unwrap());
    held.write(&Write::records(&runs("fetch", 3..5))).unwrap();
    assert_ne!(onlooker.look().unwrap(), past);
    drop(held);
    onlooker.look().unwrap();
    let next = SqliteLog::open(&file).unwrap();
    next.write(&Write::records(&runs("fetch", 5..6))).unwrap();
    assert_eq!(onlooker.look().unwrap(), next.load().unwrap());
}

#[test]
fn a_log_that_is_not_there_is_inspected_and_not_created() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let app = rocketry_core::Rocketry::builder().log(format!("sqlite:{}", file.display()));
    let session = app.func("work", "daily", || {}).inspect().unwrap();
    assert_eq!(session.records(Query::new()).count(), 0);
    assert!(!file.exists());
}
