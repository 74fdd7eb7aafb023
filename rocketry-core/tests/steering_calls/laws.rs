//! Laws that hold for all calls.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;

use proptest::prelude::*;
use rocketry_core::{Action, Queued, Record, RunId, Runs, Task};

use crate::world::{Kind, ready};

type Law = Result<(), TestCaseError>;

/// Each run starts once and ends once, in this order, and the limit of concurrent runs is respected.
pub(crate) fn of_the_log(log: &[Record], tasks: &[(String, Kind)]) -> Law {
    let mut runs: HashMap<(&str, &RunId), Vec<Action>> = HashMap::new();
    let mut under_way: HashMap<&str, usize> = HashMap::new();
    let mut latest = None;
    for record in log {
        prop_assert!(latest <= Some(record.created), "{record:?} comes too late");
        latest = Some(record.created);
        let name = &*record.task;
        runs.entry((name, &record.run_id))
            .or_default()
            .push(record.action);
        let count = under_way.entry(name).or_default();
        if record.action.is_end() {
            prop_assert!(*count > 0, "{record:?} ends what has not started");
            *count -= 1;
        } else {
            *count += 1;
        }
        let room: usize = tasks
            .iter()
            .filter(|(task, _)| task == name)
            .map(|(_, kind)| kind.max_running)
            .sum();
        prop_assert!(under_way[name] <= room, "{record:?} is one run too many");
        let pooled = tasks
            .iter()
            .filter(|(_, kind)| kind.pooled)
            .map(|(task, _)| &**task);
        let pooled: HashSet<&str> = pooled.collect();
        let in_pool: usize = pooled.iter().filter_map(|task| under_way.get(task)).sum();
        prop_assert!(in_pool <= 1, "{record:?} finds no room in the pool");
    }
    for (run, actions) in runs {
        let [Action::Run, end] = actions[..] else {
            return Err(TestCaseError::fail(format!(
                "{run:?} has the records {actions:?}"
            )));
        };
        prop_assert!(end.is_end(), "{run:?} starts twice");
    }
    Ok(())
}

/// A requested run is made once, or its waiter learns that it is not. Those of a task begin in their order.
pub(crate) fn of_asked_runs(
    log: &[Record],
    begun: &[(u64, String, RunId)],
    asked: Vec<(u64, Queued)>,
) -> Law {
    let numbers: HashSet<u64> = begun.iter().map(|(n, ..)| *n).collect();
    prop_assert_eq!(numbers.len(), begun.len(), "a run was made twice: {:?}", begun);
    for (n, mut queued) in asked {
        let Some(told) = ready(Pin::new(&mut queued)) else {
            return Err(TestCaseError::fail(format!("nobody is told of run {n}")));
        };
        match told {
            Ok(record) => {
                prop_assert!(log.contains(&record), "{record:?} is not in the log");
                let ran = begun.iter().find(|(number, ..)| *number == n);
                let same = ran.is_some_and(|(_, _, id)| *id == record.run_id);
                let cut_off = record.action == Action::Terminate && ran.is_none();
                prop_assert!(same || cut_off, "run {n} has the record {record:?}");
            }
            Err(error) => {
                prop_assert!(error.is_state(), "{error}");
                let made = numbers.contains(&n) && !error.is_put_off();
                prop_assert!(!made, "run {n} was made, in spite of: {error}");
            }
        }
    }
    let mut last: HashMap<&str, u64> = HashMap::new();
    for (n, task, _) in begun {
        // A name may have been given to a second task while the first still had runs under way; these are older.
        let before = last.insert(task, *n);
        prop_assert!(
            before < Some(*n),
            "run {n} of `{task}` has overtaken run {before:?}"
        );
    }
    Ok(())
}

/// What a run waits for is among what holds the task back.
pub(crate) fn of_holds(task: &Task) {
    if let Some(waits) = task.waits_for() {
        let holds = task.holds();
        let mut texts = holds.iter().map(ToString::to_string);
        assert!(
            texts.any(|hold| hold == waits),
            "`{}` waits for {waits}, but is held by {holds:?}",
            task.name()
        );
    }
    assert_eq!(task.is_paused(), task.info().paused);
}

/// Every waiter receives an outcome, and it matches the log.
pub(crate) fn of_waits(log: &[Record], ends: Vec<Queued>, runs: Vec<(Vec<String>, Runs)>) -> Law {
    for mut end in ends {
        match ready(Pin::new(&mut end)) {
            Some(Ok(record)) => {
                prop_assert!(record.action.is_end() && log.contains(&record), "{record:?}");
            }
            Some(Err(error)) => prop_assert!(error.is_state(), "{error}"),
            None => return Err(TestCaseError::fail("somebody waits for an end for ever")),
        }
    }
    for (names, mut runs) in runs {
        match ready(Pin::new(&mut runs)) {
            Some(Ok(records)) => {
                prop_assert!(records.len() <= names.len(), "{names:?} gave {records:?}");
                for record in records {
                    let named = names.iter().any(|name| **name == *record.task);
                    prop_assert!(named && log.contains(&record), "{record:?} of {names:?}");
                }
            }
            Some(Err(error)) => prop_assert!(error.is_state(), "{error}"),
            None => {
                return Err(TestCaseError::fail(format!(
                    "somebody waits for {names:?} for ever"
                )));
            }
        }
    }
    Ok(())
}

/// The handle of a task reports the same as the log, unless another task had its name.
pub(crate) fn of_a_task(log: &[Record], task: &Task, name_given_anew: bool) -> Law {
    prop_assert_eq!(task.queued(), 0, "`{}` has runs that are never made", task.name());
    prop_assert!(task.under_way().is_empty(), "`{}` still runs", task.name());
    let total = |action| task.total(action);
    let ends: u64 = Action::ALL[1..].iter().map(|action| total(*action)).sum();
    prop_assert_eq!(total(Action::Run), ends);
    for action in Action::ALL {
        let of_task = |record: &&Record| &*record.task == task.name() && record.action == action;
        let recorded = log.iter().filter(of_task).count() as u64;
        prop_assert!(total(action) <= recorded);
        if !name_given_anew {
            prop_assert_eq!(total(action), recorded, "`{}`: {}", task.name(), action);
        }
    }
    Ok(())
}
