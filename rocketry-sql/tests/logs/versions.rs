//! Tables of every version that was ever released, as they were, with rows in them.

use rocketry_core::log::Write;
use rocketry_core::{Action, Query, RunLog};

use crate::runs::runs;

/// The newest version in SQLite.
pub(crate) const NEWEST: u32 = 1;

/// The newest version in PostgreSQL, whose logs nodes may share.
pub(crate) const NEWEST_IN_POSTGRES: u32 = 5;

/// The script that makes the tables of a version in a database, step by step, and then adds the rows of each version up to it. A
/// step that was released never changes, so the steps of today make the tables as they were.
pub(crate) fn script(database: &str, version: u32) -> String {
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    let read = |name: String| std::fs::read_to_string(format!("{crate_folder}/{name}.sql")).unwrap();
    let steps = (1..=version).map(|step| read(format!("src/{database}/v{step}")));
    let rows = (1..=version).map(|step| read(format!("tests/logs/versions/v{step}-rows")));
    steps.chain(rows).collect()
}

/// Everything that was in the tables is there, and the log goes on.
pub(crate) fn check(log: &impl RunLog) {
    let start = &log.query(&Query::new().task("long")).unwrap().records[0];
    assert_eq!(start.params(), Some("{\"day\":1}"));
    let past = log.load().unwrap();
    assert_eq!(past.tasks["long"].open, std::slice::from_ref(start));
    let [starts, successes, fails, ..] = past.tasks["fetch"].tallies;
    assert_eq!([starts.count, successes.count, fails.count], [3, 2, 1]);
    assert_eq!(past.last_run, Some(4));
    assert_eq!(past.tasks["old"].open.len(), 1, "an open run outlives its record");
    assert_eq!(&*past.facts["disabled/fetch"], "true");
    assert_eq!(log.count(&Query::new().action(Action::Fail)).unwrap(), 1);
    log.write(&Write::records(&runs("fetch", 10..12))).unwrap();
    assert_eq!(log.count(&Query::new().task("fetch")).unwrap(), 10);
}
