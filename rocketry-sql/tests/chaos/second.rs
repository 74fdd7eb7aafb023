//! A second app that opens the log of one that is running.

use std::collections::HashSet;

use crate::checker;
use crate::database::Database;
use crate::folder::Folder;
use crate::life::{Life, command};
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("second::an_app_on_sqlite_keeps_its_log", sqlite),
    #[cfg(target_os = "linux")]
    (
        "second::an_app_whose_lease_is_deleted_keeps_its_log",
        deleted_lease,
    ),
    ("second::an_app_on_postgres_keeps_its_log", postgres),
];

fn sqlite() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let open = || Database::Sqlite(rusqlite::Connection::open(&file).unwrap());
    refuses_another(&folder, &format!("sqlite:{}", file.display()), open, || ());
}

#[cfg(target_os = "linux")]
fn deleted_lease() {
    let folder = Folder::new();
    let file = folder.path("app.db");
    let open = || Database::Sqlite(rusqlite::Connection::open(&file).unwrap());
    let meanwhile = || std::fs::remove_file(folder.path("app.db-lease")).unwrap();
    refuses_another(&folder, &format!("sqlite:{}", file.display()), open, meanwhile);
}

fn postgres() {
    let Some((address, open)) = crate::outage::schema("second") else {
        return;
    };
    refuses_another(&Folder::new(), &address, open, || ());
}

/// The second one fails with the reason, and the first one continues. Once it has ended, its log is free.
fn refuses_another(folder: &Folder, address: &str, open: impl Fn() -> Database, meanwhile: impl FnOnce()) {
    let journal = folder.path("journal").display().to_string();
    let first = Life::begin(address, &journal, 0);
    meanwhile();
    let other = folder.path("other").display().to_string();
    let second = command(address, &other, 1).output().unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(
        !second.status.success() && told.contains("another app that is running has it"),
        "{told}"
    );
    first.end();
    let mut database = open();
    checker::check(&mut database, &journal);
    checker::check_crashes(&mut database, &HashSet::new());
    Life::begin(address, &journal, 1).end();
    checker::check(&mut database, &journal);
    assert_eq!(checker::open_runs(&mut database), HashSet::new());
}
