//! Queued runs of unique tasks, of which no two may be equal.

use std::collections::HashSet;
use std::sync::Arc;

use crate::param::{Identity, Params};
use crate::task_id::TaskId;

/// The properties that make two requested runs equal.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct RequestIdentity {
    task: TaskId,
    if_due: bool,
    params: Identity,
}

impl RequestIdentity {
    /// May call user code, if there are parameters.
    pub(crate) fn new(task: TaskId, if_due: bool, params: &Params) -> Arc<Self> {
        let params = params.identity();
        Arc::new(RequestIdentity { task, if_due, params })
    }
}

/// The queued runs of unique tasks.
#[derive(Debug, Default)]
pub(crate) struct UniqueRequests(HashSet<Arc<RequestIdentity>>);

impl UniqueRequests {
    /// Adds a queued run; returns `false` if an equal one is queued.
    pub(crate) fn enter(&mut self, run: Arc<RequestIdentity>) -> bool {
        self.0.insert(run)
    }

    /// Removes a run that is no longer queued.
    pub(crate) fn leave(&mut self, run: &RequestIdentity) {
        self.0.remove(run);
    }
}
