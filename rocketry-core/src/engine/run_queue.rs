//! Runs of a task that were requested and have not started.

use std::collections::VecDeque;
use std::sync::Arc;

use super::request_trace::RequestTrace;
use super::unique::RequestIdentity;
use super::waiters::Waiter;
use crate::log::Cause;
use crate::param::Params;

/// A requested run.
#[derive(Default)]
pub(crate) struct RunRequest {
    /// The parameters for this run alone.
    pub(crate) params: Params,
    /// Whether the run is only made if its task is due.
    pub(crate) if_due: bool,
    /// Why it was requested.
    pub(crate) cause: Cause,
    /// The key that no other queued run may have, if the task is unique.
    pub(crate) identity: Option<Arc<RequestIdentity>>,
    /// The caller that waits for the run's end.
    pub(crate) waiter: Option<Waiter>,
    /// The request as JSON, until it is noted as a fact.
    pub(crate) json: Option<Arc<str>>,
    /// The number under which it was noted.
    pub(crate) number: Option<u64>,
    /// Where it was requested, if that is traced.
    pub(crate) trace: Option<Box<RequestTrace>>,
}

/// Requested runs, oldest first. Nearly all tasks have none at nearly any time.
#[derive(Default)]
#[expect(
    clippy::box_collection,
    reason = "one pointer in each task instead of a whole queue"
)]
pub(crate) struct RunQueue(Option<Box<VecDeque<RunRequest>>>);

impl RunQueue {
    pub(crate) fn push_back(&mut self, request: RunRequest) {
        self.0.get_or_insert_default().push_back(request);
    }

    /// The next run to begin.
    pub(crate) fn front(&self) -> Option<&RunRequest> {
        self.0.as_ref()?.front()
    }

    /// Takes the next run to begin.
    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<RunRequest> {
        let first = self.0.as_mut()?.pop_front();
        self.0.take_if(|rest| rest.is_empty());
        first
    }

    /// All requests, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &RunRequest> {
        self.0.iter().flat_map(|requests| requests.iter())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |requests| requests.len())
    }
}

impl FromIterator<RunRequest> for RunQueue {
    fn from_iter<I: IntoIterator<Item = RunRequest>>(requests: I) -> Self {
        let requests: VecDeque<RunRequest> = requests.into_iter().collect();
        RunQueue((!requests.is_empty()).then(|| Box::new(requests)))
    }
}

impl IntoIterator for RunQueue {
    type Item = RunRequest;
    type IntoIter = std::collections::vec_deque::IntoIter<RunRequest>;

    fn into_iter(self) -> Self::IntoIter {
        self.0
            .map_or_else(VecDeque::new, |requests| *requests)
            .into_iter()
    }
}
