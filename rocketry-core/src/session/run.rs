//! A run, from when it was asked for until its end is recorded.

use std::sync::Arc;

use super::state::Spec;
use super::unique::Likeness;
use super::waiters::{GivenUp, Waiter};
use crate::cond::TaskId;
use crate::log::{Action, ProcessEnd, Record};
use crate::param::{Params, RunInfo, Value};
use crate::time::Timestamp;

/// What is known of a run from its start on: shared by the scheduler and by the place where it happens.
pub(crate) struct Run {
    /// The task as it was when the run began.
    pub(crate) spec: Arc<Spec>,
    pub(crate) info: RunInfo,
    pub(crate) start: Timestamp,
}

impl Run {
    pub(crate) fn task(&self) -> TaskId {
        TaskId::new(self.info.index)
    }

    /// The record of something that happened to the run.
    pub(super) fn record(&self, action: Action, created: Timestamp) -> Record {
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

/// A run under way.
pub(crate) struct Running {
    pub(crate) run: Arc<Run>,
    pub(crate) deadline: Timestamp,
    /// Why the run was told to end, if it was.
    pub(crate) stopped: Option<StopReason>,
    /// Who asked for the run and waits for its end.
    pub(crate) waiter: Option<Waiter>,
}

/// A run that was asked for. What is noted of it is known after a restart.
#[derive(Default)]
pub(crate) struct Batch {
    /// The parameters for this run alone.
    pub(crate) params: Params,
    /// Whether it is only made if the task is due.
    pub(crate) if_due: bool,
    /// What no other run in the queue may have in common with it.
    pub(crate) likeness: Option<Arc<Likeness>>,
    /// Who waits for its end.
    pub(crate) waiter: Option<Waiter>,
    /// What is to be noted of it.
    pub(crate) note: Option<Arc<str>>,
    /// The number under which it was noted.
    pub(crate) number: Option<u64>,
}

impl Batch {
    /// Tells whoever waits for the run that it is not made.
    pub(super) fn give_up(self, why: GivenUp) {
        if let Some(waiter) = self.waiter {
            // Whoever asked may have stopped waiting.
            let _ = waiter.send(Err(why));
        }
    }
}

/// Why a run was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    Timeout,
    EndCondition,
    /// A start came that takes its place.
    Replaced,
    Request,
    ShutDown,
}

impl StopReason {
    pub(crate) fn message(self) -> &'static str {
        match self {
            StopReason::Timeout => "it took longer than its timeout",
            StopReason::EndCondition => "its end condition is true",
            StopReason::Replaced => "a start that came meanwhile takes its place",
            StopReason::Request => "it was asked to end",
            StopReason::ShutDown => "the app shuts down",
        }
    }
}

/// A run has ended.
pub(crate) struct Ended {
    pub(crate) run: Arc<Run>,
    pub(crate) at: Timestamp,
    pub(crate) how: How,
    /// The process that the run had of its own.
    pub(crate) process: Option<ProcessEnd>,
    /// The result as JSON, for a log that keeps it.
    pub(crate) result: Option<Arc<str>>,
}

impl Ended {
    pub(crate) fn new(run: Arc<Run>, at: Timestamp, how: How) -> Self {
        Ended {
            run,
            at,
            how,
            process: None,
            result: None,
        }
    }
}

/// How a run ended.
pub(crate) enum How {
    Success(Value),
    Fail(Arc<str>),
    Inaction(Arc<str>),
    /// It was dropped before its end.
    CutOff,
}

impl How {
    pub(super) fn action(&self) -> Action {
        match self {
            How::Success(_) => Action::Success,
            How::Fail(_) => Action::Fail,
            How::Inaction(_) => Action::Inaction,
            How::CutOff => Action::Terminate,
        }
    }
}
