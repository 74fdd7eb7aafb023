//! The state that the run log has for tasks that are not in the app, or not yet.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::fact_key::{FactKey, RequestFact};
use crate::log::TaskPast;

/// Tasks that are not in the app, by name. A task that is added takes its entry.
pub(crate) type AbsentTasks = HashMap<Arc<str>, AbsentTask>;

/// The state of a task from an earlier life of the app.
#[derive(Debug, Default)]
pub(crate) struct AbsentTask {
    pub(crate) past: Option<TaskPast>,
    pub(crate) facts: Vec<(FactKey, Arc<str>)>,
    /// By number, in the order in which the runs were requested.
    pub(crate) requests: BTreeMap<u64, RequestFact>,
}

impl AbsentTask {
    /// The facts as a log keeps them.
    pub(crate) fn to_facts(&self) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let facts = self.facts.iter();
        let facts = facts.map(|(key, value)| (key.to_string().into(), value.clone()));
        let requests = self.requests.iter().filter_map(|(number, fact)| {
            let json = serde_json::to_string(fact).ok()?;
            Some((FactKey::Request(*number).to_string().into(), json.into()))
        });
        facts.chain(requests)
    }
}
