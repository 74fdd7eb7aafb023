//! A run: its state while it is in progress, and how it ended.

use std::sync::Arc;

use super::request_trace::RequestTrace;
use super::spec::Spec;
use super::waiters::Waiter;
use crate::choice::words;
use crate::log::{Action, Extra, ProcessEnd, Record, TIMED_OUT};
use crate::param::RunContext;
use crate::task::Outcome;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The number of a run. Unique within the life of an app, including restarts.
pub(crate) type RunNumber = u64;

/// Numbers from here on belong to runs that a node executes for the leader, which knows such a run by another
/// number.
pub(crate) const FIRST_ASSIGNED: RunNumber = 1 << 63;

/// A run from its start on, shared by the engine and the executor.
pub(crate) struct Run {
    /// The definition of the task when the run began.
    pub(crate) spec: Arc<Spec>,
    pub(crate) number: RunNumber,
    pub(crate) info: RunContext,
    pub(crate) start: Timestamp,
    /// The trace context of its request, if it is traced.
    pub(crate) trace: Option<Box<RequestTrace>>,
}

impl Run {
    pub(crate) fn task(&self) -> TaskId {
        self.info.task_id
    }

    /// Returns true if this node executes the run for the leader.
    pub(crate) fn is_assigned(&self) -> bool {
        self.number >= FIRST_ASSIGNED
    }

    /// The record of an action of the run.
    pub(crate) fn record(&self, action: Action, created: Timestamp) -> Record {
        Record {
            task: self.info.task.clone(),
            run_id: self.info.run_id.clone(),
            action,
            created,
            due: self.info.due,
            start: self.start,
            message: None,
            extra: None,
        }
    }
}

/// A run in progress.
pub(crate) struct Running {
    pub(crate) run: Arc<Run>,
    pub(crate) deadline: Timestamp,
    /// Why the run was told to stop, if it was.
    pub(crate) stopped: Option<StopReason>,
    /// The caller that requested the run and waits for its end.
    pub(crate) waiter: Option<Waiter>,
    /// Further details for the record of its start: its cause and the upstream runs.
    pub(crate) origin: Option<Arc<Extra>>,
}

/// Why a run was told to stop.
///
/// Serialised, a reason is the name of the variant in snake case, such as `end_condition`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// It took longer than its timeout.
    Timeout,
    /// The end condition of its task became true.
    EndCondition,
    /// A later start replaces it: see [`Overlap::Replace`](crate::Overlap::Replace).
    Replaced,
    /// Its termination was requested: see [`Task::terminate`](crate::Task::terminate).
    Request,
    /// The app is shutting down.
    ShutDown,
    /// The node that executed it is lost, so the run has crashed. See [`cluster`](crate::cluster).
    NodeLost,
}

words!(StopReason, "reason to stop a run", {
    "timeout" => Timeout, "end_condition" => EndCondition, "replaced" => Replaced, "request" => Request,
    "shut_down" => ShutDown, "node_lost" => NodeLost,
});

impl StopReason {
    /// Returns the message of the record of the end.
    pub const fn message(self) -> &'static str {
        match self {
            StopReason::Timeout => TIMED_OUT,
            StopReason::EndCondition => "its end condition is true",
            StopReason::Replaced => "a newer start replaces it",
            StopReason::Request => "it was asked to end",
            StopReason::ShutDown => "the app shuts down",
            StopReason::NodeLost => "the node that executed it is lost",
        }
    }

    /// The action that records the end of the run.
    pub(crate) const fn action(self) -> Action {
        match self {
            StopReason::NodeLost => Action::Crash,
            _ => Action::Terminate,
        }
    }
}

/// The end of a run, as its executor reports it.
pub(crate) struct RunEnd {
    pub(crate) task: TaskId,
    pub(crate) number: RunNumber,
    pub(crate) start: Timestamp,
    pub(crate) at: Timestamp,
    /// The outcome of the function; `None` if the run was interrupted.
    pub(crate) outcome: Option<Outcome>,
    /// The end of the run's own process. Boxed, because few runs have one, and each end is moved several
    /// times.
    pub(crate) process: Option<Box<ProcessEnd>>,
    /// The result as JSON, for a log that keeps it.
    pub(crate) result: Option<Arc<str>>,
    /// The run, once it has been found.
    pub(crate) run: Option<Arc<Run>>,
}

impl RunEnd {
    /// The end of a run that was interrupted.
    pub(crate) fn cut_off(run: &Run, at: Timestamp) -> Self {
        RunEnd {
            task: run.task(),
            number: run.number,
            start: run.start,
            at,
            outcome: None,
            process: None,
            result: None,
            run: None,
        }
    }
}
