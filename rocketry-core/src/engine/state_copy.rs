//! Copies the state of an app for predictions.
//!
//! A copy decides as the app itself does. It shares nothing with the app that changes.

use std::sync::Arc;

use super::crashes::Crashes;
use super::deferred::DeferredStarts;
use super::entry::{Dependents, TaskEntry};
use super::last_result::LastResult;
use super::names::Names;
use super::pools::Pools;
use super::run::{Run, Running};
use super::run_queue::RunRequest;
use super::skip_counts::Skips;
use super::spec::{Rare, RareOptions, Spec};
use super::state::{Phase, State};
use super::task_runs::Runs;
use crate::config::Config;
use crate::log::History;
use crate::param::{Params, RunContext, RunFlag};
use crate::task::{Execution, Handler};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The id of the task in a copy of one task.
pub(crate) const ALONE: TaskId = TaskId(0);

impl State {
    /// A state with one task, which has never run.
    pub(crate) fn of_one(spec: Spec, now: Timestamp) -> Self {
        let tasks = vec![TaskEntry::new(spec, 0, false)];
        let pools = Pools::new(0, 0, []);
        let config = Config::default();
        let mut state = State::new((tasks, Names::default(), Params::default(), pools), &config, now);
        state.subscribe(ALONE);
        state
    }

    /// Copies the app with all its tasks, whose definitions `edit` may change.
    pub(crate) fn copy(&self, edit: impl Fn(&mut Spec), now: Timestamp) -> Self {
        let ids = self.tasks.all_ids();
        let tasks = ids.map(|id| self.task(id).copy(id, &edit));
        State {
            pools: self.pools.clone(),
            deferred: self.deferred.clone(),
            crashes: self.crashes.clone(),
            skips: Skips::of_next(self.skips.next.clone()),
            on_params: self.on_params.clone(),
            on_cycles: self.on_cycles.clone(),
            pauses: self.pauses.clone(),
            catch_ups: self.catch_ups.clone(),
            ends_app: self.ends_app,
            ..self.copy_with(tasks.collect(), now)
        }
    }

    /// Copies the app with one of its tasks, which has room in every pool. `edit` changes its definition: tasks have other
    /// ids in the copy.
    pub(crate) fn copy_alone(&self, id: TaskId, edit: impl FnOnce(&mut Spec), now: Timestamp) -> Self {
        let task = self.task(id).copy(ALONE, |spec| {
            spec.execution = Execution::Async;
            spec.rare.pools = Vec::new();
            edit(spec);
        });
        let mut copy = self.copy_with(vec![task], now);
        let alone = copy.task_mut(ALONE);
        alone.dependents = Dependents::default();
        copy.deferred = DeferredStarts::of_one(ALONE, self.deferred.of(id));
        copy.crashes = Crashes::of_one(ALONE, self.crashes.of(id));
        copy.pauses = self.pauses.clone();
        copy.catch_ups = self.catch_ups.of_one(id, ALONE);
        if self.skips.next.contains(&id) {
            copy.skips.next.insert(ALONE);
        }
        copy.subscribe(ALONE);
        copy
    }

    /// Copies one task of the app as it might have stood at another instant: with another past, and with nothing that holds
    /// it back or spreads its starts.
    pub(crate) fn copy_at(
        &self,
        id: TaskId,
        edit: &mut dyn FnMut(&mut Spec),
        history: History,
        at: Timestamp,
    ) -> Self {
        let mut spec = (*self.task(id).spec).clone();
        spec.handler = Handler::gone();
        (spec.params, spec.execution) = (Params::default(), Execution::Async);
        // One start for each instant.
        spec.max_running = 1;
        spec.rare = Rare::from(RareOptions {
            waits_since: spec.rare.waits_since.map(|_| at),
            ..RareOptions::default()
        });
        edit(&mut spec);
        let mut copy = State::of_one(spec, at);
        copy.settings = self.settings.clone();
        copy.params = self.params.clone();
        copy.phase = Phase::Up;
        copy.task_mut(ALONE).runs.history = history;
        copy.subscribe(ALONE);
        copy
    }

    fn copy_with(&self, tasks: Vec<TaskEntry>, now: Timestamp) -> Self {
        let active = tasks.iter().map(|entry| entry.runs.running.len()).sum();
        let (names, pools) = (Names::default(), Pools::new(0, 0, []));
        State {
            settings: self.settings.clone(),
            startup: self.startup,
            is_started: self.is_started,
            ended: self.ended,
            cycles: self.cycles,
            phase: self.phase,
            lead: self.lead.clone(),
            only_requested: self.only_requested,
            restart: self.restart,
            active,
            next_run: self.next_run,
            ..State::new(
                (tasks, names, self.params.clone(), pools),
                &Config::default(),
                now,
            )
        }
    }
}

impl TaskEntry {
    /// Copies the task. Its functions are left out: nothing calls them.
    fn copy(&self, id: TaskId, edit: impl FnOnce(&mut Spec)) -> Self {
        if self.is_gone() {
            return TaskEntry::gone(self.spec.clone());
        }
        let mut spec = (*self.spec).clone();
        spec.handler = Handler::gone();
        spec.params = Params::default();
        if spec.rare.run_id.is_some() {
            spec.rare.run_id = None;
        }
        edit(&mut spec);
        let spec = Arc::new(spec);
        let running = self.runs.running.iter().map(|running| running.copy(id, &spec));
        let runs = Runs {
            history: self.runs.history.clone(),
            running: running.collect(),
            result: LastResult::default(),
        };
        let requests = self.queue.iter().map(|request| RunRequest {
            if_due: request.if_due,
            cause: request.cause.clone(),
            ..RunRequest::default()
        });
        TaskEntry {
            deleted: self.deleted,
            queue: requests.collect(),
            runs: runs.into(),
            dependents: self.dependents.clone(),
            self_contained: self.self_contained,
            held: self.held,
            due_since: self.due_since,
            ..TaskEntry::shared(spec, self.priority, self.disabled)
        }
    }
}

impl Running {
    /// Copies a run in progress. Stopping the copy does not stop the run.
    fn copy(&self, id: TaskId, spec: &Arc<Spec>) -> Self {
        let Run {
            number, info, start, ..
        } = &*self.run;
        let run = Run {
            spec: spec.clone(),
            number: *number,
            start: *start,
            trace: None,
            info: RunContext {
                task: info.task.clone(),
                task_id: id,
                run_id: info.run_id.clone(),
                due: info.due,
                flag: RunFlag::default(),
                batch: Params::default(),
                own: Params::default(),
            },
        };
        Running {
            run: Arc::new(run),
            deadline: self.deadline,
            stopped: self.stopped,
            waiter: None,
            origin: None,
        }
    }
}
