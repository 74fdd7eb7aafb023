//! Notes survive the end of the app.

use rocketry_core::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Restarting, Rocketry, Session};

use crate::recovery::restart;
use crate::support::{Disk, app, start};

fn note(session: &Session, name: &str) -> Option<u32> {
    session.note(name).unwrap()
}

#[test]
fn a_note_lasts_over_a_restart_until_it_is_removed() {
    let disk = Disk::default();
    let mut before = start(app(&disk));
    before.session().set_note("alerts/a", &1).unwrap();
    before.session().set_note("alerts/b", &2).unwrap();
    before.session().set_note("alerts/b", &3).unwrap();
    before.session().set_note("export", &4).unwrap();
    before.session().remove_note("alerts/a");
    before.settle();
    let mut after = restart(before, app(&disk), "2026-01-02T00:00:00Z");
    let session = after.session().clone();
    assert_eq!(session.note_names("alerts/"), ["alerts/b".into()]);
    assert_eq!(note(&session, "alerts/b"), Some(3));
    assert_eq!(note(&session, "export"), Some(4));
    session.remove_note("alerts/b");
    session.remove_note("alerts/never");
    drop(session);
    after.settle();
    let last = restart(after, app(&disk), "2026-01-03T00:00:00Z");
    assert_eq!(last.session().note_names(""), ["export".into()]);
    let facts = disk.load().unwrap().facts;
    assert!(
        !facts.keys().any(|key| key.starts_with("note/alerts")),
        "{facts:?}"
    );
}

#[test]
fn a_restart_in_place_keeps_the_notes_without_a_durable_log() {
    let config = Config {
        restarting: Restarting::Recall,
        ..Config::default()
    };
    let mut app = TestApp::start(Rocketry::builder().config(config), "2026-01-01T00:00:00Z").unwrap();
    app.session().set_note("export", "half").unwrap();
    app.session().restart().unwrap();
    app.settle();
    let kept: Option<String> = app.session().note("export").unwrap();
    assert_eq!(kept.as_deref(), Some("half"));
}

#[test]
fn a_note_that_can_not_be_kept_is_refused() {
    let app = TestApp::start(Rocketry::builder(), "2026-01-01T00:00:00Z").unwrap();
    let session = app.session();
    let refused = |name: &str| session.set_note(name, &1).unwrap_err().to_string();
    assert_eq!(refused(" "), "the name of note \" \" is blank");
    assert!(refused("a\0b").contains("U+0000"));
    assert!(refused(&"n".repeat(501)).contains("has 501 bytes; it can have 500 at most"));
    let long = session.set_note("long", &"x".repeat(1 << 20)).unwrap_err();
    assert!(long.to_string().contains("it can have 1048576 at most"), "{long}");
    assert!(session.note_names("").is_empty());
    session.set_note("text", "half").unwrap();
    let other = session.note::<u32>("text").unwrap_err().to_string();
    assert!(
        other.starts_with("note `text` is not what was expected: "),
        "{other}"
    );
}
