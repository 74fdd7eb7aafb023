//! What earlier versions of this crate have left behind: their tables, as they were, with rows in them.

use rocketry_core::log::Write;
use rocketry_core::{Action, Query, RunLog};

use crate::runs::runs;

/// The versions before the newest.
pub(crate) const OLDER: [u32; 4] = [1, 2, 3, 4];

/// The script that makes the tables of a version in a database, step by step, and fills them: in the words of version 2 at the
/// latest, which the later steps put where it belongs.
pub(crate) fn script(database: &str, version: u32) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/versions");
    let read = |name: String| std::fs::read_to_string(format!("{folder}/{name}.sql")).unwrap();
    let step = |step: u32| read(format!("{database}-v{step}"));
    let filled = version.min(2);
    let rows = std::iter::once(read(format!("v{filled}-rows")));
    let steps = (1..=filled).map(step).chain(rows).chain((3..=version).map(step));
    steps.collect()
}

/// Everything that was in the tables is there, and so is what is new.
pub(crate) fn check(version: u32, log: &impl RunLog) {
    let start = &log.query(&Query::new().task("long")).unwrap().records[0];
    assert_eq!(start.params(), Some("{\"day\":1}"));
    let past = log.load().unwrap();
    assert_eq!(past.tasks["long"].open, std::slice::from_ref(start));
    let [starts, successes, fails, ..] = past.tasks["fetch"].tallies;
    assert_eq!([starts.count, successes.count, fails.count], [3, 2, 1]);
    assert_eq!(past.last_run, Some(4));
    // Open runs outlive their records since version 2.
    assert_eq!(
        past.tasks.get("old").map(|task| task.open.len()),
        (version >= 2).then_some(1)
    );
    assert_eq!(&*past.facts["disabled/fetch"], "true");
    // Failures have an index of their own since version 2.
    assert_eq!(log.count(&Query::new().action(Action::Fail)).unwrap(), 1);
    log.write(&Write::records(&runs("fetch", 10..12))).unwrap();
    assert_eq!(log.count(&Query::new().task("fetch")).unwrap(), 10);
}
