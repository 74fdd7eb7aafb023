//! Answers to callers whose runs are not made.

use super::run_queue::RunRequest;
use super::waiters::{Refusal, Waiter};

/// Requests that were refused, and their callers.
///
/// They are answered and dropped without the lock of the state: parameters of a run may have a user's `Drop`.
#[derive(Default)]
pub(crate) struct Refusals {
    requests: Vec<(RunRequest, Refusal)>,
    waiters: Vec<(Waiter, Refusal)>,
}

impl Refusals {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.waiters.is_empty()
    }

    /// Moves the refusals of `other` to the end of these.
    pub(crate) fn append(&mut self, other: &mut Refusals) {
        self.requests.append(&mut other.requests);
        self.waiters.append(&mut other.waiters);
    }

    pub(super) fn add(&mut self, request: RunRequest, why: Refusal) {
        self.requests.push((request, why));
    }

    pub(super) fn add_waiter(&mut self, waiter: Waiter, why: Refusal) {
        self.waiters.push((waiter, why));
    }

    /// Answers the callers. A caller that has stopped waiting is skipped.
    pub(crate) fn send(&mut self) {
        let of_requests = self.requests.drain(..);
        let of_requests = of_requests.filter_map(|(request, why)| Some((request.waiter?, why)));
        for (waiter, why) in of_requests.chain(self.waiters.drain(..)) {
            let _ = waiter.send(Err(why));
        }
    }
}
