//! Runs that were asked for and wait, of tasks of which no two alike may.

use std::collections::HashSet;
use std::sync::Arc;

use crate::cond::TaskId;
use crate::param::{Identity, Params};

/// What a run that was asked for has in common with those that are like it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Likeness {
    task: TaskId,
    if_due: bool,
    params: Identity,
}

impl Likeness {
    /// May call functions of the user's, if there are parameters.
    pub(super) fn new(task: TaskId, if_due: bool, params: &Params) -> Arc<Self> {
        let params = params.identity();
        Arc::new(Likeness { task, if_due, params })
    }
}

/// Those that wait.
#[derive(Debug, Default)]
pub(crate) struct Unique(HashSet<Arc<Likeness>>);

impl Unique {
    /// Notes that a run waits; tells whether none like it does.
    pub(super) fn enter(&mut self, run: Arc<Likeness>) -> bool {
        self.0.insert(run)
    }

    /// Notes that a run waits no longer.
    pub(super) fn leave(&mut self, run: &Likeness) {
        self.0.remove(run);
    }
}
