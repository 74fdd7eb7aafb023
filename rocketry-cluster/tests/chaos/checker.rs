//! Reads the log and the journal, and proves what is promised.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::Database;
use crate::node::UNMADE;

pub(crate) fn check(database: &mut Database, journal: &str) {
    let lines = std::fs::read_to_string(journal).unwrap();
    let told: Vec<Vec<&str>> = lines.lines().map(|line| line.split(' ').collect()).collect();
    each_occurrence_is_decided_once(database, &told);
    each_run_has_one_start_and_one_end(database);
    what_ran_was_recorded(database, &told);
    each_second_is_accounted_for(database);
}

fn none(database: &mut Database, what: &str, sql: &str) {
    let found = database.rows(sql);
    assert!(found.is_empty(), "{what}: {found:?}");
}

fn each_occurrence_is_decided_once(database: &mut Database, told: &[Vec<&str>]) {
    let twice = "SELECT task, due, count(*), array_agg(version) FROM rocketry_record \
                 WHERE action = 0 GROUP BY task, due HAVING count(*) > 1";
    none(database, "started twice", twice);
    let mut seen = BTreeSet::new();
    for line in told {
        assert!(seen.insert((line[0], line[1])), "ran twice: {line:?}");
    }
}

fn each_run_has_one_start_and_one_end(database: &mut Database) {
    let odd = "SELECT run_id, array_agg(action) FROM rocketry_record WHERE action < 6 GROUP BY run_id \
               HAVING count(*) FILTER (WHERE action = 0) <> 1 OR count(*) FILTER (WHERE action > 0) <> 1";
    none(database, "without one start and one end", odd);
}

/// A run is recorded before it begins; one that has ended well has run.
fn what_ran_was_recorded(database: &mut Database, told: &[Vec<&str>]) {
    let of_actions = |database: &mut Database, actions: &str| -> BTreeSet<String> {
        let rows = database.rows(&format!(
            "SELECT run_id FROM rocketry_record WHERE action {actions}"
        ));
        rows.into_iter().map(|row| row[0].clone()).collect()
    };
    let (started, succeeded) = (of_actions(database, "= 0"), of_actions(database, "= 1"));
    let ran: BTreeSet<String> = told.iter().map(|line| line[2].to_owned()).collect();
    let unknown: Vec<_> = ran.difference(&started).collect();
    assert!(unknown.is_empty(), "ran without a record: {unknown:?}");
    let claimed: Vec<_> = succeeded.difference(&ran).collect();
    assert!(claimed.is_empty(), "did not run: {claimed:?}");
    assert!(!started.is_empty());
}

/// Each request that was handed in is made once, whatever fails meanwhile; of each that was not, its node tells.
pub(crate) fn each_request_is_made_once(database: &mut Database, journal: &str, asked: usize) {
    const STARTS: &str = "SELECT count(*) FROM rocketry_record AS record \
                          JOIN rocketry_task AS task ON task.id = record.task WHERE task.name = 't9' AND action = 0";
    const HANDED_IN: &str = "SELECT count(*) FROM rocketry_call WHERE NOT is_withdrawn";
    let handed_in = database.one(HANDED_IN);
    assert_eq!(database.one(STARTS), handed_in, "runs that were asked for");
    let handed_in: usize = handed_in.unwrap().parse().unwrap();
    let told = std::fs::read_to_string(format!("{journal}{UNMADE}")).unwrap_or_default();
    let unmade = told.lines().filter(|line| line.contains("was not made")).count();
    assert!(handed_in <= asked, "{handed_in} calls for {asked}");
    assert!(handed_in + unmade >= asked, "{handed_in} of {asked}, {told}");
}

/// Each second at which a task with a cron expression was due was started or skipped, or made up for by a run that was
/// late: then the next start comes after all that it makes up for. While a run is under way, as that of a node that is gone is until it is
/// found, no other starts.
fn each_second_is_accounted_for(database: &mut Database) {
    let rows = database.rows(
        "SELECT task.name, action, due, start, created FROM rocketry_record AS record \
         JOIN rocketry_task AS task ON task.id = record.task \
         WHERE task.name IN ('t4', 't5', 't6', 't7') ORDER BY record.id",
    );
    let mut seconds: BTreeMap<String, BTreeMap<i64, i64>> = BTreeMap::new();
    let mut crashes: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows {
        let crashes = crashes.entry(row[0].clone()).or_default();
        match row[1].as_str() {
            "0" | "6" => {}
            "5" => *crashes += 1,
            _ => *crashes = 0,
        }
        let number = |column: usize| row[column].parse::<i64>().unwrap().div_euclid(1_000_000);
        let decided = seconds.entry(row[0].clone()).or_default();
        if !matches!(row[1].as_str(), "0" | "6") {
            let start = decided.get_mut(&number(2)).expect("what ends has started");
            *start = (*start).max(number(4));
            continue;
        }
        if let Some((last, _)) = decided.last_key_value().filter(|_| *crashes > 1) {
            // After crashes in a row the task pauses, and starts when the pause ends.
            for second in *last + 1..number(2) {
                decided.insert(second, number(3));
            }
        }
        decided.entry(number(2)).or_insert_with(|| number(3));
    }
    assert_eq!(seconds.len(), 4);
    for (task, decided) in seconds {
        let (first, last) = (*decided.keys().next().unwrap(), *decided.keys().last().unwrap());
        let mut covered = first;
        for second in first..=last {
            if let Some(start) = decided.get(&second) {
                covered = covered.max(*start);
            }
            assert!(
                second <= covered,
                "{task} at {second}: neither started nor skipped, {decided:?}"
            );
        }
    }
}
