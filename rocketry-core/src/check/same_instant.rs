//! Many tasks that are due at the same instant.

use std::collections::BTreeMap;
use std::rc::Rc;

use rocketry_syntax::Lint;

use super::finding::Finding;
use super::tasks::{Checked, Start};
use crate::time::{Timestamp, Zone};

/// The number of tasks at one instant above which the lint reports them.
const MANY: usize = 10;

/// The maximum number of tasks to name.
const NAMED: usize = 3;

/// The finding about the instant at which most tasks are due. Tasks with jitter or a shared pool don't count,
/// because they are already limited.
pub(super) fn finding(tasks: &[Checked], now: Timestamp, zone: Zone) -> Option<Finding> {
    let counted = || tasks.iter().filter(|task| counts(task));
    let mut at: BTreeMap<Timestamp, usize> = BTreeMap::new();
    for (start, weight) in weights(counted()) {
        for due in start.outlook.starts.iter().filter(|due| **due > now) {
            *at.entry(*due).or_default() += weight;
        }
    }
    let (due, count) = at.into_iter().rev().max_by_key(|(_, count)| *count)?;
    if count <= MANY {
        return None;
    }
    let is_due = |task: &&Checked| {
        task.start
            .as_ref()
            .is_some_and(|start| start.outlook.starts.contains(&due))
    };
    let names: Vec<String> = counted()
        .filter(is_due)
        .take(NAMED)
        .map(|task| format!("`{}`", task.spec.name))
        .collect();
    let message = format!(
        "{count} tasks are due at {}: {} and {} others",
        due.in_zone(&zone).format("%A %H:%M:%S %Z"),
        names.join(", "),
        count - names.len(),
    );
    let help = "spread their starts with `jitter`, such as `jitter = \"5 minutes\"`, or limit how many run at a time with a `pool`";
    Some(Finding::new(Lint::ManyAtOnce, message, help))
}

fn counts(task: &Checked) -> bool {
    let is_fixed = task.start.as_ref().is_some_and(|start| start.outlook.is_fixed);
    let is_spread = !task.spec.rare.jitter.is_zero() || !task.spec.rare.pools.is_empty();
    is_fixed && !is_spread && !task.disabled && !task.allowed().contains(Lint::ManyAtOnce)
}

/// Each start condition once, with the number of tasks that have it.
fn weights<'a>(tasks: impl Iterator<Item = &'a Checked>) -> Vec<(Rc<Start>, usize)> {
    let mut weights: BTreeMap<*const Start, (Rc<Start>, usize)> = BTreeMap::new();
    for start in tasks.filter_map(|task| task.start.as_ref()) {
        weights
            .entry(Rc::as_ptr(start))
            .or_insert_with(|| (start.clone(), 0))
            .1 += 1;
    }
    weights.into_values().collect()
}
