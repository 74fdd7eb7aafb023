//! The results of a simulation: runs, and skipped starts.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::engine::event::SkipReason;
use crate::engine::run::RunNumber;
use crate::log::Action;
use crate::time::Timestamp;

/// A simulated run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SimulatedRun {
    /// The name of the task.
    pub task: Arc<str>,
    /// When the run was due.
    pub due: Timestamp,
    /// When it started.
    pub start: Timestamp,
    /// When it ended; `None` if it was in progress at the end of the simulation.
    pub end: Option<Timestamp>,
    /// How it ended; [`Action::Run`] if it was in progress at the end of the simulation.
    pub action: Action,
    /// Orders runs that start at the same instant.
    #[serde(skip)]
    pub(super) number: RunNumber,
}

impl SimulatedRun {
    /// Returns how long after its due time the run started.
    pub fn lateness(&self) -> Duration {
        self.start.since(self.due)
    }
}

/// Starts that were due in a simulation but did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SimulatedSkip {
    /// The name of the task.
    pub task: Arc<str>,
    /// When it was certain that the starts would not happen.
    pub at: Timestamp,
    /// The reason.
    pub reason: SkipReason,
    /// The number of consecutive starts.
    pub count: u64,
}
