//! Puts an app together, and finds every mistake before anything runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rocketry_syntax::Phrase;
use rocketry_syntax::ast::Delta;
use tokio::sync::Notify;

use super::Rocketry;
use crate::cond::{CondCall, CondDef, Condition, Plan, Resolve, TaskId};
use crate::error::{Error, Kind, Location, Problem, Result, did_you_mean};
use crate::log::MemoryLog;
use crate::param::{Params, graph};
use crate::session::hooks::Hooks;
use crate::session::inbox::Inbox;
use crate::session::names::Names;
use crate::session::state::{Entry, Phase, Spec, State, Statement};
use crate::session::{Session, Shared};
use crate::task::{Execution, Handler, TaskBuilder};
use crate::time::Timestamp;

/// Puts an app together.
pub(super) fn build(app: Rocketry) -> Result<Session> {
    let mut builder = Builder {
        app,
        names: Names::default(),
        problems: Vec::new(),
        plans: HashMap::new(),
    };
    builder.check_params();
    let tasks = builder.take_tasks();
    builder.name(&tasks);
    let phrases = builder.phrases();
    let entries: Vec<Entry> = tasks
        .into_iter()
        .filter_map(|task| builder.entry(task, &phrases))
        .collect();
    if builder.problems.is_empty() {
        Ok(builder.session(entries))
    } else {
        Err(Error::build(Kind::Build, builder.problems))
    }
}

struct Builder {
    app: Rocketry,
    names: Names,
    problems: Vec<Problem>,
    /// Equal statements are made ready once and shared.
    plans: HashMap<Condition, Arc<Plan>>,
}

impl Builder {
    fn problem(&mut self, message: String, location: Option<Location>) {
        self.problems.push(Problem { message, location });
    }

    fn check_params(&mut self) {
        let twice = std::mem::take(&mut self.app.problems);
        self.problems.extend(twice);
        self.problems.extend(graph::check(&self.app.params));
        for hook in &self.app.hooks {
            for spec in hook.function.specs() {
                if let Some(missing) = graph::missing(&self.app.params, &spec.depends(), &|_| None) {
                    let message = format!("parameter `{}` of hook `{}`: {missing}", spec.name, hook.name);
                    self.problems.push(Problem {
                        message,
                        location: Some(spec.location),
                    });
                }
            }
        }
    }

    /// The tasks, with what their groups give them.
    fn take_tasks(&mut self) -> Vec<TaskBuilder> {
        let mut tasks = std::mem::take(&mut self.app.tasks);
        for task in &mut tasks {
            self.problems.append(&mut task.problems);
            let Some(wanted) = task.group.clone() else {
                continue;
            };
            if let Some(group) = self.app.groups.iter().find(|group| group.name == wanted) {
                group.apply(task);
            } else {
                let near = did_you_mean(&wanted, self.app.groups.iter().map(|group| &*group.name));
                let message = format!("task `{}`: there is no group `{wanted}`{near}", task.name);
                self.problem(message, Some(task.location));
            }
        }
        tasks
    }

    fn name(&mut self, tasks: &[TaskBuilder]) {
        for (index, task) in tasks.iter().enumerate() {
            let id = TaskId::new(u32::try_from(index).expect("fewer than 2^32 tasks"));
            if let Err(taken) = self.names.add(&Arc::from(&*task.name), id) {
                let first = tasks[taken.index()].location;
                let message = format!(
                    "two tasks are named `{}`; the first is declared at {first}",
                    task.name
                );
                self.problem(message, Some(task.location));
            }
        }
    }

    /// The phrases of the custom conditions.
    fn phrases(&mut self) -> Vec<(Phrase, &'static CondDef)> {
        let mut phrases: Vec<(Phrase, &'static CondDef)> = Vec::new();
        for def in self.app.conds.clone() {
            let Some(text) = def.phrase else { continue };
            match Phrase::parse(text) {
                Ok(phrase) => {
                    if let Some((_, first)) = phrases.iter().find(|(_, known)| known.phrase == Some(text)) {
                        let message = format!(
                            "two conditions have the phrase \"{text}\"; the first is declared at {}",
                            first.location
                        );
                        self.problem(message, Some(def.location));
                    }
                    phrases.push((phrase, def));
                }
                Err(mistake) => self.problem(
                    format!("phrase of condition `{}`: {mistake}", def.name),
                    Some(def.location),
                ),
            }
        }
        phrases
    }

    fn entry(&mut self, task: TaskBuilder, phrases: &[(Phrase, &'static CondDef)]) -> Option<Entry> {
        let location = task.location;
        let Some(handler) = task.handler.clone() else {
            self.problem(format!("task `{}` has no function", task.name), Some(location));
            return None;
        };
        self.check_handler(&task, &handler);
        let start = self.statement(&task, "start", task.start.clone(), phrases);
        let end = self.statement(&task, "end", task.end.clone(), phrases);
        let config = &self.app.config;
        let default_timeout = config.timeout.map_or(Delta(u64::MAX), Delta::from);
        let default_execution = if handler.is_async() {
            Execution::Async
        } else {
            Execution::Thread
        };
        let spec = Spec {
            name: Arc::from(&*task.name),
            description: task.description.map(String::from),
            handler,
            execution: task.execution.unwrap_or(default_execution),
            start,
            end,
            timeout: task.timeout.unwrap_or(default_timeout),
            on_startup: task.on_startup,
            on_shutdown: task.on_shutdown,
            permanent: task.permanent,
            multilaunch: task.multilaunch,
            zone: task.zone.unwrap_or(config.zone),
            run_id: task.run_id,
            params: task.params,
        };
        Some(Entry::new(spec, task.priority, task.disabled))
    }

    /// Finds parameters that no run could have.
    fn check_handler(&mut self, task: &TaskBuilder, handler: &Handler) {
        // A task that only runs when told to may be told the parameter then.
        let told = task.start.is_none() && !task.on_startup && !task.on_shutdown;
        for spec in handler.specs() {
            if task.params.get(spec.name).is_some() || (told && !spec.has_source()) {
                continue;
            }
            if let Some(missing) = self.missing(&spec.depends()) {
                let message = format!("parameter `{}` of task `{}`: {missing}", spec.name, task.name);
                self.problem(message, Some(spec.location));
            }
        }
        let own: Vec<String> = task
            .params
            .iter()
            .filter_map(|(_, entry)| self.missing(&entry.depends()))
            .collect();
        for missing in own {
            self.problem(
                format!("parameters of task `{}`: {missing}", task.name),
                Some(task.location),
            );
        }
    }

    fn missing(&self, depends: &[crate::param::Dependency]) -> Option<String> {
        graph::missing(&self.app.params, depends, &|task| self.names.find(task).err())
    }

    fn statement(
        &mut self,
        task: &TaskBuilder,
        which: &str,
        condition: Option<Condition>,
        phrases: &[(Phrase, &'static CondDef)],
    ) -> Option<Statement> {
        let condition = condition?;
        if let Some(plan) = self.plans.get(&condition) {
            return Some(Statement {
                plan: plan.clone(),
                condition,
            });
        }
        let resolver = Resolver {
            names: &self.names,
            params: &self.app.params,
            phrases,
        };
        match Plan::compile(condition.expr(), &resolver) {
            Ok(plan) => {
                let missing: Vec<String> = plan
                    .customs()
                    .iter()
                    .filter_map(|call| self.missing_of(call))
                    .collect();
                for missing in missing {
                    self.problem(
                        format!("{which} condition of task `{}`: {missing}", task.name),
                        Some(task.location),
                    );
                }
                let plan = Arc::new(plan);
                self.plans.insert(condition.clone(), plan.clone());
                Some(Statement { condition, plan })
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    let message = format!("{which} condition of task `{}`: {mistake}", task.name);
                    self.problem(message, Some(task.location));
                }
                None
            }
        }
    }

    fn missing_of(&self, call: &CondCall) -> Option<String> {
        let missing = self.missing(&call.depends())?;
        Some(format!("condition `{call}`: {missing}"))
    }

    fn session(self, mut tasks: Vec<Entry>) -> Session {
        let mut state = State {
            tasks: Vec::new(),
            names: self.names,
            params: self.app.params,
            poll_interval: Delta::from(self.app.config.poll_interval),
            startup: self.app.clock.now(),
            cycles: 0,
            phase: Phase::Starting,
            dirty: std::collections::BTreeSet::new(),
            on_params: Vec::new(),
            on_cycles: Vec::new(),
            active: 0,
            next_run: u64::try_from(self.app.clock.now().as_micros()).unwrap_or(0),
        };
        subscribe(&mut state, &mut tasks);
        state.tasks = tasks;
        let log = self
            .app
            .log
            .unwrap_or_else(|| Box::new(MemoryLog::new(self.app.config.log_capacity)));
        Session(Arc::new(Shared {
            clock: self.app.clock,
            config: self.app.config,
            log,
            hooks: Hooks::new(self.app.hooks),
            inbox: Inbox::default(),
            changed: Notify::new(),
            state: Mutex::new(state),
        }))
    }
}

/// Notes who has to be told of what, and which past has to be kept.
fn subscribe(state: &mut State, tasks: &mut [Entry]) {
    for index in 0..tasks.len() {
        let id = TaskId::new(u32::try_from(index).expect("fewer than 2^32 tasks"));
        let spec = tasks[index].spec.clone();
        for statement in [&spec.start, &spec.end].into_iter().flatten() {
            let depends = statement.plan.depends();
            for other in depends.tasks.into_iter().filter(|other| *other != id) {
                let dependents = &mut tasks[other.index()].dependents;
                if dependents.last() != Some(&id) {
                    dependents.push(id);
                }
            }
            if depends.params {
                state.on_params.push(id);
            }
            if depends.cycles {
                state.on_cycles.push(id);
            }
            for need in statement.plan.needs() {
                tasks[need.task.unwrap_or(id).index()]
                    .history
                    .keep(need.action, need.horizon);
            }
        }
    }
}

/// Looks names up for the statements of an app.
struct Resolver<'a> {
    names: &'a Names,
    params: &'a Params,
    phrases: &'a [(Phrase, &'static CondDef)],
}

impl Resolve for Resolver<'_> {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        self.names.find(name)
    }

    fn phrase(&self, text: &str) -> Result<Arc<CondCall>, String> {
        for (phrase, def) in self.phrases {
            if let Some(captured) = phrase.matches(text) {
                let texts: Vec<&str> = def
                    .captures
                    .iter()
                    .map(|name| captured_text(&captured, name))
                    .collect();
                return def.call(&texts).map(Arc::new);
            }
        }
        let near = did_you_mean(text, self.phrases.iter().filter_map(|(_, def)| def.phrase));
        Err(format!("there is no condition \"{text}\"{near}"))
    }

    fn is_made(&self, param: &str) -> bool {
        self.params.get(param).is_some_and(crate::param::Entry::is_made)
    }
}

fn captured_text<'a>(captured: &'a [(impl AsRef<str>, impl AsRef<str>)], name: &str) -> &'a str {
    captured
        .iter()
        .find(|(known, _)| known.as_ref() == name)
        .map_or("", |(_, text)| text.as_ref())
}

impl Entry {
    fn new(spec: Spec, priority: i32, disabled: bool) -> Self {
        Entry {
            spec: Arc::new(spec),
            priority,
            disabled,
            history: crate::log::History::default(),
            batches: std::collections::VecDeque::new(),
            running: Vec::new(),
            result: None,
            cond_error: None,
            dependents: Vec::new(),
            held_since: None,
            wake: Timestamp::MAX,
            timer: 0,
        }
    }
}
