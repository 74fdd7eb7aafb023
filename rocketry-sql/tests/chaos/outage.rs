//! The log can't be written for a while: the app waits, and continues without losing anything.

use std::collections::HashSet;

use crate::checker;
use crate::database::Database;
use crate::folder::Folder;
use crate::life::Life;
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    #[cfg(target_os = "linux")]
    ("outage::a_full_disk_is_waited_out", full_disk),
    ("outage::a_server_that_is_stopped_is_waited_for", stopped_server),
];

#[cfg(target_os = "linux")]
fn full_disk() {
    let folder = Folder::new();
    let disk = folder.path("disk");
    let address = format!("sqlite:{}", disk.join("app.db").display());
    crate::full_disk::run(&disk, &address);
}

/// Waits until the app records again, ends it, and finds everything in the log.
fn goes_on(life: Life, database: &mut Database, journal: &str) {
    const COUNT: &str = "SELECT count(*) FROM rocketry_log";
    let before = database.number(COUNT);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while database.number(COUNT) < before + 1000 {
        assert!(std::time::Instant::now() < deadline, "the app does not go on");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    life.end();
    checker::check(database, journal);
    checker::check_crashes(database, &HashSet::new());
    assert_eq!(checker::open_runs(database), HashSet::new());
}

/// An empty schema on the server for tests; `None` without a server.
pub(crate) fn schema(name: &'static str) -> Option<(String, impl Fn() -> Database)> {
    let Ok(server) = std::env::var("POSTGRES_FOR_TESTS") else {
        println!("skipped: POSTGRES_FOR_TESTS names no server");
        return None;
    };
    let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
    client
        .batch_execute(&format!(
            "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"
        ))
        .unwrap();
    let address = format!("{server}?options=-c%20search_path%3D{name}");
    let target = address.clone();
    let open = move || {
        let client = postgres::Client::connect(&target, postgres::NoTls).unwrap();
        Database::Postgres(Box::new(client))
    };
    Some((address, open))
}

/// The server of `scripts/postgres` is stopped and started under the app.
fn stopped_server() {
    let Ok(server) = std::env::var("POSTGRES_FOR_TESTS_FOLDER") else {
        println!("skipped: POSTGRES_FOR_TESTS_FOLDER has no server of scripts/postgres");
        return;
    };
    let Some((address, open)) = schema("outage") else {
        return;
    };
    let folder = Folder::new();
    let journal = folder.path("journal").display().to_string();
    let mut life = Life::begin(&address, &journal, 0);
    postgres_script("stop", &server);
    life.wait_for_failure();
    postgres_script("start", &server);
    let mut database = open();
    checker::check(&mut database, &journal);
    goes_on(life, &mut database, &journal);
}

fn postgres_script(verb: &str, server: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/postgres");
    let done = std::process::Command::new(script)
        .args([verb, server])
        .stdout(std::process::Stdio::null())
        .status();
    assert!(done.unwrap().success());
}
