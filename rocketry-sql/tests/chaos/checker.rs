//! Checks from the log and the journal that the guarantees hold, by plain SQL and without Rocketry.

use std::collections::{HashMap, HashSet};

use crate::database::{Database, Row};

/// The violations, each with the query that finds it.
const NEVER: &[(&str, &str)] = &[
    (
        "a run was recorded as started more than once",
        "SELECT task_name, run_id FROM rocketry_log WHERE action = 'run' GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "a run has ended more than once",
        "SELECT task_name, run_id FROM rocketry_log WHERE action <> 'run' GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "a run has ended that was not started",
        "SELECT task_name, run_id FROM rocketry_log AS ended WHERE action <> 'run' AND NOT EXISTS (SELECT 1 FROM \
         rocketry_log AS started WHERE started.action = 'run' AND started.task_name = ended.task_name \
         AND started.run_id = ended.run_id AND started.id < ended.id)",
    ),
    (
        "a task has run twice for one instant",
        "SELECT started.task_name, started.due FROM rocketry_log AS started JOIN rocketry_log AS ended \
         ON started.run_id = ended.run_id AND ended.action NOT IN ('run', 'crash') \
         WHERE started.action = 'run' AND started.task_name LIKE 't%' AND started.task_name NOT LIKE '%9' \
         AND started.task_name NOT LIKE '%3' AND started.task_name NOT LIKE '%7' \
         GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "a daily task has succeeded twice in a day",
        "SELECT task_name, substr(CAST(start AS TEXT), 1, 10) FROM rocketry_log \
         WHERE task_name LIKE '%5' AND action = 'success' GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "an hourly task has succeeded twice in an hour",
        "SELECT task_name, substr(CAST(start AS TEXT), 1, 13) FROM rocketry_log \
         WHERE task_name LIKE '%6' AND action = 'success' GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    (
        "a run that was asked for once was started twice",
        "SELECT task_name, params FROM rocketry_log WHERE task_name LIKE '%9' AND action = 'run' \
         GROUP BY 1, 2 HAVING count(*) > 1",
    ),
];

const OPEN: &str = "SELECT task_name, run_id FROM rocketry_log GROUP BY 1, 2 HAVING count(*) = 1";

/// Checks the invariants that hold at any time, also between the lives of an app.
pub(crate) fn check(database: &mut Database, journal: &str) {
    for (what, sql) in NEVER {
        let found = database.rows(sql);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    let of =
        |actions: &str| format!("SELECT task_name, run_id FROM rocketry_log WHERE action IN ({actions})");
    // The app may be running, so the ends are read before the journal, and the starts after it.
    let told = database.rows(&of("'success', 'fail'"));
    let (mut began, mut ended) = (HashSet::new(), HashSet::new());
    for line in std::fs::read_to_string(journal).unwrap().lines() {
        let (what, run) = line.split_once(' ').unwrap();
        let run: Row = run.split(' ').map(str::to_owned).collect();
        let is_new = match what {
            "began" => began.insert(run),
            _ => ended.insert(run),
        };
        assert!(is_new, "a run's function was called twice: {line}");
    }
    let started: HashSet<Row> = database.rows(&of("'run'")).into_iter().collect();
    let unknown: Vec<_> = began.difference(&started).collect();
    assert!(
        unknown.is_empty(),
        "functions have begun whose start is not in the log: {unknown:?}"
    );
    let untrue: Vec<_> = told.iter().filter(|run| !ended.contains(*run)).collect();
    assert!(
        untrue.is_empty(),
        "functions have not ended that the log says have: {untrue:?}"
    );
}

/// Returns the open runs.
pub(crate) fn open_runs(database: &mut Database) -> HashSet<Row> {
    database.rows(OPEN).into_iter().collect()
}

/// Checks that exactly the runs that were open when an earlier life was cut off have crashed.
pub(crate) fn check_crashes(database: &mut Database, cut_off: &HashSet<Row>) {
    let crashed = database.rows("SELECT task_name, run_id FROM rocketry_log WHERE action = 'crash'");
    let crashed: HashSet<Row> = crashed.into_iter().collect();
    let differing: Vec<_> = crashed.symmetric_difference(cut_off).collect();
    assert!(
        differing.is_empty(),
        "cut off and not crashed, or crashed and not cut off: {differing:?}"
    );
}

/// Returns the requested runs that have not started: their tasks and their numbers.
pub(crate) fn queued(database: &mut Database) -> HashSet<(String, String)> {
    // {"task":"t9","params":{"n":{"json":31}}}
    let read = |row: Row| (after(&row[0], "\"task\":\""), after(&row[0], "\"n\":{\"json\":"));
    let facts = database.rows("SELECT value FROM rocketry_fact WHERE key LIKE 'batch/%'");
    facts.into_iter().map(read).collect()
}

/// Checks that the queued runs of a killed app have been started in a later life.
pub(crate) fn check_queued(database: &mut Database, queued: &HashSet<(String, String)>) {
    // {"n":31}
    let started = "SELECT task_name, params FROM rocketry_log WHERE action = 'run' AND params IS NOT NULL";
    let started = database.rows(started).into_iter();
    let started: HashSet<(String, String)> = started
        .map(|row| (row[0].clone(), after(&row[1], "\"n\":")))
        .collect();
    let lost: Vec<_> = queued.difference(&started).collect();
    assert!(lost.is_empty(), "runs were asked for, and forgotten: {lost:?}");
}

/// Returns the pending starts: their tasks, and when they were due.
pub(crate) fn to_come(database: &mut Database) -> HashSet<(String, String)> {
    // pending/t8: {"due":1767225600000000,"at":1767225600000000,"overlaps":true}
    let read = |row: Row| (after(&row[0], "pending/"), after(&row[1], "\"due\":"));
    let facts = database.rows("SELECT key, value FROM rocketry_fact WHERE key LIKE 'pending/%'");
    facts.into_iter().map(read).collect()
}

/// Checks that a start that was pending when an app was killed has been made since then or is still pending.
pub(crate) fn check_to_come(database: &mut Database, known: &HashSet<(String, String)>) {
    let made = "SELECT name, due FROM rocketry_record JOIN rocketry_task ON rocketry_task.id = task WHERE action = 0";
    let mut there: HashSet<(String, String)> = pairs(database.rows(made));
    there.extend(to_come(database));
    // The pending starts of a disabled task are dropped.
    let is_on = |task: &str| !["t0", "t12", "t21"].contains(&task);
    let lost: Vec<_> = known.difference(&there).filter(|(task, _)| is_on(task)).collect();
    assert!(lost.is_empty(), "starts were to come, and forgotten: {lost:?}");
}

/// Returns the letters and digits that follow a text in another.
fn after(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{text}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Returns the exact report expected from an app that starts now.
pub(crate) fn expected_report(database: &mut Database) -> Vec<String> {
    let mut counts: HashMap<(String, String), String> = HashMap::new();
    for row in database.rows("SELECT task_name, action, count(*) FROM rocketry_log GROUP BY 1, 2") {
        let [task, action, count] = <[String; 3]>::try_from(row).unwrap();
        counts.insert((task, action), count);
    }
    let results = "SELECT task_name, result FROM rocketry_log WHERE id IN \
                   (SELECT max(id) FROM rocketry_log WHERE result IS NOT NULL GROUP BY task_name)";
    let results: HashMap<String, String> = pairs(database.rows(results));
    let facts: HashMap<String, String> = pairs(database.rows("SELECT key, value FROM rocketry_fact"));
    let mut lines: Vec<String> = (0..200)
        .map(|number| format!("t{number}"))
        .map(|task| {
            let count = |action: &str| {
                counts
                    .get(&(task.clone(), action.to_owned()))
                    .map_or("0", |count| count)
            };
            // {"value":true,"declared":"false",…}
            let disabled = facts
                .get(&format!("disabled/{task}"))
                .is_some_and(|value| value.contains("\"value\":true"));
            let result = results.get(&task).map_or("", |result| result);
            format!(
                "{task} {} {} {} {disabled} {result}",
                count("run"),
                count("success"),
                count("fail")
            )
        })
        .collect();
    // {"json":3}
    let digits = |text: &String| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let life = facts.get("param/life").map_or_else(|| "0".to_owned(), digits);
    lines.push(format!("life {life}"));
    lines
}

fn pairs<P: FromIterator<(String, String)>>(rows: Vec<Row>) -> P {
    let pair = |row: Row| <[String; 2]>::try_from(row).unwrap().into();
    rows.into_iter().map(pair).collect()
}
