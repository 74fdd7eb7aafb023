//! Reads the log, and what the witness says, and proves that the promise was kept.

use std::collections::{HashMap, HashSet};

use rocketry_core::log::{Records, RunLog};
use rocketry_core::{Action, Query, RunId};

/// What is known of a run.
#[derive(Default)]
struct Seen {
    starts: u32,
    ends: Vec<Action>,
}

/// Holds the log against the promise. `is_over` says that the last app has ended by itself.
pub(crate) fn check(log: &dyn RunLog, witness: &str, asked: &HashSet<String>, is_over: bool) {
    let mut runs: HashMap<(String, RunId), Seen> = HashMap::new();
    let mut counts: HashMap<(String, Action), u64> = HashMap::new();
    let mut tokens: HashMap<String, u32> = HashMap::new();
    for record in Records::new(log, Query::new()) {
        let record = record.unwrap();
        *counts
            .entry((record.task.to_string(), record.action))
            .or_default() += 1;
        let run = runs
            .entry((record.task.to_string(), record.run_id.clone()))
            .or_default();
        if record.action == Action::Run {
            run.starts += 1;
            if let Some(token) = record.params().and_then(token) {
                *tokens.entry(token).or_default() += 1;
            }
        } else {
            assert_eq!(run.starts, 1, "{record:?} has one start before it");
            run.ends.push(record.action);
        }
    }
    let began = began(witness);
    check_runs(&runs, &began, is_over);
    check_past(log, &runs, &counts);
    check_tokens(log, &tokens, asked);
    for (task, action) in counts.keys() {
        let number: Option<usize> = task.strip_prefix("task ").and_then(|number| number.parse().ok());
        if *action == Action::Run && number.is_some_and(|number| number % 8 == 3) {
            assert_eq!(
                counts[&(task.clone(), Action::Run)],
                1,
                "`{task}` runs once in its life"
            );
        }
    }
}

fn check_runs(runs: &HashMap<(String, RunId), Seen>, began: &HashMap<RunId, u32>, is_over: bool) {
    let known: HashSet<&RunId> = runs.keys().map(|(_, run)| run).collect();
    for (run, times) in began {
        assert_eq!(*times, 1, "{run} began once");
        assert!(known.contains(run), "{run} was recorded before it began");
    }
    for ((task, run), seen) in runs {
        assert_eq!(seen.starts, 1, "`{task}` {run}");
        assert!(
            seen.ends.len() <= 1,
            "`{task}` {run} has ended more than once: {:?}",
            seen.ends
        );
        assert!(
            !is_over || seen.ends.len() == 1,
            "`{task}` {run} has ended, or crashed"
        );
        let done = matches!(seen.ends[..], [Action::Success | Action::Fail]);
        assert!(
            !done || began.contains_key(run),
            "`{task}` {run} ended and never began"
        );
    }
}

/// What a start-up is told is what the records say.
fn check_past(
    log: &dyn RunLog,
    runs: &HashMap<(String, RunId), Seen>,
    counts: &HashMap<(String, Action), u64>,
) {
    let past = log.load().unwrap();
    for (task, known) in &past.tasks {
        for action in Action::OF_RUNS {
            let counted = counts.get(&(task.to_string(), action)).copied().unwrap_or(0);
            assert_eq!(known.tallies[action as usize].count, counted, "`{task}` {action}");
        }
        let open = runs
            .iter()
            .filter(|((of, _), seen)| *of == **task && seen.ends.is_empty());
        assert_eq!(known.open.len(), open.count(), "`{task}`: runs under way");
    }
}

/// Every requested run that the log had recorded was made once or is still pending.
fn check_tokens(log: &dyn RunLog, tokens: &HashMap<String, u32>, asked: &HashSet<String>) {
    let queued = queued(log);
    for (token, times) in tokens {
        assert_eq!(*times, 1, "the run with {token} was made once");
        assert!(
            !queued.contains(token),
            "the run with {token} is not in the queue any more"
        );
    }
    for token in asked {
        assert!(
            tokens.contains_key(token) || queued.contains(token),
            "the run with {token} is lost"
        );
    }
}

/// The runs that wait.
pub(crate) fn queued(log: &dyn RunLog) -> HashSet<String> {
    let facts = log.load().unwrap().facts;
    let batches = facts.iter().filter(|(key, _)| key.starts_with("batch/"));
    batches.filter_map(|(_, value)| token(value)).collect()
}

fn token(json: &str) -> Option<String> {
    let (_, rest) = json.split_once("\"token ")?;
    Some(format!("token {}", rest.split_once('"')?.0))
}

fn began(witness: &str) -> HashMap<RunId, u32> {
    let mut began = HashMap::new();
    for run in witness.lines().filter_map(|line| line.strip_prefix("began ")) {
        *began.entry(RunId::from(run)).or_default() += 1;
    }
    began
}
