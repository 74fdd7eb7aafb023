//! The state of a running app: its components, and the tasks to decide.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_syntax::ast::Delta;

use super::absent_tasks::AbsentTasks;
use super::audit::Audit;
use super::backfill::Backfills;
use super::catch_up::CatchUps;
use super::condition_results::ConditionResults;
use super::crashes::Crashes;
use super::deferred::DeferredStarts;
use super::entry::TaskEntry;
use super::event::EventQueue;
pub(crate) use super::event::Phase;
use super::facts::DurableFacts;
use super::lead::Lead;
use super::log_gate::LogGate;
use super::names::Names;
use super::pause::Pauses;
use super::pools::Pools;
use super::ready_queue::ReadyQueue;
use super::refusals::Refusals;
use super::run::RunNumber;
use super::skip_counts::Skips;
use super::task_table::TaskTable;
use super::unique::UniqueRequests;
use super::waiters::Waiters;
use crate::cond::Facts;
use crate::config::{Config, Restarting};
use crate::log::History;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// Everything that changes while an app runs.
pub(crate) struct State {
    pub(crate) tasks: TaskTable,
    pub(crate) names: Names,
    pub(crate) params: Params,
    pub(crate) pools: Pools,
    pub(crate) log_gate: LogGate,
    /// The lead of the app's cluster, if the app is a node.
    pub(crate) lead: Lead,
    pub(crate) facts: DurableFacts,
    /// Values that extensions store in the run log, as JSON.
    pub(crate) notes: BTreeMap<Arc<str>, Arc<str>>,
    pub(crate) absent: AbsentTasks,
    /// The current settings.
    pub(crate) settings: Arc<Config>,
    /// Whether the scheduler has not seen them yet.
    pub(crate) has_new_settings: bool,
    pub(crate) startup: Timestamp,
    /// Whether the app has started up, before any restart.
    pub(crate) is_started: bool,
    /// When the app last ended in an orderly way, as far as is known.
    pub(crate) ended: Option<Timestamp>,
    pub(crate) cycles: u64,
    pub(crate) phase: Phase,
    pub(crate) ready: ReadyQueue,
    /// The last results of custom conditions.
    pub(crate) asked: ConditionResults,
    /// The tasks whose statements mention parameters.
    pub(crate) on_params: Vec<TaskId>,
    /// The tasks whose statements mention the scheduler's cycles.
    pub(crate) on_cycles: Vec<TaskId>,
    pub(crate) waiters: Waiters,
    pub(crate) refusals: Refusals,
    pub(crate) events: EventQueue,
    pub(crate) skips: Skips,
    pub(crate) deferred: DeferredStarts,
    pub(crate) crashes: Crashes,
    pub(crate) pauses: Pauses,
    pub(crate) backfills: Backfills,
    pub(crate) audit: Audit,
    pub(crate) catch_ups: CatchUps,
    pub(crate) unique: UniqueRequests,
    /// Whether only requested runs start.
    pub(crate) only_requested: bool,
    /// The task whose run shuts the app down, if there is one.
    pub(crate) ends_app: Option<TaskId>,
    /// How the app restarts once it has wound up, if it does.
    pub(crate) restart: Option<Restarting>,
    /// The number of runs in progress.
    pub(crate) active: usize,
    pub(crate) next_run: RunNumber,
}

/// The parts that an app is built from.
type Parts = (Vec<TaskEntry>, Names, Params, Pools);

impl State {
    /// The state of an app that has not started yet.
    pub(crate) fn new((tasks, names, params, pools): Parts, config: &Config, now: Timestamp) -> Self {
        State {
            tasks: tasks.into(),
            names,
            params,
            pools,
            log_gate: LogGate::default(),
            lead: Lead::default(),
            facts: DurableFacts::default(),
            notes: BTreeMap::new(),
            absent: AbsentTasks::new(),
            settings: Arc::new(config.clone()),
            has_new_settings: false,
            startup: now,
            is_started: false,
            ended: None,
            cycles: 0,
            phase: Phase::Starting,
            ready: ReadyQueue::default(),
            asked: ConditionResults::default(),
            on_params: Vec::new(),
            on_cycles: Vec::new(),
            waiters: Waiters::default(),
            refusals: Refusals::default(),
            events: EventQueue::default(),
            skips: Skips::new(config.log_skips),
            deferred: DeferredStarts::default(),
            crashes: Crashes::default(),
            pauses: Pauses::default(),
            backfills: Backfills::default(),
            audit: Audit::default(),
            catch_ups: CatchUps::default(),
            unique: UniqueRequests::default(),
            only_requested: false,
            ends_app: None,
            restart: None,
            active: 0,
            next_run: u64::try_from(now.as_micros()).unwrap_or(0),
        }
    }

    /// The ids of the tasks, in the order in which they were declared. Deleted ones are left out if nothing can see them.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        self.tasks.ids()
    }

    /// The task of this name, or of one whose last segment it is.
    ///
    /// # Errors
    ///
    /// Says that the name is unknown, with the nearest one, or that it is ambiguous.
    pub(crate) fn find(&self, name: &str) -> Result<TaskId, String> {
        self.names.find(name, |id| &self.task(id).spec.name)
    }

    /// The same, or `None` if the name is unknown: to find the nearest one takes long with many tasks.
    pub(crate) fn known(&self, name: &str) -> Option<Result<TaskId, String>> {
        self.names.known(name, |id| &self.task(id).spec.name)
    }

    /// The task of exactly this name.
    pub(crate) fn find_exact(&self, name: &str) -> Option<TaskId> {
        self.names.exact(name, |id| &self.task(id).spec.name)
    }

    /// The name with the lowest number that no task has.
    pub(crate) fn numbered(&mut self, name: &str) -> String {
        let tasks = &self.tasks;
        self.names.numbered(name, |id| &tasks[id].spec.name)
    }

    /// Adds the name of a task, and the one it was declared with if that is another.
    ///
    /// # Errors
    ///
    /// Returns the task that has the name already.
    pub(crate) fn add_name(&mut self, name: &str, declared: Option<&str>, id: TaskId) -> Result<(), TaskId> {
        let tasks = &self.tasks;
        self.names.add(name, declared, id, |id| &tasks[id].spec.name)
    }

    pub(crate) fn task(&self, id: TaskId) -> &TaskEntry {
        &self.tasks[id]
    }

    pub(crate) fn task_mut(&mut self, id: TaskId) -> &mut TaskEntry {
        &mut self.tasks[id]
    }

    /// Puts a task into the ready queue, unless it is there.
    #[inline]
    pub(crate) fn mark(&mut self, id: TaskId) {
        let entry = &mut self.tasks[id];
        if !entry.dirty {
            entry.dirty = true;
            self.ready.add((Reverse(entry.priority), id));
        }
    }

    /// Puts a task and all whose statements mention it into the ready queue.
    #[inline]
    pub(crate) fn mark_with_dependents(&mut self, id: TaskId) {
        self.mark(id);
        self.mark_dependents(id);
    }

    /// Puts the tasks whose statements mention a task into the ready queue.
    #[inline]
    fn mark_dependents(&mut self, id: TaskId) {
        let mut index = 0;
        while let Some(dependent) = self.tasks[id].dependents.get(index) {
            self.mark(dependent);
            index += 1;
        }
    }

    /// Has the tasks decided for whose statements a start of this one counts.
    #[inline]
    pub(crate) fn mark_dependents_on_start(&mut self, id: TaskId) {
        let mut index = 0;
        while let Some(dependent) = self.tasks[id].dependents.get_on_start(index) {
            self.mark(dependent);
            index += 1;
        }
    }

    pub(crate) fn mark_all(&mut self) {
        self.ids().for_each(|id| self.mark(id));
    }

    pub(crate) fn mark_on_params(&mut self) {
        for index in 0..self.on_params.len() {
            self.mark(self.on_params[index]);
        }
    }

    pub(crate) fn mark_on_cycles(&mut self) {
        for index in 0..self.on_cycles.len() {
            self.mark(self.on_cycles[index]);
        }
    }

    /// Takes the next task of a cycle out of the ready queue.
    #[inline]
    pub(crate) fn take_ready(&mut self) -> Option<TaskId> {
        let id = self.ready.take()?;
        self.tasks[id].dirty = false;
        Some(id)
    }

    /// Reads a field of each of several tasks. Where these are many, none of them is in the processor's caches, and
    /// fetching them all at once is much faster than fetching each when it is needed.
    #[inline]
    pub(crate) fn read_ahead(&self, tasks: impl Iterator<Item = TaskId>) {
        const FEW: usize = 16;
        let read = |id: TaskId| {
            let TaskEntry { spec, runs, wake, .. } = self.task(id);
            let counts = Arc::strong_count(spec) ^ Arc::strong_count(&spec.name) ^ spec.handler.specs().len();
            let times = wake.as_micros() ^ runs.history.last_due().as_micros() ^ spec.timeout.0.cast_signed();
            (counts ^ runs.running.len()) as u64 ^ times.cast_unsigned()
        };
        if tasks.size_hint().0 > FEW {
            std::hint::black_box(tasks.map(read).fold(0, |all, one| all ^ one));
        }
    }
}

impl Facts for State {
    fn history(&self, task: TaskId) -> &History {
        &self.task(task).runs.history
    }

    fn startup(&self) -> Timestamp {
        self.startup
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn poll_interval(&self) -> Delta {
        Delta::from(self.settings.poll_interval)
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.task(task).spec.rare.waits_since
    }
}
