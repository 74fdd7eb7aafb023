//! Restarting, each way, with a log in SQLite: its lease goes from one process to the next, and nothing is lost.

#![cfg(unix)]

#[path = "../../rocketry-core/tests/support/folder.rs"]
mod folder;
#[path = "../../rocketry-core/tests/restarting/life.rs"]
#[allow(dead_code, reason = "some of it is for the core's own tests")]
mod life;
#[path = "../../rocketry-core/tests/support/runner.rs"]
mod runner;
#[path = "../../rocketry-core/tests/restarting/story.rs"]
#[allow(dead_code, reason = "some of it is for the core's own tests")]
mod story;

use std::process::ExitCode;

use folder::Folder;
use rocketry_sql as _;
use story::Story;

fn story(way: &str) -> Story {
    let folder = Folder::new();
    let log = format!("sqlite:{}", folder.path("log.db").display());
    let story = Story::logged(way, &log);
    story.holds();
    story
}

const CASES: &[runner::Case] = &[
    ("nothing_is_lost_when_the_process_is_replaced", || {
        assert_eq!(story("replace").processes(), 1);
    }),
    ("nothing_is_lost_when_another_process_is_launched", || {
        assert_eq!(story("relaunch").processes(), story::LIVES);
    }),
    ("nothing_is_lost_when_the_app_is_recalled", || {
        assert_eq!(story("recall").processes(), 1);
    }),
];

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(life::WORD) {
        life::live();
        return ExitCode::SUCCESS;
    }
    runner::run(CASES)
}
