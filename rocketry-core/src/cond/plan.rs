//! Conditions prepared for one app: with resolved names and compiled periods.

use std::sync::Arc;

use rocketry_syntax::ast::{
    Action as Event, After, Age, Basis, CondExpr, Count, Delta, Every, Once, Outcome, PeriodExpr, Quantifier,
    Retry, Running, Status,
};

use super::custom::{CondCall, Custom};
use crate::error::Problem;
use crate::log::Action;
use crate::task_id::TaskId;
use crate::time::{Dates, Period, Remembered};

/// A condition with resolved names. Plans without custom conditions are pure; equal statements share one plan.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub struct Plan {
    pub(crate) root: Node,
    pub(super) customs: Box<[Arc<CondCall>]>,
    /// Whether the condition depends only on time and on the past of its owner.
    pub(super) alone: bool,
    /// Whether it also counts no actions of its owner over a period.
    pub(super) simple: bool,
    /// Whether it retries failures.
    pub(super) retries: bool,
    /// Whether it waits for the end of a run of a task.
    pub(super) awaits: bool,
}

/// The task whose runs count; `None` is the owner of the statement.
pub(crate) type Who = Option<TaskId>;

/// A node of a plan. Large fields are boxed to keep all nodes small.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(bool),
    All(Box<[Node]>),
    Any(Box<[Node]>),
    Not(Box<Node>),
    Every(Every),
    Once {
        who: Who,
        period: Box<Remembered>,
        basis: Basis,
        retries: u32,
    },
    TimeOf(Box<Remembered>),
    After {
        outcome: Outcome,
        task: TaskId,
        /// The delay after the end; zero means no delay.
        delay: Delta,
    },
    Status {
        who: Who,
        event: Event,
        within: Option<Box<Period>>,
        count: Box<Count>,
    },
    Running {
        who: Who,
        which: Box<(Age, Count)>,
    },
    Retry(Retry),
    SchedulerRunning(Age),
    SchedulerStarted(Delta),
    SchedulerCycles(Count),
    AtMostRuns(u64),
    ParamExists(Box<str>),
    ParamIs {
        name: Box<str>,
        value: Box<str>,
    },
    Custom(usize),
}

/// Resolves the names of a plan.
pub trait Resolve {
    /// Returns the task with this name.
    ///
    /// # Errors
    ///
    /// Returns a message with the unknown name and the most similar one.
    fn task(&self, name: &str) -> Result<TaskId, String>;
    /// Returns the condition for a phrase.
    ///
    /// # Errors
    ///
    /// Returns a message with the unknown phrase and the most similar one.
    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String>;
    /// Returns the days of a named calendar.
    ///
    /// # Errors
    ///
    /// Returns a message with the unknown name and the most similar one.
    fn calendar(&self, name: &str) -> Result<Dates, String> {
        Err(format!("there is no calendar '{name}'"))
    }
    /// Returns whether a function provides a session parameter, so that its value has to be requested.
    fn is_made(&self, param: &str) -> bool;
}

impl Plan {
    /// Resolves the names of a condition.
    ///
    /// # Errors
    ///
    /// Returns all mistakes of the statement in order, each with its place if it has its own.
    pub fn compile(expr: &CondExpr<Custom>, resolve: &dyn Resolve) -> Result<Plan, Vec<Problem>> {
        let mut compiler = Compiler {
            resolve,
            customs: Vec::new(),
            mistakes: Vec::new(),
        };
        let root = compiler.node(expr);
        match compiler.mistakes {
            mistakes if mistakes.is_empty() => Ok(Plan {
                alone: root.is_alone(),
                simple: root.is_alone() && root.needs().is_empty(),
                retries: root.retries(),
                awaits: root.awaits(),
                root,
                customs: compiler.customs.into(),
            }),
            mistakes => Err(mistakes),
        }
    }

    /// Returns the custom conditions of the statement, in the order of their answers.
    pub fn customs(&self) -> &[Arc<CondCall>] {
        &self.customs
    }

    /// Returns whether the condition depends only on time and on the past of its owner, not on events of others.
    pub(crate) fn is_alone(&self) -> bool {
        self.alone
    }

    /// Returns whether the condition retries failed runs.
    #[inline]
    pub(crate) fn retries(&self) -> bool {
        self.retries
    }

    /// Returns whether the condition depends only on time and the past of its own task.
    pub(crate) fn is_foreseeable(&self) -> bool {
        self.alone && self.customs.is_empty()
    }

    /// Returns whether the condition depends on no other task and [needs](Plan::needs) no past to be kept.
    pub(crate) fn is_simple(&self) -> bool {
        self.simple
    }
}

struct Compiler<'a> {
    resolve: &'a dyn Resolve,
    customs: Vec<Arc<CondCall>>,
    mistakes: Vec<Problem>,
}

impl Compiler<'_> {
    fn node(&mut self, expr: &CondExpr<Custom>) -> Node {
        match expr {
            CondExpr::Constant(truth) => Node::Constant(*truth),
            CondExpr::All(members) => Node::All(self.nodes(members)),
            CondExpr::Any(members) => Node::Any(self.nodes(members)),
            CondExpr::Not(inner) => Node::Not(Box::new(self.node(inner))),
            CondExpr::Every(every) => Node::Every(*every),
            CondExpr::Once(once) => self.once(once),
            CondExpr::TimeOf(period) => Node::TimeOf(Box::new(self.period(period).into())),
            CondExpr::After(after) => self.after(after),
            CondExpr::Status(status) => self.status(status),
            CondExpr::Running(running) => self.running(running),
            CondExpr::Retry(retry) => Node::Retry(*retry),
            CondExpr::SchedulerRunning(age) => Node::SchedulerRunning(*age),
            CondExpr::SchedulerStarted(delta) => Node::SchedulerStarted(*delta),
            CondExpr::SchedulerCycles(count) => Node::SchedulerCycles(count.clone()),
            CondExpr::AtMostRuns(runs) => Node::AtMostRuns(*runs),
            CondExpr::Env(value) => self.param_is("env", value),
            CondExpr::ParamExists(name) => Node::ParamExists(name.as_str().into()),
            CondExpr::ParamIs { name, value } => self.param_is(name, value),
            CondExpr::Custom(custom) => self.custom(custom),
        }
    }

    fn nodes(&mut self, members: &[CondExpr<Custom>]) -> Box<[Node]> {
        members.iter().map(|member| self.node(member)).collect()
    }

    fn once(&mut self, once: &Once) -> Node {
        let who = self.who(once.task.as_deref());
        Node::Once {
            who,
            period: Box::new(self.period(&once.period).into()),
            basis: once.basis,
            retries: once.retries,
        }
    }

    fn after(&mut self, after: &After) -> Node {
        let (outcome, delay) = (after.outcome, after.delay.unwrap_or_default());
        let mut each = after.tasks.iter().map(|name| Node::After {
            outcome,
            task: self.task(name),
            delay,
        });
        match after.quantifier {
            Quantifier::One => each.next().unwrap_or(Node::Constant(false)),
            Quantifier::All => Node::All(each.collect()),
            Quantifier::Any => Node::Any(each.collect()),
        }
    }

    fn status(&mut self, status: &Status) -> Node {
        Node::Status {
            who: self.who(status.task.as_deref()),
            event: status.action,
            within: status.within.as_ref().map(|period| Box::new(self.period(period))),
            count: Box::new(status.count.clone()),
        }
    }

    fn running(&mut self, running: &Running) -> Node {
        let who = self.who(running.task.as_deref());
        Node::Running {
            who,
            which: Box::new((running.age, running.count.clone())),
        }
    }

    fn param_is(&mut self, name: &str, value: &str) -> Node {
        if self.resolve.is_made(name) {
            return self.call(Arc::new(CondCall::param_is(name, value)));
        }
        Node::ParamIs {
            name: name.into(),
            value: value.into(),
        }
    }

    fn custom(&mut self, custom: &Custom) -> Node {
        match custom {
            Custom::Call(call) => self.call(call.clone()),
            Custom::Labelled(labelled) => self.node(&labelled.part),
            Custom::Invalid(problem) => {
                self.mistakes.push((**problem).clone());
                Node::Constant(false)
            }
            Custom::Phrase(phrase) => match self.resolve.phrase(phrase) {
                Ok(call) => self.call(call),
                Err(mistake) => {
                    self.mistake(mistake);
                    Node::Constant(false)
                }
            },
        }
    }

    fn call(&mut self, call: Arc<CondCall>) -> Node {
        self.customs.push(call);
        Node::Custom(self.customs.len() - 1)
    }

    fn who(&mut self, name: Option<&str>) -> Who {
        name.map(|name| self.task(name))
    }

    fn task(&mut self, name: &str) -> TaskId {
        self.resolve.task(name).unwrap_or_else(|mistake| {
            self.mistake(mistake);
            TaskId::new(u32::MAX)
        })
    }

    fn period(&mut self, expr: &PeriodExpr) -> Period {
        let resolve = self.resolve;
        Period::compile_with(expr, &|name| resolve.calendar(name)).unwrap_or_else(|mistake| {
            self.mistake(mistake.to_string());
            Period::Never
        })
    }

    fn mistake(&mut self, message: String) {
        self.mistakes.push(Problem {
            message,
            location: None,
        });
    }
}

/// Returns the actions of the log for an event of the language.
pub(crate) const fn actions(event: Event) -> &'static [Action] {
    match event {
        Event::Started => &[Action::Run],
        Event::Succeeded => &[Action::Success],
        Event::Failed => &[Action::Fail],
        Event::Finished => &[Action::Success, Action::Fail, Action::Terminate],
        Event::Terminated => &[Action::Terminate],
        Event::Inacted => &[Action::Inaction],
        Event::Crashed => &[Action::Crash],
    }
}
