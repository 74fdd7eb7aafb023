//! The user code that the scheduler has called and waits for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cond::CondCall;
use crate::error::Location;
use crate::hooks::HookKind;
use crate::task_id::TaskId;

/// The kind of call that the scheduler has made.
#[derive(Clone, Debug)]
pub(crate) enum Called {
    /// A custom condition of a task.
    Condition(TaskId, Arc<CondCall>),
    /// A hook, with its name and its place.
    Hook(HookKind, &'static str, Location),
    /// The function that generates the run ids of a task.
    RunId(TaskId),
    /// A run on the scheduler.
    Main(TaskId),
}

/// The call in progress. There is at most one.
#[derive(Default)]
pub(crate) struct CurrentCall(Mutex<Calls>);

#[derive(Default)]
struct Calls {
    under_way: Option<Called>,
    /// The number of calls that have begun. Never zero during a call.
    begun: u64,
}

impl CurrentCall {
    /// Calls a function.
    pub(crate) fn during<T>(&self, called: Called, function: impl FnOnce() -> T) -> T {
        /// Ends the call even if the function panics.
        struct End<'a>(&'a CurrentCall);

        impl Drop for End<'_> {
            fn drop(&mut self) {
                let ended = self.0.calls().under_way.take();
                // The condition must not be dropped under the lock.
                drop(ended);
            }
        }

        let mut calls = self.calls();
        calls.begun += 1;
        calls.under_way = Some(called);
        drop(calls);
        let _end = End(self);
        function()
    }

    /// The number of the call in progress; zero if there is none.
    pub(super) fn number(&self) -> u64 {
        let calls = self.calls();
        calls.under_way.as_ref().map_or(0, |_| calls.begun)
    }

    /// Returns true if a call is in progress.
    pub(crate) fn is_under_way(&self) -> bool {
        self.calls().under_way.is_some()
    }

    /// The call in progress.
    pub(super) fn get(&self) -> Option<Called> {
        self.calls().under_way.clone()
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
