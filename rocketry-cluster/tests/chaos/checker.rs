//! Reads the log and the journal, and checks the guarantees.

use std::collections::{BTreeMap, BTreeSet};

use rocketry_core::Action;

use crate::engine::{Engine, Row};
use crate::requests::Request;

pub(crate) fn check(engine: &mut impl Engine, journal: &str) {
    let lines = std::fs::read_to_string(journal).unwrap();
    let told: Vec<Vec<&str>> = lines.lines().map(|line| line.split(' ').collect()).collect();
    let rows = engine.records_after(0);
    each_occurrence_is_decided_once(&rows, &told);
    each_run_has_one_start_and_one_end(&rows);
    what_ran_was_recorded(&rows, &told);
    each_second_is_accounted_for(&rows);
}

fn of(rows: &[Row], is_wanted: impl Fn(Action) -> bool) -> impl Iterator<Item = &Row> {
    rows.iter().filter(move |row| is_wanted(row.action))
}

fn each_occurrence_is_decided_once(rows: &[Row], told: &[Vec<&str>]) {
    let mut seen = BTreeSet::new();
    for row in of(rows, |action| action == Action::Run) {
        assert!(seen.insert((&row.task, row.due)), "started twice: {row:?}");
    }
    let mut seen = BTreeSet::new();
    for line in told {
        assert!(seen.insert((line[0], line[1])), "ran twice: {line:?}");
    }
}

fn each_run_has_one_start_and_one_end(rows: &[Row]) {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for row in of(rows, Action::is_of_run) {
        let (starts, ends) = counts.entry(&row.run).or_default();
        *(if row.action.is_end() { ends } else { starts }) += 1;
    }
    counts.retain(|_, counts| *counts != (1, 1));
    assert!(counts.is_empty(), "without one start and one end: {counts:?}");
}

/// A run is recorded before it begins; one that is recorded as successful has run.
fn what_ran_was_recorded(rows: &[Row], told: &[Vec<&str>]) {
    let runs = |wanted| -> BTreeSet<&str> {
        of(rows, move |action| action == wanted)
            .map(|row| &*row.run)
            .collect()
    };
    let (started, succeeded) = (runs(Action::Run), runs(Action::Success));
    let ran: BTreeSet<&str> = told.iter().map(|line| line[2]).collect();
    let unknown: Vec<_> = ran.difference(&started).collect();
    assert!(unknown.is_empty(), "ran without a record: {unknown:?}");
    let claimed: Vec<_> = succeeded.difference(&ran).collect();
    assert!(claimed.is_empty(), "did not run: {claimed:?}");
    assert!(!started.is_empty());
}

/// Each request is made once, whatever fails meanwhile, or its node is told that it is not made. What a node makes itself, as it leads
/// by then, it may lose with its lead; it is told that it can't know.
pub(crate) fn each_request_is_decided_once(requests: &[Request]) {
    let mistakes: Vec<_> = requests
        .iter()
        .filter_map(|request| Some((request.mistake()?, request)))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

/// Each second at which a task with a cron expression was due was started or skipped, or made up for by a run that was
/// late: then the next start comes after all that it makes up for. While a run is under way, as that of a node that is gone is until it is
/// found, no other starts.
fn each_second_is_accounted_for(rows: &[Row]) {
    let mut seconds: BTreeMap<String, BTreeMap<i64, i64>> = BTreeMap::new();
    let mut crashes: BTreeMap<String, u32> = BTreeMap::new();
    let of_seconds = |row: &&Row| matches!(&*row.task, "t4" | "t5" | "t6" | "t7");
    for row in rows.iter().filter(of_seconds) {
        let crashes = crashes.entry(row.task.clone()).or_default();
        match row.action {
            Action::Run | Action::Skip => {}
            Action::Crash => *crashes += 1,
            _ => *crashes = 0,
        }
        let second = |instant: i64| instant.div_euclid(1_000_000);
        let (due, start) = (second(row.due), second(row.start));
        let decided = seconds.entry(row.task.clone()).or_default();
        if row.action.is_end() {
            let start = decided.get_mut(&due).expect("what ends has started");
            *start = (*start).max(second(row.created));
            continue;
        }
        if let Some((last, _)) = decided.last_key_value().filter(|_| *crashes > 1) {
            // After crashes in a row the task pauses, and starts when the pause ends.
            for second in *last + 1..due {
                decided.insert(second, start);
            }
        }
        decided.entry(due).or_insert(start);
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
