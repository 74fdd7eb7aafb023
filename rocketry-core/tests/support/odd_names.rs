//! Tasks whose names are hard to store.

use rocketry_core::conds::after_success;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry, Zone};

/// Runs apps whose tasks have odd names, each with a log of its own, and starts them again: what has happened is known.
pub(crate) fn survive_a_restart(address: impl Fn(usize) -> String) {
    let long = "n".repeat(50_000);
    let names = [
        "it's",
        "say \"hi\"",
        "two\nlines",
        "back\\slash",
        "日本語 🚀",
        "a/b/c",
        "x' | always | 'y",
        "e\u{301}",
        &long,
    ];
    for (number, name) in names.into_iter().enumerate() {
        let address = address(number);
        let app = || {
            let config = Config {
                zone: Zone::UTC,
                ..Config::default()
            };
            Rocketry::builder()
                .config(config)
                .log(&*address)
                .func(name.to_owned(), "every 1 hour", || {})
                .func("next", "never", || {})
        };
        let mut first = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
        let next = first.session().task("next").unwrap();
        next.set_start(after_success(name.to_owned())).unwrap();
        first.run_until("2026-01-01T02:30:00Z");
        first.close().unwrap();
        let mut second = TestApp::start(app(), "2026-01-01T02:45:00Z").unwrap();
        second.run_until("2026-01-01T04:30:00Z");
        for task in [name, "next"] {
            assert_eq!(second.starts(task).len(), 5, "{task:.20} after {name:.20}");
        }
        second.close().unwrap();
    }
}
