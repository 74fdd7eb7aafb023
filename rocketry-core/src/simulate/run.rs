//! What happens in a simulation: runs, and starts that are not made.

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
    /// When it ended; `None` if it was under way at the end of the simulation.
    pub end: Option<Timestamp>,
    /// How it ended; [`Action::Run`] if it was under way at the end of the simulation.
    pub action: Action,
    /// Orders runs that start at the same instant.
    #[serde(skip)]
    pub(super) number: RunNumber,
}

impl SimulatedRun {
    /// How long after its due time the run started.
    pub fn lateness(&self) -> Duration {
        self.start.since(self.due)
    }
}

/// Starts that were due in a simulation and were not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SimulatedSkip {
    /// The name of the task.
    pub task: Arc<str>,
    /// When it was clear that the starts are not made.
    pub at: Timestamp,
    /// Why.
    pub reason: SkipReason,
    /// How many starts in a row.
    pub count: u64,
}
