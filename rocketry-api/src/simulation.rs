//! The result of a simulation, as a client reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::export::Entry;
use rocketry_core::{Action, SkipReason, Timestamp};
use serde::{Deserialize, Serialize};

/// What would happen in a stretch of time: the JSON of [`Simulated`](rocketry_core::Simulated).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Simulation {
    /// The runs, by their starts.
    pub runs: Vec<SimulatedRun>,
    /// The starts that are due and are not made, in order.
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
    /// When it ends; `None` if it is under way at the end of the simulation.
    pub end: Option<Timestamp>,
    /// How it ends; `run` if it is under way at the end of the simulation.
    pub action: Action,
}

/// An hour in which runs would start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hour {
    /// The day, by the clock of the zone: `2026-01-31`.
    pub day: String,
    /// The hour of the day, from 0 to 23.
    pub hour: u32,
    /// How many runs start in it.
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

/// Starts that are due and are not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SkippedStart {
    /// The task.
    pub task: Arc<str>,
    /// When it is clear that they are not made.
    pub at: Timestamp,
    /// Why.
    pub reason: SkipReason,
    /// How many in a row.
    pub count: u64,
}

/// The totals of a simulation. Lengths of time are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant that no longer belongs to it.
    pub to: Timestamp,
    /// The tasks.
    pub tasks: Vec<TaskUse>,
    /// The pools that runs are in.
    pub pools: Vec<PoolUse>,
    /// The custom conditions that are taken to say yes.
    pub assumed: Vec<String>,
}

/// The runs of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskUse {
    /// The task.
    pub task: Arc<str>,
    /// How many runs start.
    pub starts: u64,
    /// How many end, by how they end.
    pub ends: BTreeMap<Action, u64>,
    /// How many start late.
    pub late: u64,
    /// The lateness of all together.
    pub lateness: f64,
    /// The greatest lateness.
    pub max_lateness: f64,
    /// How long they take together.
    pub busy: f64,
    /// How many starts are due and are not made, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
}

/// The use of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PoolUse {
    /// The pool.
    pub pool: Arc<str>,
    /// How many runs it has room for.
    pub size: usize,
    /// The most runs that are in it at a time.
    pub peak: usize,
    /// How long runs are in it, together.
    pub busy: f64,
    /// For how long it is full.
    pub full: f64,
    /// How many runs start late in it.
    pub late: u64,
}
