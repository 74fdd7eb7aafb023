//! A disk that is full for a while, under the log of an app: a small one in memory, which nobody sees but the process of
//! the test.

use std::fs::File;
use std::io::{ErrorKind, copy, repeat};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Part, Query, Returned, Rocketry, Session, Task, Zone, log};

const FOLDER: &str = "FULL_DISK_FOLDER";
const ADDRESS: &str = "FULL_DISK_ADDRESS";

/// Puts the disk in the place of a folder in a view of the file system of the process's own, and then does what it is told.
const MOUNT: &str = "mount -t tmpfs -o size=4m rocketry \"$FULL_DISK_FOLDER\" && exec \"$0\" \"$@\"";

/// Whether this is the process that has the disk.
pub(crate) fn is_child() -> bool {
    std::env::var_os(FOLDER).is_some()
}

/// Lets an app endure it with a log in the folder.
pub(crate) fn run(folder: &Path, address: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let probe = on_disk(folder, Path::new("true")).output();
    if !probe.as_ref().is_ok_and(|done| done.status.success()) {
        let why = probe.map(|done| String::from_utf8_lossy(&done.stderr).into_owned());
        println!("skipped: there is no small disk to be had, which takes `unshare` and `mount`: {why:?}");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let status = on_disk(folder, &this).env(ADDRESS, address).status();
    assert!(status.unwrap().success());
}

fn on_disk(folder: &Path, program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.arg("--mount").env(FOLDER, folder);
    if !rustix::process::getuid().is_root() {
        command.arg("--map-root-user");
    }
    command.args(["sh", "-c", MOUNT]).arg(program);
    command
}

struct Disk(PathBuf);

impl Disk {
    /// Fills the disk.
    fn fill(&self) {
        let mut ballast = File::create(self.0.join("ballast")).unwrap();
        let full = copy(&mut repeat(0), &mut ballast).unwrap_err();
        assert_eq!(full.kind(), ErrorKind::StorageFull);
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

/// The app: a task that comes again and again, and one whose run ends while the disk is full.
fn app(address: &str) -> Rocketry {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(30)).await };
    Rocketry::builder()
        .config(config)
        .log(address)
        .func("work", "every 1 second", || {})
        .task(Task::func("long", long).start("daily"))
}

pub(crate) fn child() {
    let disk = Disk(std::env::var_os(FOLDER).unwrap().into());
    let address = std::env::var(ADDRESS).unwrap();
    let mut app = TestApp::start(app(&address), "2026-01-01T00:00:00Z").unwrap();
    let session = app.session().clone();
    let work = session.task("work").unwrap();
    app.run_for(Duration::from_secs(10));
    let before = work.total(Action::Run);
    disk.fill();
    app.run_for(Duration::from_secs(60));
    let stopped = work.total(Action::Run);
    assert!(stopped < before + 60, "starts have stopped");
    let why = work.waits_for().expect("it waits for the log");
    assert!(
        why.starts_with("the run log, not writable since 2026-01-01T00:00:"),
        "{why}"
    );
    let failure = session.failures().remove(0);
    let is_full = |text: &&str| failure.message.contains(text);
    assert!(
        failure.part == Part::Log && ["No space left on device", "disk is full"].iter().any(is_full),
        "{}",
        failure.message
    );
    assert_eq!(session.task("long").unwrap().total(Action::Success), 1);
    let ends = Query::new().task("long").action(Action::Success);
    assert!(app.records(&ends).is_empty(), "there is no room for it");

    disk.make_room();
    app.run_for(Duration::from_secs(60));
    assert!(work.total(Action::Run) > stopped + 50 && work.waits_for().is_none());
    let starts = work.total(Action::Run) + 1;
    app.close().unwrap();
    drop((work, session));
    // The data on the disk is intact.
    let log = log::open(&address).unwrap();
    let ends = log.query(&ends).unwrap().records;
    assert_eq!(ends[0].created.to_string(), "2026-01-01T00:00:30.000000Z");
    let count = |action| log.count(&Query::new().action(action)).unwrap();
    assert_eq!([count(Action::Run), count(Action::Success)], [starts, starts]);
    drop(log);
    goes_on_for_long(&address);
}

/// What is written is much more than the disk has room for, and what is kept is not.
fn goes_on_for_long(address: &str) {
    const RUNS: u64 = 2000;
    let config = Config {
        zone: Zone::UTC,
        log_keep_records: Some(100),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .log(address)
        .func("long result", "every 1 second", || Returned("x".repeat(2000)));
    let mut app = TestApp::start(app, "2026-01-02T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(RUNS));
    let told = app.session().failures();
    assert!(told.is_empty(), "{told:?}");
    let task = app.session().task("long result").unwrap();
    assert!(task.total(Action::Success) >= RUNS);
    app.close().unwrap();
    let kept = log::open(address).unwrap().count(&Query::new()).unwrap();
    assert!(kept < 500, "{kept} records are kept");
}
