//! An app that is nothing but its past, and a short way to write that down.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::Condition;
use rocketry_core::cond::{CondCall, Facts, Observation, Plan, Resolve, TaskId, Verdict};
use rocketry_core::log::{Action, History, Record};
use rocketry_core::param::{Params, RunId};
use rocketry_core::time::{Timestamp, Zone};
use rocketry_syntax::ast::Delta;

/// Tasks `t` (the owner of every statement), `a` and `b`, and what has happened to them.
pub(crate) struct App {
    pub(crate) histories: BTreeMap<TaskId, History>,
    open: Vec<(TaskId, RunId, Timestamp)>,
    runs: u64,
    pub(crate) zone: Zone,
    pub(crate) startup: Timestamp,
    /// When `t` counts as having run if it never has.
    pub(crate) waits_since: Option<Timestamp>,
    pub(crate) cycles: u64,
    pub(crate) params: Params,
    /// The session parameters that are made by a function.
    pub(crate) made: Vec<&'static str>,
    pub(crate) phrases: BTreeMap<&'static str, Arc<CondCall>>,
}

pub(crate) const T: u32 = 0;
pub(crate) const A: u32 = 1;
pub(crate) const B: u32 = 2;
const NAMES: [&str; 3] = ["t", "a", "b"];

impl App {
    pub(crate) fn new() -> Self {
        App {
            histories: [T, A, B]
                .map(|index| (TaskId::new(index), History::default()))
                .into(),
            open: Vec::new(),
            runs: 0,
            zone: Zone::UTC,
            startup: at("10:00"),
            waits_since: None,
            cycles: 7,
            params: Params::new().with("env", "test").with("x", "myval").with("n", 5),
            made: Vec::new(),
            phrases: BTreeMap::new(),
        }
    }

    /// Makes a condition of `t` ready, and keeps from now on what it has to count.
    pub(crate) fn plan(&mut self, condition: impl Into<Condition>) -> Plan {
        let plan = Plan::compile(condition.into().expr(), self).expect("every name is known");
        for need in plan.needs() {
            let task = need.task.unwrap_or(TaskId::new(T));
            self.histories
                .get_mut(&task)
                .expect("a task")
                .keep(need.action, need.horizon);
        }
        plan
    }

    /// Notes events such as `t run 12:03 due 12:00, t success 12:04`.
    pub(crate) fn log(&mut self, events: &str) {
        for event in events.split(", ").filter(|event| !event.is_empty()) {
            let (event, due) = match event.split_once(" due ") {
                Some((event, due)) => (event, Some(at(due))),
                None => (event, None),
            };
            let words: Vec<&str> = event.splitn(3, ' ').collect();
            let [task, action, created] = words[..] else {
                panic!("`{event}` is no event")
            };
            let task = NAMES
                .iter()
                .zip(0..)
                .find(|(name, _)| **name == task)
                .expect("a task")
                .1;
            let created = at(created);
            self.record(
                task,
                action.parse().expect("an action"),
                created,
                due.unwrap_or(created),
            );
        }
    }

    /// Notes one event; an end is that of the oldest open run.
    pub(crate) fn record(&mut self, task: u32, action: Action, created: Timestamp, due: Timestamp) {
        let id = TaskId::new(task);
        let (run_id, start) = if action == Action::Run {
            self.runs += 1;
            self.open.push((id, RunId::Number(self.runs), created));
            (RunId::Number(self.runs), created)
        } else {
            match self.open.iter().position(|(task, ..)| *task == id) {
                Some(index) => {
                    let (_, run_id, start) = self.open.remove(index);
                    (run_id, start)
                }
                None => (RunId::from("unknown"), created),
            }
        };
        let task = Arc::from(NAMES[task as usize]);
        let record = Record {
            task,
            run_id,
            action,
            created,
            due,
            start,
            message: None,
            extra: None,
        };
        self.histories.get_mut(&id).expect("a task").record(&record);
    }

    pub(crate) fn seen<'a>(&'a self, now: Timestamp, answers: &'a [Option<bool>]) -> Observation<'a> {
        Observation {
            now,
            zone: self.zone,
            owner: TaskId::new(T),
            facts: self,
            answers,
        }
    }

    pub(crate) fn look(&self, plan: &Plan, now: Timestamp) -> Verdict {
        plan.observe(&self.seen(now, &[]))
    }
}

impl Facts for App {
    fn history(&self, task: TaskId) -> &History {
        &self.histories[&task]
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

impl Resolve for App {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        let found = NAMES.iter().zip(0..).find(|(known, _)| **known == name);
        found
            .map(|(_, index)| TaskId::new(index))
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

/// An instant on the day of most tests, a Wednesday (`12:00`), in its year (`05-16 12:00`), or in full.
pub(crate) fn at(text: &str) -> Timestamp {
    let time = |time: &str| {
        if time.len() == 5 {
            format!("{time}:00")
        } else {
            time.to_owned()
        }
    };
    let full = match text.split_once(' ') {
        None => format!("2024-05-15T{}", time(text)),
        Some((day, clock)) if day.len() == 5 => format!("2024-{day}T{}", time(clock)),
        Some((day, clock)) => format!("{day}T{}", time(clock)),
    };
    full.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}
