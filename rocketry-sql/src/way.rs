//! How records are found.

use rocketry_core::Action;
use rocketry_core::log::Query;

/// So many pairs of a task and an action are looked up in each block; more of them are picked from all records.
const MOST_PAIRS: usize = 24;

/// How records are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By their task, block by block.
    ByBlock,
    /// Among the ends that are no success.
    Rare,
    /// By their run.
    ByRun,
    /// By their number.
    Plain,
}

pub(crate) fn way(query: &Query) -> Way {
    let is_rare = |action: &Action| !matches!(action, Action::Run | Action::Success);
    let actions = actions(query);
    let pairs = query.tasks.len() * actions.as_ref().map_or(1, Vec::len);
    match pairs {
        _ if query.run_id.is_some() => Way::ByRun,
        1..=MOST_PAIRS => Way::ByBlock,
        _ if actions.is_some_and(|actions| actions.iter().all(is_rare)) => Way::Rare,
        _ => Way::Plain,
    }
}

/// The actions that are asked for; `None` for all.
pub(crate) fn actions(query: &Query) -> Option<Vec<Action>> {
    let mut actions = query.actions.clone();
    actions.sort();
    actions.dedup();
    (!actions.is_empty() && actions.len() < Action::ALL.len()).then_some(actions)
}
