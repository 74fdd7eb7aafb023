//! The result of a simulation.

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
    /// The runs, by start.
    pub runs: Vec<SimulatedRun>,
    /// The starts that were due but did not happen, in order.
    pub skipped: Vec<SimulatedSkip>,
    /// The totals.
    pub summary: SimulationSummary,
}

/// The totals of a simulation. Serialised, durations are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SimulationSummary {
    /// The first instant.
    pub from: Timestamp,
    /// The end of the simulation, exclusive: the requested end, or when the app shut down.
    pub to: Timestamp,
    /// The tasks, in the order in which they were declared.
    pub tasks: Vec<TaskUse>,
    /// The pools that were used.
    pub pools: Vec<PoolUse>,
    /// The custom conditions that were assumed to be true.
    pub assumed: Vec<String>,
}

/// The runs of a task in a simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TaskUse {
    /// The name of the task.
    pub task: Arc<str>,
    /// The number of runs that started.
    pub starts: u64,
    /// The number of runs that ended, by outcome. Outcomes without any are omitted.
    pub ends: BTreeMap<Action, u64>,
    /// The number of runs that started late.
    pub late: u64,
    /// The total lateness of all runs.
    #[serde(serialize_with = "seconds")]
    pub lateness: Duration,
    /// The greatest lateness of a run.
    #[serde(serialize_with = "seconds")]
    pub max_lateness: Duration,
    /// The total duration of the runs that ended.
    #[serde(serialize_with = "seconds")]
    pub busy: Duration,
    /// The number of starts that were due but did not happen, by reason. Reasons without any are omitted.
    pub skipped: BTreeMap<SkipReason, u64>,
}

/// The use of a pool in a simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PoolUse {
    /// The name of the pool.
    pub pool: Arc<str>,
    /// The size of the pool.
    pub size: usize,
    /// The maximum number of runs that were in it at the same time.
    pub peak: usize,
    /// The total time of runs in it. Divided by the elapsed time and the size, this is the utilisation of the
    /// pool.
    #[serde(serialize_with = "seconds")]
    pub busy: Duration,
    /// The total time during which it was full.
    #[serde(serialize_with = "seconds")]
    pub full: Duration,
    /// The number of runs that started late in it.
    pub late: u64,
}

fn seconds<S: Serializer>(length: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(length.as_secs_f64())
}
