//! The types of requests and responses, apart from the views of the core.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::{
    Action, BackfillProgress, Cause, Execution, Phase, PlannedStart, ProcessEnd, Record, RunId, RunInfo,
    RunRef, Timestamp, Zone,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Information about the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppInfo {
    /// The name of the app.
    pub name: String,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// Whether it is running. If not, the API shows its code and its run log, and refuses to steer it.
    pub running: bool,
    /// The phase of a running app.
    pub phase: Option<Phase>,
    /// The process id.
    pub pid: u32,
    /// The working folder of the process.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub folder: PathBuf,
    /// The address of the run log, with passwords hidden, if it has one.
    pub log: Option<String>,
    /// The time zone of the app.
    pub zone: Zone,
    /// When the app started.
    pub started: Option<Timestamp>,
    /// The current time, by the clock of the app.
    pub now: Timestamp,
    /// The number of tasks.
    pub tasks: usize,
    /// The number of runs in progress.
    pub runs: usize,
}

/// A run, from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// The task.
    pub task: Arc<str>,
    /// The id of the run.
    pub run_id: RunId,
    /// `run` while it is in progress, then how it ended.
    pub status: Action,
    /// When it was due.
    pub due: Timestamp,
    /// When it started.
    pub start: Timestamp,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// How long it took, in microseconds; so far, if it is in progress.
    pub runtime_micros: u64,
    /// How long after its due time it started, in microseconds.
    pub lateness_micros: u64,
    /// The error, or the reason why it was terminated.
    pub message: Option<Arc<str>>,
    /// Its parameters, if a durable log has recorded them.
    #[cfg_attr(feature = "openapi", schema(value_type = Json))]
    pub params: Option<Json>,
    /// Its result, if a durable log has recorded it.
    #[cfg_attr(feature = "openapi", schema(value_type = Json))]
    pub result: Option<Json>,
    /// How its process ended, and its output.
    pub process: Option<ProcessEnd>,
    /// The version of the app that executed it.
    pub version: Option<String>,
    /// Why it started.
    pub cause: Cause,
    /// The runs that triggered it, such as those of the tasks that it follows.
    pub upstream: Vec<RunRef>,
    /// The runs that it triggered. Only present for a single run, not in a list of runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downstream: Option<Vec<RunRef>>,
    /// For a run in progress: its timeout, and why it was told to stop.
    pub under_way: Option<RunInfo>,
}

impl Run {
    /// Combines the records of the start and the end of a run.
    pub(crate) fn new(start: &Record, end: Option<&Record>, now: Timestamp) -> Self {
        let last = end.unwrap_or(start);
        let json = |text: Option<&str>| text.and_then(|text| serde_json::from_str(text).ok());
        let version = start.version().or(last.version());
        Run {
            task: start.task.clone(),
            run_id: start.run_id.clone(),
            status: last.action,
            due: start.due,
            start: start.start,
            end: end.map(|end| end.created),
            runtime_micros: micros(end.map_or(now, |end| end.created).since(start.start)),
            lateness_micros: micros(start.lateness()),
            message: last.message.clone(),
            params: json(start.params()),
            result: json(last.result()),
            process: last.process().cloned(),
            version: version.map(str::to_owned),
            cause: start.cause().cloned().unwrap_or_default(),
            upstream: start.upstream().to_vec(),
            downstream: None,
            under_way: None,
        }
    }

    /// Returns how long it took; so far, if it is in progress.
    pub fn runtime(&self) -> Duration {
        Duration::from_micros(self.runtime_micros)
    }

    /// Returns how long after its due time it started.
    pub fn lateness(&self) -> Duration {
        Duration::from_micros(self.lateness_micros)
    }
}

fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

/// A request for a run of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// Parameters of this run. A string is also parsed as a number, a Boolean or a name if the type needs
    /// one.
    pub params: BTreeMap<String, Json>,
    /// Whether to respond only when the run has ended.
    pub wait: bool,
    /// The caller, for the record of the run, unless the server has authenticated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A request for a pause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PauseRequest {
    /// When the pause ends by itself, such as `2h`: see [`instant`](crate::instant). Without it, the pause
    /// lasts until it is resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A request for a backfill: one run for each past instant at which a task was due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BackfillRequest {
    /// The first instant, such as `2026-01-01`, or `7d` for seven days ago: see [`instant`](crate::instant).
    pub from: String,
    /// The end of the range, exclusive. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whether to omit instants for which the run log has a run.
    pub missed: bool,
    /// The maximum number of concurrent runs. The default is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub at_a_time: Option<usize>,
    /// Whether to return only the plan.
    pub dry_run: bool,
    /// Whether to respond only when all runs have ended.
    pub wait: bool,
    /// The caller, for the records of the runs, unless the server has authenticated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A request to change the start or end condition of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatementRequest {
    /// The statement, such as `daily after 07:00`, of at most 2,000 bytes.
    pub statement: String,
}

/// A request to change the priority of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriorityRequest {
    /// The priority, from -1,000,000 to 1,000,000; other values are clamped. Tasks with a higher priority
    /// start first.
    pub priority: i64,
}

/// A request to change the timeout of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeoutRequest {
    /// The timeout, such as `10 minutes`, or `never`.
    pub timeout: String,
}

/// A request to change the maximum number of concurrent runs of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MaxRunningRequest {
    /// The number, from 1 to 1,000,000; larger values are clamped.
    pub count: u64,
}

/// A request to change where a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExecutionRequest {
    /// The execution.
    pub execution: Execution,
}

/// A request to change the value of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ParamRequest {
    /// The value. A string is also parsed as a number, a Boolean or a name if the type needs one, so a number
    /// beyond 2^53 can be sent as a string.
    pub value: Json,
}

/// A request to change the size of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolRequest {
    /// The size, from 1 to 1,000,000; larger values are clamped.
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub size: u64,
}

/// A request to shut the app down or to restart it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EndRequest {
    /// Whether to terminate the runs in progress instead of waiting for them.
    pub now: bool,
}

/// The response to a [`BackfillRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackfillAnswer {
    /// A description of what is done.
    pub message: String,
    /// The instants for which runs are made.
    pub instants: Vec<Timestamp>,
    /// Whether it was started.
    pub started: bool,
    /// The progress, if it was started.
    pub progress: Option<BackfillProgress>,
}

/// The next starts of a task or of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStarts {
    /// The requested task or statement.
    pub original: String,
    /// The start condition in canonical text.
    pub canonical: Option<String>,
    /// The time zone.
    pub zone: Zone,
    /// The starts, soonest first.
    pub starts: Vec<NextStart>,
    /// Why there are no more starts, if there are fewer than requested.
    pub end: Option<String>,
}

/// A predicted start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStart {
    /// When the run starts.
    pub at: Timestamp,
    /// When it is due. Jitter may delay its start.
    pub due: Timestamp,
    /// The effect of a change of the clock on the start, in words.
    pub clock_change: Option<String>,
}

impl From<PlannedStart> for NextStart {
    fn from(start: PlannedStart) -> Self {
        NextStart {
            at: start.at,
            due: start.due,
            clock_change: start.clock_change.map(|change| change.to_string()),
        }
    }
}

/// The response to a [`RunRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requested {
    /// The task.
    pub task: Arc<str>,
    /// The record of the end of the run, if the request waited for it.
    pub end: Option<Record>,
}

/// The response to an action on a task. The resulting state of the task is at `GET /api/tasks/{task}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    /// A sentence about what was done.
    pub message: String,
}

/// A number of records. Counting stops at a limit, so that the work does not grow with the log. If records
/// have to be read to be counted, such as those with a text in their message, at most 5,000 are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// The number, or the limit if there are more.
    pub count: u64,
    /// Whether there are more.
    pub more: bool,
}

/// Its text has thousands separators: `9,310`, or `10,000+` if there are more.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.count.to_string();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_char(',')?;
            }
            f.write_char(digit)?;
        }
        f.write_str(if self.more { "+" } else { "" })
    }
}
