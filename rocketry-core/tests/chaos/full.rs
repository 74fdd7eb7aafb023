//! A disk that is full for a while: the file may not get longer.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Query, Rocketry, Zone};
use rustix::process::{Resource, Rlimit, setrlimit};

const FILE: &str = "CHAOS_FULL";

/// Whether this is the process whose files may not get longer.
pub(crate) fn is_child() -> bool {
    std::env::var_os(FILE).is_some()
}

/// Without the signal that would kill whoever writes too much.
pub(crate) fn run(folder: &Path) {
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\""])
        .arg(std::env::current_exe().unwrap())
        .env(FILE, folder.join("full.csv"))
        .status();
    assert!(status.unwrap().success());
}

pub(crate) fn child() {
    let file = std::env::var(FILE).unwrap();
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .log(format!("csv:{file}"))
        .func("work", "every 1 second", || {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(10));
    let length = std::fs::metadata(&file).unwrap().len();
    limit(Some(length + 100));
    app.run_for(Duration::from_secs(60));
    assert_eq!(
        std::fs::metadata(&file).unwrap().len(),
        length,
        "nothing is left half written"
    );
    let failure = app.session().failures().remove(0);
    assert!(
        failure.message.contains("full.csv`: File too large"),
        "{}",
        failure.message
    );
    assert_eq!(app.session().task("work").unwrap().total(Action::Success), 11);
    limit(None);
    app.run_for(Duration::from_secs(60));
    let session = app.session().clone();
    app.close().unwrap();
    let starts = session.log(&Query::new().action(Action::Run)).unwrap();
    let ends = session.log(&Query::new().action(Action::Success)).unwrap();
    assert!(
        starts.len() > 60 && starts.len() == ends.len(),
        "{} and {}",
        starts.len(),
        ends.len()
    );
}

fn limit(bytes: Option<u64>) {
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    setrlimit(Resource::Fsize, limit).unwrap();
}
