//! The result of a simulation, as read by a client.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::export::Entry;
use rocketry_core::{Action, SkipReason, Timestamp};
use serde::{Deserialize, Serialize};

/// The result of a simulation: the JSON of [`Simulated`](rocketry_core::Simulated).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Simulation {
    /// The runs, by start.
    pub runs: Vec<SimulatedRun>,
    /// The starts that are due but do not happen, in order.
    pub skipped: Vec<SkippedStart>,
    /// The totals.
    pub summary: Summary,
}

/// A simulated run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulatedRun {
    /// The task.
    pub task: Arc<str>,
    /// When it is due.
    pub due: Timestamp,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends; `None` if it is in progress at the end of the simulation.
    pub end: Option<Timestamp>,
    /// How it ends; `run` if it is in progress at the end of the simulation.
    pub action: Action,
}

/// An hour in which runs would start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hour {
    /// The day in the time zone: `2026-01-31`.
    pub day: String,
    /// The hour of the day, from 0 to 23.
    pub hour: u32,
    /// The number of runs that start in it.
    pub starts: u64,
}

impl From<&SimulatedRun> for Entry {
    fn from(run: &SimulatedRun) -> Self {
        let mut entry = Entry::new(run.task.clone(), run.start);
        entry.end = run.end;
        entry.action = Some(run.action).filter(|action| action.is_end());
        entry
    }
}

/// Starts that are due but do not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SkippedStart {
    /// The task.
    pub task: Arc<str>,
    /// When it is certain that they do not happen.
    pub at: Timestamp,
    /// The reason.
    pub reason: SkipReason,
    /// The number of consecutive starts.
    pub count: u64,
}

/// The totals of a simulation. Durations are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// The first instant.
    pub from: Timestamp,
    /// The end, exclusive.
    pub to: Timestamp,
    /// The tasks.
    pub tasks: Vec<TaskUse>,
    /// The pools that are used.
    pub pools: Vec<PoolUse>,
    /// The custom conditions that are assumed to be true.
    pub assumed: Vec<String>,
}

/// The runs of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskUse {
    /// The task.
    pub task: Arc<str>,
    /// The number of runs that start.
    pub starts: u64,
    /// The number of runs that end, by outcome.
    pub ends: BTreeMap<Action, u64>,
    /// The number of runs that start late.
    pub late: u64,
    /// The total lateness.
    pub lateness: f64,
    /// The greatest lateness.
    pub max_lateness: f64,
    /// The total duration.
    pub busy: f64,
    /// The number of starts that are due but do not happen, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
}

/// The use of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PoolUse {
    /// The pool.
    pub pool: Arc<str>,
    /// The size of the pool.
    pub size: usize,
    /// The maximum number of runs that are in it at the same time.
    pub peak: usize,
    /// The total time of runs in it.
    pub busy: f64,
    /// The total time during which it is full.
    pub full: f64,
    /// The number of runs that start late in it.
    pub late: u64,
}
