//! Holds: why a run that is due or was requested does not start.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pause::{Pause, PauseScope};
use crate::time::Timestamp;

/// What prevented a run from starting, according to the decision. It takes one byte; [`Hold`] has the
/// details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldBy {
    /// The app is starting up, shutting down or restarting, or another node leads.
    Phase,
    /// The task, its group or the app is paused.
    Paused,
    Disabled,
    /// The task has its maximum number of concurrent runs.
    Running,
    /// The run log can't be written.
    Log,
    /// A pool of the task is full.
    Pool,
    /// The start is deferred by jitter.
    Jitter,
    /// The app has crashed several times in a row while the task ran.
    Crashes,
    /// The last runs have failed, and the start condition is still true.
    Failures,
}

/// Why a run of a task can't start now.
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
    /// The app is a node of a [cluster](crate::Rocketry::cluster), and another node leads, which decides what
    /// starts.
    NotLeader {
        /// The name of the leader, if known.
        leader: Option<Arc<str>>,
    },
    /// The app has not been started, so nothing runs.
    NotRunning,
    /// The app is starting up: only its start-up tasks run.
    StartingUp,
    /// The app is shutting down.
    ShuttingDown,
    /// The app is restarting.
    Restarting,
    /// The app runs only what is requested: see [`App::only`](crate::App::only).
    OnlyRequested,
    /// The task, its group or the app is paused: see [`Task::pause`](crate::Task::pause).
    Paused {
        /// What is paused.
        of: PauseScope,
        /// When the pause began.
        since: Timestamp,
        /// When the pause ends by itself; `None` if it does not.
        until: Option<Timestamp>,
    },
    /// The task is disabled.
    Disabled,
    /// The task has its maximum number of concurrent runs.
    Running {
        /// The number of runs in progress.
        running: usize,
        /// The maximum number of concurrent runs.
        limit: usize,
    },
    /// A pool of the task is full.
    Pool {
        /// The name of the pool.
        pool: Arc<str>,
        /// The number of runs in the pool.
        used: usize,
        /// The maximum number of runs in the pool.
        size: usize,
        /// The number of waiting runs with a higher priority, or with the same priority and a longer wait.
        ahead: usize,
    },
    /// The run log can't be written.
    Log {
        /// When this began.
        since: Timestamp,
        /// The error of the last write.
        reason: String,
    },
    /// The start is delayed by the task's [`jitter`](crate::TaskBuilder::jitter).
    Jitter {
        /// The time of the delayed start.
        until: Timestamp,
    },
    /// The start fell due while the task was running, and waits because of the task's
    /// [`overlap`](crate::TaskBuilder::overlap).
    Overlap,
    /// The app has crashed several times in a row while the task ran. The task pauses before its next start,
    /// twice as long after each further crash.
    Crashes {
        /// The number of consecutive crashes.
        crashes: u32,
        /// When the pause ends.
        until: Timestamp,
    },
    /// The last run has failed, and the start condition is still true. The task pauses before its next start,
    /// twice as long after each further failure. See
    /// [`pause_after_failure`](crate::Config::pause_after_failure).
    Failures {
        /// The number of consecutive failures.
        failures: u32,
        /// When the pause ends.
        until: Timestamp,
    },
    /// The task has never run, and its first run waits for the next period: see [`FirstRun`](crate::FirstRun).
    FirstRun {
        /// When the wait began.
        since: Timestamp,
    },
    /// The task is finished: its start condition can't be true again, because the task has used up its runs
    /// or its last date has passed.
    Finished,
}

impl Hold {
    /// Returns the kind of the hold in snake case, as in its JSON: `disabled`, `pool`.
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

    /// Returns whether a run is known to wait because it is due or was requested. Other holds only say what
    /// would prevent a start.
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
    /// Returns when the hold ends by time alone, if it does.
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
                None => write!(f, "{of} to be resumed, which has been paused since {since}"),
                Some(until) => write!(f, "the end of the pause of {of} at {until}"),
            },
            Hold::Disabled => f.write_str("the task to be enabled"),
            Hold::Running { .. } | Hold::Overlap => f.write_str("the end of a run under way"),
            Hold::Pool { pool, used, size, .. } => {
                write!(f, "room in the pool `{pool}`, where {used} of {size} are in use")
            }
            Hold::Log { since, reason } => {
                write!(f, "the run log, not writable since {since}: {reason}")
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

/// The hold of a node that stands by, in words.
fn write_leader(f: &mut fmt::Formatter<'_>, leader: Option<&str>) -> fmt::Result {
    match leader {
        None => f.write_str("this node to lead the cluster, of which no node is known to lead"),
        Some(leader) => write!(
            f,
            "this node to lead, since `{leader}` leads the cluster and starts the tasks"
        ),
    }
}
