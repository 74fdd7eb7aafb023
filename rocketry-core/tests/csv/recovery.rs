//! An app whose log is a CSV file.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Query, Rocketry, Session, Zone};

use crate::folder::Folder;
use crate::odd_names;
use crate::successors;
use crate::support::text;

fn address(folder: &Folder) -> String {
    format!("csv:{}", folder.path("tasks.csv").display())
}

#[test]
fn an_app_goes_on_where_it_was() {
    let folder = Folder::new();
    let address = address(&folder);
    let app = || {
        let config = Config {
            zone: Zone::UTC,
            ..Config::default()
        };
        let long = |session: Session| async move {
            session.clock().sleep(Duration::from_secs(3600)).await;
        };
        Rocketry::builder()
            .config(config)
            .log(&*address)
            .func("daily", "daily", || {})
            .func("long", "~task 'long' has started", long)
    };
    let mut first = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
    first.session().task("daily").unwrap().disable();
    first.run_for(Duration::from_secs(60));
    drop(first);
    let second = TestApp::start(app(), "2026-01-01T01:00:00Z").unwrap();
    let daily = second.session().task("daily").unwrap();
    assert!(daily.is_disabled());
    assert_eq!(daily.total(Action::Success), 1);
    assert_eq!(second.records(&Query::new().action(Action::Crash)).len(), 1);
    assert_eq!(second.session().task("long").unwrap().total(Action::Run), 1);
    second.close().unwrap();
    assert_eq!(text(&folder.path("tasks.csv")).matches(",crash,").count(), 1);
}

#[test]
fn another_app_has_the_file_once_one_has_ended() {
    successors::follow_each_other(&address(&Folder::new()));
}

#[test]
fn another_app_has_the_file_once_one_has_broken_off() {
    successors::follow_those_that_broke_off(&address(&Folder::new()));
}

#[test]
fn names_may_be_odd() {
    let folder = Folder::new();
    odd_names::survive_a_restart(|number| format!("csv:{}", folder.path(&format!("{number}.csv")).display()));
}

#[test]
fn an_app_is_inspected_while_another_process_has_its_log() {
    let folder = Folder::new();
    let address = address(&folder);
    let app = || Rocketry::builder().log(&*address).func("daily", "daily", || {});
    let inspected = || app().inspect().unwrap().task("daily").unwrap().total(Action::Run);
    assert_eq!(inspected(), 0);
    assert!(!folder.path("tasks.csv").exists(), "looking creates nothing");
    let running = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
    let before = text(&folder.path("tasks.csv"));
    assert_eq!(inspected(), 1);
    // A write that is being made.
    let torn = &before[..before.len() - 20];
    std::fs::write(folder.path("torn.csv"), torn).unwrap();
    let torn = format!("csv:{}", folder.path("torn.csv").display());
    let looked = Rocketry::builder()
        .log(torn)
        .func("daily", "daily", || {})
        .inspect();
    assert_eq!(looked.unwrap().task("daily").unwrap().total(Action::Run), 1);
    assert!(!folder.path("torn.csv.torn").exists(), "looking changes nothing");
    assert_eq!(text(&folder.path("tasks.csv")), before);
    drop(running);
}
