//! Why a run that is due, or was requested, does not start.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pause::{Pause, PauseScope};
use crate::time::Timestamp;

/// What kept a run from starting, as decided. One byte; [`Hold`] has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldBy {
    /// The app starts up, shuts down or restarts, or another node leads.
    Phase,
    /// The task, its group or the app is paused.
    Paused,
    Disabled,
    /// The task has as many concurrent runs as it may.
    Running,
    /// The run log can't be written.
    Log,
    /// A pool of the task is full.
    Pool,
    /// The start is deferred by jitter.
    Jitter,
    /// The app has crashed several times in a row while the task ran.
    Crashes,
    /// The last runs have failed, and the start condition stays true.
    Failures,
}

/// Why a run of a task does not start now.
///
/// Its text completes the sentence "the run waits for …".
///
/// ```
/// use rocketry::{Hold, Rocketry, testing::TestApp};
///
/// let app = Rocketry::builder().func("report", "daily", || async {});
/// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
/// let report = app.session().task("report")?;
/// report.disable();
/// assert_eq!(report.holds(), [Hold::Disabled]);
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hold {
    /// The app is a node of a [cluster](crate::Rocketry::cluster), and another node leads: that one decides what starts.
    NotLeader {
        /// The name of the node that leads, if it is known.
        leader: Option<Arc<str>>,
    },
    /// The app has not been started, so nothing runs.
    NotRunning,
    /// The app starts up: only its start-up tasks run.
    StartingUp,
    /// The app shuts down.
    ShuttingDown,
    /// The app restarts.
    Restarting,
    /// The app runs only what is requested: see [`App::only`](crate::App::only).
    OnlyRequested,
    /// The task, its group or the app is paused: see [`Task::pause`](crate::Task::pause).
    Paused {
        /// What is paused.
        of: PauseScope,
        /// Since when.
        since: Timestamp,
        /// When the pause ends by itself; `None` if not.
        until: Option<Timestamp>,
    },
    /// The task is disabled.
    Disabled,
    /// The task has as many concurrent runs as it may.
    Running {
        /// The number of runs under way.
        running: usize,
        /// The maximum number of concurrent runs.
        limit: usize,
    },
    /// A pool of the task is full.
    Pool {
        /// The name of the pool.
        pool: Arc<str>,
        /// How many runs are in the pool.
        used: usize,
        /// How many runs the pool has room for.
        size: usize,
        /// How many other runs wait for the pool with a higher priority, or with the same priority and for longer.
        ahead: usize,
    },
    /// The run log can't be written.
    Log {
        /// Since when.
        since: Timestamp,
        /// Why the last write failed.
        reason: String,
    },
    /// The start is delayed by the task's [`jitter`](crate::TaskBuilder::jitter).
    Jitter {
        /// When the start is made.
        until: Timestamp,
    },
    /// The start came while the task still ran, and waits by the task's [`overlap`](crate::TaskBuilder::overlap).
    Overlap,
    /// The app has crashed several times in a row while the task ran: the task pauses before it starts again, twice as
    /// long each time.
    Crashes {
        /// How often in a row.
        crashes: u32,
        /// When the pause is over.
        until: Timestamp,
    },
    /// The last run has failed, and the start condition stays true: the task pauses before it starts again, twice as long
    /// after each further failure. See [`pause_after_failure`](crate::Config::pause_after_failure).
    Failures {
        /// How many runs have failed in a row.
        failures: u32,
        /// When the pause is over.
        until: Timestamp,
    },
    /// The task has never run, and its first run waits for the next period: see [`FirstRun`](crate::FirstRun).
    FirstRun {
        /// Since when the task waits.
        since: Timestamp,
    },
    /// The task is finished: its start condition can't be true again. It has had as many runs as it may, or its last date has
    /// gone by.
    Finished,
}

impl Hold {
    /// The kind of hold in snake case, as in its JSON: `disabled`, `pool`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Hold::NotLeader { .. } => "not_leader",
            Hold::NotRunning => "not_running",
            Hold::StartingUp => "starting_up",
            Hold::ShuttingDown => "shutting_down",
            Hold::Restarting => "restarting",
            Hold::OnlyRequested => "only_requested",
            Hold::Paused { .. } => "paused",
            Hold::Disabled => "disabled",
            Hold::Running { .. } => "running",
            Hold::Pool { .. } => "pool",
            Hold::Log { .. } => "log",
            Hold::Jitter { .. } => "jitter",
            Hold::Overlap => "overlap",
            Hold::Crashes { .. } => "crashes",
            Hold::Failures { .. } => "failures",
            Hold::FirstRun { .. } => "first_run",
            Hold::Finished => "finished",
        }
    }

    /// Whether a run is known to wait: it is due or was requested. The other holds say what would keep one from starting.
    pub fn has_run(&self) -> bool {
        matches!(
            self,
            Hold::Pool { .. }
                | Hold::Log { .. }
                | Hold::Jitter { .. }
                | Hold::Overlap
                | Hold::Crashes { .. }
                | Hold::Failures { .. }
        )
    }
}

impl From<&Pause> for Hold {
    fn from(pause: &Pause) -> Self {
        let Pause { scope, since, until } = pause;
        Hold::Paused {
            of: scope.clone(),
            since: *since,
            until: *until,
        }
    }
}

impl Hold {
    /// When it is over by time alone, if it is.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Hold::Jitter { until } | Hold::Crashes { until, .. } => Some(*until),
            Hold::Paused { until, .. } => *until,
            _ => None,
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hold::NotLeader { leader } => write_leader(f, leader.as_deref()),
            Hold::NotRunning => f.write_str("the start of the app, which does not run"),
            Hold::StartingUp => f.write_str("the end of the start-up"),
            Hold::ShuttingDown => f.write_str("the next start of the app, which shuts down"),
            Hold::Restarting => f.write_str("the restart of the app"),
            Hold::OnlyRequested => f.write_str("a request, since the app runs only what is requested"),
            Hold::Paused { of, since, until } => match until {
                None => write!(f, "{of} to be resumed, which is paused since {since}"),
                Some(until) => write!(f, "the end of the pause of {of} at {until}"),
            },
            Hold::Disabled => f.write_str("the task to be enabled"),
            Hold::Running { .. } | Hold::Overlap => f.write_str("the end of a run under way"),
            Hold::Pool { pool, used, size, .. } => {
                write!(f, "room in the pool `{pool}`, where {used} of {size} are in use")
            }
            Hold::Log { since, reason } => {
                write!(f, "the run log, which can't be written since {since}: {reason}")
            }
            Hold::Jitter { until } => write!(f, "its jitter, until {until}"),
            Hold::Crashes { crashes, until } => {
                write!(
                    f,
                    "the end of its pause at {until}, because the app has crashed {crashes} times in a row while it ran"
                )
            }
            Hold::Failures { failures, until } => {
                write!(f, "the end of its pause at {until}, because its last ")?;
                match failures {
                    1 => f.write_str("run has failed"),
                    _ => write!(f, "{failures} runs have failed"),
                }
            }
            Hold::Finished => f.write_str("a request, since its start condition can't be true again"),
            Hold::FirstRun { since } => write!(f, "the next period after {since}, when the task was added"),
        }
    }
}

/// What a node that stands by waits for.
fn write_leader(f: &mut fmt::Formatter<'_>, leader: Option<&str>) -> fmt::Result {
    match leader {
        None => f.write_str("this node to lead the cluster, of which no node is known to lead"),
        Some(leader) => write!(
            f,
            "this node to lead, since `{leader}` leads the cluster and starts the tasks"
        ),
    }
}
