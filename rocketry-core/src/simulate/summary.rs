//! What a simulation has found.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::run::{SimulatedRun, SimulatedSkip};
use crate::engine::event::SkipReason;
use crate::log::Action;
use crate::time::Timestamp;

/// The result of a [`Simulation`](crate::Simulation).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Simulated {
    /// The runs, by their starts.
    pub runs: Vec<SimulatedRun>,
    /// The starts that were due and were not made, in order.
    pub skipped: Vec<SimulatedSkip>,
    /// The totals.
    pub summary: SimulationSummary,
}

/// The totals of a simulation. Serialised, lengths of time are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SimulationSummary {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant that no longer belongs to the simulation, or when the app shut down.
    pub to: Timestamp,
    /// The tasks, as they were declared.
    pub tasks: Vec<TaskUse>,
    /// The pools that runs were in.
    pub pools: Vec<PoolUse>,
    /// The custom conditions that were taken to say yes.
    pub assumed: Vec<String>,
}

/// The runs of a task in a simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TaskUse {
    /// The name of the task.
    pub task: Arc<str>,
    /// How many runs started.
    pub starts: u64,
    /// How many runs ended, by how they ended. Ways without any are left out.
    pub ends: BTreeMap<Action, u64>,
    /// How many runs started late.
    pub late: u64,
    /// The lateness of all runs together.
    #[serde(serialize_with = "seconds")]
    pub lateness: Duration,
    /// The greatest lateness of a run.
    #[serde(serialize_with = "seconds")]
    pub max_lateness: Duration,
    /// How long the runs that ended took together.
    #[serde(serialize_with = "seconds")]
    pub busy: Duration,
    /// How many starts were due and were not made, by reason. Reasons without any are left out.
    pub skipped: BTreeMap<SkipReason, u64>,
}

/// The use of a pool in a simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PoolUse {
    /// The name of the pool.
    pub pool: Arc<str>,
    /// How many runs it has room for.
    pub size: usize,
    /// The most runs that were in it at a time.
    pub peak: usize,
    /// How long runs were in it, together. Divided by the time and the size, this is the use of the pool.
    #[serde(serialize_with = "seconds")]
    pub busy: Duration,
    /// For how long it was full.
    #[serde(serialize_with = "seconds")]
    pub full: Duration,
    /// How many runs started late in it.
    pub late: u64,
}

fn seconds<S: Serializer>(length: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(length.as_secs_f64())
}
