//! An app that is nothing but its past: what conditions are observed against.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::cond::{CondCall, Condition, Facts, Observation, Plan, Resolve, TaskId, Verdict};
use rocketry_core::log::{Action, History, Record};
use rocketry_core::param::{Params, RunId};
use rocketry_core::time::{Timestamp, Zone};
use rocketry_syntax::ast::Delta;

/// The tasks of an app, what has happened to them, and its session.
pub(crate) struct World {
    tasks: BTreeMap<String, TaskId>,
    past: BTreeMap<TaskId, Past>,
    runs: u64,
    pub(crate) startup: Timestamp,
    pub(crate) cycles: u64,
    pub(crate) params: Params,
}

#[derive(Default)]
struct Past {
    history: History,
    /// The runs that have not ended, oldest first.
    open: Vec<(RunId, Timestamp)>,
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
            startup,
            cycles: 0,
            params: Params::new(),
        }
    }

    /// The task of this name.
    pub(crate) fn id(&self, name: &str) -> TaskId {
        self.tasks[name]
    }

    /// Makes a condition of a task ready, and keeps from now on what it has to count.
    pub(crate) fn plan(&mut self, condition: &Condition, owner: TaskId) -> Plan {
        let plan = Plan::compile(condition.expr(), self).expect("every name is known");
        for need in plan.needs() {
            let past = self.past.get_mut(&need.task.unwrap_or(owner)).expect("a task");
            past.history.keep(need.action, need.horizon);
        }
        plan
    }

    /// Notes that something happened to a task. Without the name of a run, the oldest open one ends.
    pub(crate) fn record(&mut self, task: &str, action: Action, at: Timestamp, run_id: Option<&str>) {
        let past = self.past.get_mut(&self.tasks[task]).expect("a task");
        let named = run_id.map(RunId::from);
        let (run_id, start) = if action.is_end() {
            let found = past
                .open
                .iter()
                .position(|(id, _)| named.as_ref().is_none_or(|named| named == id));
            match found {
                Some(index) => past.open.remove(index),
                None => (named.unwrap_or(RunId::Number(u64::MAX)), at),
            }
        } else {
            self.runs += 1;
            let run = (named.unwrap_or(RunId::Number(self.runs)), at);
            past.open.push(run.clone());
            run
        };
        let task = Arc::from(task);
        past.history.record(&Record {
            task,
            run_id,
            action,
            created: at,
            due: start,
            start,
            message: None,
            extra: None,
        });
    }

    /// What a plan of a task says.
    pub(crate) fn observe(&self, plan: &Plan, owner: TaskId, now: Timestamp) -> Verdict {
        plan.observe(&Observation {
            now,
            zone: Zone::UTC,
            owner,
            facts: self,
            answers: &[],
        })
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
}

impl Resolve for World {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        self.tasks
            .get(name)
            .copied()
            .ok_or_else(|| format!("no task {name}"))
    }

    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String> {
        Err(format!("no phrase {phrase}"))
    }

    fn is_made(&self, _: &str) -> bool {
        false
    }
}
