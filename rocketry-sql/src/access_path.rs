//! How matching records are found: the access path of a query.

use rocketry_core::Action;
use rocketry_core::log::Query;

/// At most this many pairs of a task and an action are looked up in each block; with more, all records are
/// filtered.
const MOST_PAIRS: usize = 24;

/// How matching records are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessPath {
    /// By task, block by block.
    ByBlock,
    /// Among the ends that are not successes.
    Rare,
    /// By run id.
    ByRun,
    /// In the order of their numbers.
    Plain,
}

pub(crate) fn access_path(query: &Query) -> AccessPath {
    let is_rare = |action: &Action| !matches!(action, Action::Run | Action::Success);
    let actions = actions(query);
    let pairs = query.tasks.len() * actions.as_ref().map_or(1, Vec::len);
    match pairs {
        _ if query.run_id.is_some() => AccessPath::ByRun,
        1..=MOST_PAIRS => AccessPath::ByBlock,
        _ if actions.is_some_and(|actions| actions.iter().all(is_rare)) => AccessPath::Rare,
        _ => AccessPath::Plain,
    }
}

/// The actions that the query asks for; `None` for all.
pub(crate) fn actions(query: &Query) -> Option<Vec<Action>> {
    let mut actions = query.actions.clone();
    actions.sort();
    actions.dedup();
    (!actions.is_empty() && actions.len() < Action::ALL.len()).then_some(actions)
}
