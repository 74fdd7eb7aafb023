//! Serialisable views of tasks and runs, taken from the state in one step.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Session, Task};
use crate::engine::backfill::{BackfillProgress, OpenBackfill};
use crate::engine::event::SkipReason;
use crate::engine::hold::Hold;
use crate::engine::next_start::next_start;
use crate::engine::run::{Running, StopReason};
use crate::engine::standing::{holds, is_finished};
use crate::engine::state::State;
use crate::log::Action;
use crate::param::RunId;
use crate::task::{CatchUp, Execution, Status};
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// The state of a task at an instant: see [`Task::info`].
///
/// The field names are also those of its JSON and are stable; fields may be added.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct TaskInfo {
    /// The name.
    pub name: Arc<str>,
    /// The description of the task.
    pub description: Option<Arc<str>>,
    /// The status.
    pub status: Status,
    /// The start condition in canonical text.
    pub start: Option<String>,
    /// The end condition in canonical text.
    pub end: Option<String>,
    /// Where the task runs.
    pub execution: Execution,
    /// The time zone of its statements.
    pub zone: Zone,
    /// The priority. Tasks with a higher priority start first.
    pub priority: i32,
    /// The group that the task belongs to.
    pub group: Option<Arc<str>>,
    /// Whether the task is disabled.
    pub disabled: bool,
    /// Whether the task is paused: by itself, with its group, or with the app. `holds` says which, and until
    /// when.
    pub paused: bool,
    /// Whether its next scheduled start will be skipped: see [`Task::skip_next`].
    pub skips_next: bool,
    /// The maximum number of concurrent runs; `None` if there is no limit.
    pub max_running: Option<u32>,
    /// The pools that its runs use.
    pub pools: Vec<Arc<str>>,
    /// The lane that a cluster node must have to run the task: see
    /// [`TaskBuilder::lane`](crate::TaskBuilder::lane).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<Arc<str>>,
    /// The runs in progress, oldest first.
    pub running: Vec<RunInfo>,
    /// The number of requested runs that have not started.
    pub queued: usize,
    /// The backfill that is in progress.
    pub backfill: Option<BackfillProgress>,
    /// How missed starts are made up for: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    #[serde(default, with = "crate::choice::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub catch_up: Option<CatchUp>,
    /// The number of missed starts that are still to be made.
    #[serde(default)]
    pub catching_up: usize,
    /// The timeout of a run, such as `30 minutes`; `None` if there is none.
    #[serde(default)]
    pub timeout: Option<String>,
    /// When the task is due next by time alone: see [`Task::next_due`].
    pub next_due: Option<Timestamp>,
    /// Whether its start condition can't be true again: see [`Task::is_finished`].
    pub finished: bool,
    /// What prevents a run from starting: see [`Task::holds`].
    pub holds: Vec<Hold>,
    /// How often each action has happened, and when it last happened. Actions that never happened are
    /// omitted.
    pub actions: BTreeMap<Action, ActionInfo>,
    /// The number of starts that were due but did not happen, by reason. Reasons without any are omitted.
    pub skipped: BTreeMap<SkipReason, u64>,
}

/// How often an action of a task has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct ActionInfo {
    /// The number of times.
    pub count: u64,
    /// When it last happened.
    pub last: Option<Timestamp>,
}

/// A run in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct RunInfo {
    /// The task.
    pub task: Arc<str>,
    /// The id of the run.
    pub run_id: RunId,
    /// When the run was due.
    pub due: Timestamp,
    /// When the run started.
    pub start: Timestamp,
    /// When the timeout ends the run; `None` if never, or if the run waits to be recorded.
    pub deadline: Option<Timestamp>,
    /// Why the run was told to stop, if it was.
    pub stopping: Option<StopReason>,
}

/// A pool and its use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct PoolInfo {
    /// The name of the pool.
    pub name: Arc<str>,
    /// The maximum number of concurrent runs in the pool.
    pub size: usize,
    /// The number of runs in the pool.
    pub used: usize,
    /// The number of runs that wait for room.
    pub waiting: usize,
}

impl Session {
    /// Returns all pools: the pool of processes, the pool of threads, then those of the app, sorted by name.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().pool("db", 4).build()?.session();
    /// let db = session.pool_infos().into_iter().find(|pool| &*pool.name == "db").unwrap();
    /// assert_eq!((db.size, db.used, db.waiting), (4, 0, 0));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn pool_infos(&self) -> Vec<PoolInfo> {
        let state = self.state();
        let pools = state.pools.all();
        pools
            .map(|(name, size, used, waiting)| PoolInfo {
                name: name.clone(),
                size,
                used,
                waiting,
            })
            .collect()
    }

    /// Returns the state of all tasks at one instant, in the order in which they were declared.
    ///
    /// ```
    /// use rocketry::Session;
    ///
    /// fn overview(session: Session) {
    ///     for task in session.task_infos() {
    ///         println!("{}: {}, next due {:?}", task.name, task.status, task.next_due);
    ///     }
    /// }
    /// ```
    pub fn task_infos(&self) -> Vec<TaskInfo> {
        let now = self.now();
        let state = self.state();
        let ids = state.ids().filter(|id| !state.task(*id).deleted);
        ids.map(|id| task_info(&state, id, now)).collect()
    }

    /// Returns all runs in progress, by task and then oldest first.
    pub fn run_infos(&self) -> Vec<RunInfo> {
        let state = self.state();
        let runs = state.tasks.iter().flat_map(|entry| entry.runs.running.iter());
        runs.map(run_info).collect()
    }
}

impl Task {
    /// Returns the state of the task as one serialisable value.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// let report = app.session().task("report")?.info();
    /// assert_eq!(report.start.as_deref(), Some("daily after 07:00"));
    /// assert_eq!(report.next_due.unwrap().to_string(), "2026-01-02T07:00:00.000000Z");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn info(&self) -> TaskInfo {
        let now = self.session().now();
        task_info(&self.session().state(), self.id(), now)
    }

    /// Returns the number of starts of the task that were due but did not happen, since the app was built.
    pub fn skipped(&self, reason: SkipReason) -> u64 {
        self.session().state().skips.of(self.id())[reason as usize]
    }
}

fn task_info(state: &State, id: TaskId, now: Timestamp) -> TaskInfo {
    let entry = state.task(id);
    let spec = &entry.spec;
    let text = |statement: &crate::engine::spec::Statement| statement.condition.to_string();
    let pools = spec
        .rare
        .pools
        .iter()
        .map(|pool| state.pools.usage(*pool).0.clone());
    TaskInfo {
        name: spec.name.clone(),
        description: spec.rare.description.as_deref().map(Arc::from),
        status: Status::of(&entry.runs.history),
        start: spec.start.as_deref().map(text),
        end: spec.rare.end.as_deref().map(text),
        execution: spec.execution,
        zone: spec.zone,
        priority: entry.priority,
        group: spec.rare.group.clone(),
        lane: spec.rare.lane.clone(),
        disabled: entry.disabled,
        paused: state.longest_pause(id, now).is_some(),
        skips_next: state.skips.next.contains(&id),
        max_running: (spec.max_running < u32::MAX).then_some(spec.max_running),
        pools: pools.collect(),
        running: entry.runs.running.iter().map(run_info).collect(),
        queued: entry.queue.len(),
        backfill: state.backfills.of(id).map(OpenBackfill::progress),
        catch_up: spec.catch_up(),
        catching_up: state.catch_ups.left(id),
        timeout: (spec.timeout.0 < u64::MAX).then(|| spec.timeout.to_string()),
        next_due: next_start(state, id, now),
        finished: is_finished(state, id, now),
        holds: holds(state, id, now),
        actions: actions(state, id),
        skipped: skipped(state, id),
    }
}

fn actions(state: &State, id: TaskId) -> BTreeMap<Action, ActionInfo> {
    let history = &state.task(id).runs.history;
    let info = |action: Action| ActionInfo {
        count: history.total(action),
        last: history.last(action),
    };
    let all = Action::ALL.into_iter().map(|action| (action, info(action)));
    all.filter(|(_, info)| info.count > 0).collect()
}

fn skipped(state: &State, id: TaskId) -> BTreeMap<SkipReason, u64> {
    let counts = SkipReason::ALL.into_iter().zip(state.skips.of(id));
    counts.filter(|(_, count)| *count > 0).collect()
}

fn run_info(running: &Running) -> RunInfo {
    let run = &running.run;
    RunInfo {
        task: run.info.task.clone(),
        run_id: run.info.run_id.clone(),
        due: run.info.due,
        start: run.start,
        deadline: Some(running.deadline).filter(|deadline| *deadline < Timestamp::MAX),
        stopping: running.stopped,
    }
}
