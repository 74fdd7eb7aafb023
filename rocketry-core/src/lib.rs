//! The runtime of Rocketry: periods, conditions, tasks and the scheduler.
//!
//! Use the crate `rocketry`, which adds the macros.
//!
//! `DESIGN.md` explains the order of the modules.

mod app;
pub mod check;
mod choice;
mod clock;
pub mod cluster;
pub mod cond;
mod config;
mod dispatch;
mod drops;
mod engine;
mod error;
mod exec;
pub mod explain;
pub mod export;
mod failure;
mod group;
mod hooks;
pub mod log;
#[cfg(feature = "openapi")]
mod openapi;
pub mod param;
mod preview;
mod registry;
mod scheduler;
mod session;
mod simulate;
mod stderr;
pub mod task;
mod task_id;
pub mod testing;
mod threads;
pub mod time;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use app::{App, Only, Rocketry, program_name};
pub use clock::Clock;
pub use cond::words as conds;
pub use cond::{CondWord, Condition};
pub use config::{Config, OnError, Restarting, TaskDefaults};
pub use dispatch::lag_meter::SchedulerLag;
pub use dispatch::live_output::Output;
pub use dispatch::log_meter::LogUse;
pub use engine::audit::AuditEntry;
pub use engine::backfill::BackfillProgress;
pub use engine::changed_option::Override;
pub use engine::event::{Event, Phase, SkipReason};
pub use engine::hold::Hold;
pub use engine::pause::{Pause, PauseScope};
pub use engine::run::StopReason;
pub use engine::task_option::TaskOption;
pub use error::{Error, Location, Problem, Result};
pub use exec::is_child;
pub use failure::{Failure, Part};
pub use group::Group;
pub use hooks::{Ended, Moment, Side};
pub use log::{Action, Cause, Exit, MemoryLog, ProcessEnd, Query, Record, RunLog, RunRef};
pub use param::{Params, RunId, TerminationFlag, Value};
pub use preview::{PlannedStart, Preview, PreviewEnd, preview};
pub use registry::TaskType;
pub use session::{
    ActionInfo, Due, Events, Now, OnExists, PoolInfo, Queued, RunInfo, Runs, SchedulerLogger, Session,
    SessionLog, SignatureParam, Task, TaskArg, TaskGroup, TaskInfo, TaskLogger, block_on,
};
pub use session::{Backfill, BackfillPlan};
pub use simulate::{
    PoolUse, Simulated, SimulatedEnd, SimulatedRun, SimulatedSkip, SimulatedStart, Simulation,
    SimulationSummary, TaskUse,
};
#[cfg(feature = "script")]
pub use task::CodeLimits;
pub use task::{CatchUp, OnCrash, Overlap};
pub use task::{Execution, FirstRun, Inaction, NewRun, Outcome, Returned, Status, TaskBuilder};
pub use time::{ClockChange, Dates, Timestamp, Zone};
