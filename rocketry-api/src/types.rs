//! What the API takes and returns, apart from the views of the core.

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

/// The app behind the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppInfo {
    /// The name of the app.
    pub name: String,
    /// Its version, if it has one.
    pub version: Option<String>,
    /// Whether it runs. Otherwise the API shows its code and its run log, and refuses to steer it.
    pub running: bool,
    /// The phase of a running app.
    pub phase: Option<Phase>,
    /// The process.
    pub pid: u32,
    /// The working folder of the process.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub folder: PathBuf,
    /// The address of the run log, with passwords hidden, if it has one.
    pub log: Option<String>,
    /// The zone of the app.
    pub zone: Zone,
    /// When the app started.
    pub started: Option<Timestamp>,
    /// The present, by the clock of the app.
    pub now: Timestamp,
    /// How many tasks it has.
    pub tasks: usize,
    /// How many runs are under way.
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
    /// `run` while it is under way, then how it ended.
    pub status: Action,
    /// When it was due.
    pub due: Timestamp,
    /// When it started.
    pub start: Timestamp,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// How long it took, in microseconds; so far, if it is under way.
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
    /// How its process ended, and what it printed.
    pub process: Option<ProcessEnd>,
    /// The version of the app that made it.
    pub version: Option<String>,
    /// What made it start.
    pub cause: Cause,
    /// The runs that let it start, such as those of the tasks that it comes after.
    pub upstream: Vec<RunRef>,
    /// The runs that its end let start; told of one run, not in a list of runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downstream: Option<Vec<RunRef>>,
    /// For a run under way: its timeout, and why it was told to stop.
    pub under_way: Option<RunInfo>,
}

impl Run {
    /// Puts a run together from the record of its start and that of its end.
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

    /// How long it took; so far, if it is under way.
    pub fn runtime(&self) -> Duration {
        Duration::from_micros(self.runtime_micros)
    }

    /// How long after its due time it started.
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
    /// Parameters of this run. A text can be read as any type that its letters spell.
    pub params: BTreeMap<String, Json>,
    /// Whether to answer when the run has ended, and not at once.
    pub wait: bool,
    /// Who requests the run, for its record, unless the server knows the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A request for a pause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PauseRequest {
    /// When the pause ends by itself, such as `2h`: see [`instant`](crate::instant). Without it, a person has to resume.
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
    /// The first instant that no longer belongs to it. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whether to leave out instants for which the run log has a run.
    pub missed: bool,
    /// How many runs are made at a time. The default is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub at_a_time: Option<usize>,
    /// Whether only to say what would be done.
    pub dry_run: bool,
    /// Whether to answer when all runs have ended, and not at once.
    pub wait: bool,
    /// Who asks for it, for the records of the runs, unless the server knows the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A request for another start or end condition of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatementRequest {
    /// The statement, such as `daily after 07:00`. It has at most 2,000 bytes.
    pub statement: String,
}

/// A request for another priority of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriorityRequest {
    /// The priority: the greater goes first. It is from -1,000,000 to 1,000,000; what is beyond counts as the nearest.
    pub priority: i64,
}

/// A request for another timeout of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeoutRequest {
    /// How long a run may take, such as `10 minutes`, or `never` if it may take as long as it needs.
    pub timeout: String,
}

/// A request for another number of runs that a task may have under way at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MaxRunningRequest {
    /// The number: at least 1. More than 1,000,000 counts as that.
    pub count: u64,
}

/// A request for another place where runs of a task execute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExecutionRequest {
    /// The place.
    pub execution: Execution,
}

/// A request for another value of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ParamRequest {
    /// The value. A text can be read as any type that its letters spell, so a number beyond 2^53 is sent as a text.
    pub value: Json,
}

/// A request for another size of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolRequest {
    /// How many runs it has room for: at least 1. More than 1,000,000 counts as that.
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub size: u64,
}

/// A request for the end of the app, or for its restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EndRequest {
    /// Whether the runs under way are terminated and not waited for.
    pub now: bool,
}

/// The answer to a [`BackfillRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackfillAnswer {
    /// What is done, in words.
    pub message: String,
    /// The instants for which runs are made.
    pub instants: Vec<Timestamp>,
    /// Whether it was started.
    pub started: bool,
    /// How far it is, if it was started.
    pub progress: Option<BackfillProgress>,
}

/// The next starts of a task or of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStarts {
    /// What was asked for.
    pub original: String,
    /// The start condition in canonical text.
    pub canonical: Option<String>,
    /// The zone whose wall clock it follows.
    pub zone: Zone,
    /// The starts, soonest first.
    pub starts: Vec<NextStart>,
    /// Why there are no more, if there are fewer than were asked for.
    pub end: Option<String>,
}

/// A start that is foreseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStart {
    /// When the run starts.
    pub at: Timestamp,
    /// When it is due. Jitter may start it later.
    pub due: Timestamp,
    /// How a change of the clock affects the start, in words.
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

/// The answer to a [`RunRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requested {
    /// The task.
    pub task: Arc<str>,
    /// The record of the end of the run, if the request waited for it.
    pub end: Option<Record>,
}

/// The answer to an action on a task: the task as it stands now is at `GET /api/tasks/{task}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    /// What was done, in a sentence.
    pub message: String,
}

/// A number of records. It is counted up to a limit, so that the work does not grow with the log. Where records have to be read to
/// be counted, such as those with a text in their message, 5,000 are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// The number, or how far it was counted if there are more.
    pub count: u64,
    /// Whether there are more.
    pub more: bool,
}

/// Its text has separators: `9,310`, or `10,000+` if there are more.
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
