//! An app that consists only of its history, against which conditions are observed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::cond::{CondCall, Condition, Facts, Observation, Plan, Resolve, TaskId, Verdict};
use rocketry_core::log::{Action, History, Record, StartedBy};
use rocketry_core::param::{Params, RunId};
use rocketry_core::time::{Timestamp, Zone};
use rocketry_syntax::ast::Delta;

/// The tasks of an app, their history, and its session.
pub(crate) struct World {
    tasks: BTreeMap<String, TaskId>,
    pub(crate) past: BTreeMap<TaskId, Past>,
    runs: u64,
    pub(crate) zone: Zone,
    pub(crate) startup: Timestamp,
    /// When a task counts as having run if it never has.
    pub(crate) waits_since: Option<Timestamp>,
    pub(crate) cycles: u64,
    pub(crate) params: Params,
    /// The session parameters that are made by a function.
    pub(crate) made: Vec<&'static str>,
    pub(crate) phrases: BTreeMap<&'static str, Arc<CondCall>>,
}

#[derive(Default)]
pub(crate) struct Past {
    pub(crate) history: History,
    /// The runs that have not ended, oldest first.
    open: Vec<(RunId, Start)>,
}

/// When a run was due, and when it started.
#[derive(Clone, Copy)]
struct Start {
    due: Timestamp,
    at: Timestamp,
}

/// Something that happened to a task.
pub(crate) struct Event<'a> {
    pub(crate) action: Action,
    pub(crate) at: Timestamp,
    /// When its run was due: as it started, unless this says otherwise.
    pub(crate) due: Option<Timestamp>,
    /// What triggered its run.
    pub(crate) by: StartedBy,
    /// The run it is about; for an end, the oldest open one by default.
    pub(crate) run_id: Option<&'a str>,
}

impl World {
    /// An app with these tasks, to which nothing has happened yet.
    pub(crate) fn new<'n>(tasks: impl IntoIterator<Item = &'n str>, startup: Timestamp) -> Self {
        let tasks: BTreeMap<String, TaskId> = tasks
            .into_iter()
            .zip(0..)
            .map(|(name, index)| (name.to_owned(), TaskId::new(index)))
            .collect();
        let past = tasks.values().map(|task| (*task, Past::default())).collect();
        World {
            tasks,
            past,
            runs: 0,
            zone: Zone::UTC,
            startup,
            waits_since: None,
            cycles: 0,
            params: Params::new(),
            made: Vec::new(),
            phrases: BTreeMap::new(),
        }
    }

    /// The task of this name.
    pub(crate) fn id(&self, name: &str) -> TaskId {
        self.tasks[name]
    }

    /// Makes a condition of a task ready, and keeps from now on what it has to count.
    pub(crate) fn plan(&mut self, condition: &Condition, owner: TaskId) -> Plan {
        let plan = Plan::compile(&condition.expr(), self).expect("every name is known");
        for need in plan.needs() {
            let past = self.past.get_mut(&need.task.unwrap_or(owner)).expect("a task");
            past.history.keep(need.series, need.horizon);
        }
        plan
    }

    /// Notes that something happened to a task.
    pub(crate) fn record(&mut self, task: &str, event: &Event<'_>) {
        let Event { action, at, .. } = *event;
        let past = self.past.get_mut(&self.tasks[task]).expect("a task");
        let named = event.run_id.map(RunId::from);
        let start = Start {
            due: event.due.unwrap_or(at),
            at,
        };
        let (run_id, start) = if action.is_end() {
            let found = past
                .open
                .iter()
                .position(|(id, _)| named.as_ref().is_none_or(|named| named == id));
            match found {
                Some(index) => past.open.remove(index),
                None => (named.unwrap_or(RunId::Number(u64::MAX)), start),
            }
        } else {
            self.runs += 1;
            let run = (named.unwrap_or(RunId::Number(self.runs)), start);
            past.open.push(run.clone());
            run
        };
        let record = Record {
            task: Arc::from(task),
            run_id,
            action,
            created: at,
            due: start.due,
            start: start.at,
            message: None,
            extra: None,
        };
        match action {
            Action::Run => past.history.start(&record, event.by, start.due),
            _ => past.history.record(&record),
        }
    }

    /// What a plan of a task says.
    pub(crate) fn observe(&self, plan: &Plan, owner: TaskId, now: Timestamp) -> Verdict {
        plan.observe(&self.seen(owner, now, &[]))
    }

    /// The app as a task's plan sees it, where its custom conditions have answered so.
    pub(crate) fn seen<'a>(
        &'a self,
        owner: TaskId,
        now: Timestamp,
        answers: &'a [Option<bool>],
    ) -> Observation<'a> {
        Observation {
            now,
            zone: self.zone,
            owner,
            facts: self,
            answers,
            runs_over: false,
            retries: true,
        }
    }
}

impl Facts for World {
    fn history(&self, task: TaskId) -> &History {
        &self.past[&task].history
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
        Delta(1_000_000)
    }

    fn waits_since(&self, _: TaskId) -> Option<Timestamp> {
        self.waits_since
    }
}

impl Resolve for World {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        self.tasks
            .get(name)
            .copied()
            .ok_or_else(|| format!("there is no task `{name}`"))
    }

    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String> {
        self.phrases
            .get(phrase)
            .cloned()
            .ok_or_else(|| format!("there is no condition `{phrase}`"))
    }

    fn is_made(&self, param: &str) -> bool {
        self.made.contains(&param)
    }
}
