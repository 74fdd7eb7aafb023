//! A statement-based scheduling framework: the compiler checks the statements that say when tasks run.
//!
//! ```no_run
//! use rocketry::prelude::*;
//!
//! #[task("every 10 seconds")]
//! async fn heartbeat() {
//!     println!("still here");
//! }
//!
//! #[task(daily.after("07:00") & after_success(heartbeat))]
//! fn report(now: Now) {
//!     println!("good morning, it is {}", now.format("%H:%M"));
//! }
//!
//! fn main() -> rocketry::Result<()> {
//!     Rocketry::new().run()
//! }
//! ```
//!
//! # Features
//!
//! No feature is on by default.
//!
//! | feature | adds |
//! |---|---|
//! | `cli` | [`CommandLine`]: `Rocketry::new().cli()` a command line that inspects and steers the running app |
//! | `config-file` | [`Rocketry::config_file`], [`Config::with_toml`]: settings from a TOML file |
//! | `csv` | `app.log("csv:tasks.csv")`: the run log as a CSV file |
//! | `dashboard` | `app.dashboard("127.0.0.1:8710")`: a web dashboard and the HTTP API |
//! | `email` | `notify::Email`: notifications by e-mail |
//! | `nats` | `app.cluster("nats://a:4222,b:4222,c:4222/name")`: several nodes, coordinated through NATS JetStream |
//! | `notify` | `app.notifications(…)`: notifications about failures, late starts and overruns, through webhooks and functions |
//! | `sqlite` | `app.log("sqlite:app.db")`: the run log in an SQLite file, which is compiled in and needs a C compiler |
//! | `postgres` | `app.log("postgres://user@host/database")`: the run log in a PostgreSQL database; `app.cluster("postgres://…")`: several nodes |
//! | `postgres-tls` | the same over TLS |
//! | `script` | `Task::code`, `Task::script`: tasks whose code is text, in Rhai |
//!
//! # Where to start
//!
//! [`Rocketry`] builds an app, [`conds`] documents the words of statements, [`Session`] is the handle to a running app,
//! and [`testing`] runs an app on manual time.

#[cfg(feature = "cli")]
pub use rocketry_api as api;
#[cfg(feature = "cli")]
pub use rocketry_cli::CommandLine;
#[cfg(feature = "nats")]
pub use rocketry_cluster::NatsCluster;
#[cfg(feature = "postgres")]
pub use rocketry_cluster::PostgresCluster;
#[cfg(feature = "script")]
pub use rocketry_core::CodeLimits;
pub use rocketry_core::{
    Action, App, CatchUp, Cause, Clock, CondWord, Condition, Config, Dates, Due, Ended, Error, Execution,
    Failure, FirstRun, Group, Hold, Inaction, Location, LogUse, MemoryLog, Moment, NewRun, Now, OnCrash,
    OnError, OnExists, Only, Outcome, Output, Overlap, Params, Part, Problem, Query, Queued, Record,
    Restarting, Result, Returned, Rocketry, RunId, RunLog, RunRef, Runs, SchedulerLag, SchedulerLogger,
    Session, SessionLog, Side, Status, Task, TaskArg, TaskBuilder, TaskDefaults, TaskLogger, TaskType,
    TerminationFlag, Timestamp, Value, Zone,
};
pub use rocketry_core::{
    ActionInfo, Event, Events, Phase, PoolInfo, RunInfo, SignatureParam, SkipReason, StopReason, TaskInfo,
};
pub use rocketry_core::{AuditEntry, Backfill, BackfillPlan, BackfillProgress};
pub use rocketry_core::{ClockChange, PlannedStart, Preview, PreviewEnd, preview};
pub use rocketry_core::{Exit, ProcessEnd, block_on, is_child, program_name};
pub use rocketry_core::{Override, TaskOption};
pub use rocketry_core::{Pause, PauseScope, TaskGroup};
pub use rocketry_core::{
    PoolUse, Simulated, SimulatedEnd, SimulatedRun, SimulatedSkip, SimulatedStart, Simulation,
    SimulationSummary, TaskUse,
};
pub use rocketry_core::{
    check, cluster, cond, conds, explain, export, func, log, param, params, register_log, testing, time,
};
#[cfg(feature = "dashboard")]
pub use rocketry_dashboard as dashboard;
pub use rocketry_macros::{cond, hook, param, setup, task};
#[cfg(feature = "notify")]
pub use rocketry_notify as notify;
#[cfg(feature = "postgres")]
pub use rocketry_sql::PostgresLog;
#[cfg(feature = "sqlite")]
pub use rocketry_sql::{SqliteLog, Synchronous};

#[doc(hidden)]
pub use rocketry_core::__private;

/// The common imports of an app: `use rocketry::prelude::*;`.
pub mod prelude {
    pub use chrono::{Datelike as _, Timelike as _};

    #[cfg(feature = "cli")]
    pub use crate::CommandLine as _;
    #[cfg(feature = "dashboard")]
    pub use crate::dashboard::WithDashboard as _;
    #[cfg(feature = "notify")]
    pub use crate::notify::WithNotifications as _;
    pub use crate::param::{Arg, CliArg, EnvArg, FuncArg, Params, Return, SimpleArg};
    pub use crate::{
        Condition, Config, Due, Ended, Group, Inaction, Now, Query, Rocketry, RunId, SchedulerLogger,
        Session, SessionLog, Side, Status, Task, TaskBuilder, TaskLogger, TerminationFlag,
    };
    pub use crate::{cond, func, hook, param, params, setup, task};
}

/// Compiles the examples in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
