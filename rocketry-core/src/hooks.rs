//! Hooks: functions that are called at moments in the life of an app.

use std::any::type_name;
use std::fmt;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::drops::caught;
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::log::Record;
use crate::param::{Context, ParamSet, ParamSpec, Value};
use crate::task::{Handler, Outcome, TaskBuilder, Work};
use crate::task_id::TaskId;

/// Why some hooks must be plain functions.
const MUST_BE_SYNC: &str = "can't be `async`: the scheduler waits until it returns";

/// Why some hooks can't take an `Ended`.
pub(super) const NO_ENDED: &str = "`Ended` exists only in a hook after a run";

/// A moment in the life of an app. Hooks are called before or after it: see
/// [`Rocketry::before`](crate::Rocketry::before).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// The start-up, during which the tasks with `on_startup` run.
    Startup,
    /// The shut-down, after the last run has ended. The tasks with `on_shutdown` run during it.
    Shutdown,
    /// A cycle of the scheduler, in which it decides which tasks start.
    Cycle,
    /// A run. A hook takes its [`Task`](struct@crate::Task), [`RunId`](crate::RunId) and so on as parameters, and a
    /// hook after it also takes [`Ended`].
    TaskExecute,
}

/// The side of a moment on which a hook is called. A hook for both sides may take it as a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

/// The end of a run, as a parameter of a hook after a run.
///
/// It contains the record of the end, as stored in the run log.
///
/// ```
/// use rocketry::{Ended, Moment, Rocketry};
///
/// let app = Rocketry::builder().after(Moment::TaskExecute, |ended: Ended| {
///     println!("{} ended with {} after {:?}", ended.task, ended.action, ended.runtime());
/// });
/// # app.build().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended(pub Record);

impl Deref for Ended {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.0
    }
}

/// When a hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookKind {
    /// Before anything else. The return value is kept until the app has ended.
    Setup,
    /// Around the start-up tasks.
    Startup,
    /// Around the shut-down tasks.
    Shutdown,
    /// Around every cycle of the scheduler.
    Cycle,
    /// Around every run, on the scheduler.
    TaskExecute,
    /// After a task was built.
    TaskInit,
}

impl From<Moment> for HookKind {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Startup => HookKind::Startup,
            Moment::Shutdown => HookKind::Shutdown,
            Moment::Cycle => HookKind::Cycle,
            Moment::TaskExecute => HookKind::TaskExecute,
        }
    }
}

/// The sides on which a hook is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sides {
    /// Before it.
    Before,
    /// After it.
    After,
    /// Before and after it.
    Both,
}

impl Sides {
    fn have(self, side: Side) -> bool {
        match self {
            Sides::Before => side == Side::Before,
            Sides::After => side == Side::After,
            Sides::Both => true,
        }
    }
}

/// The function of a hook, with its parameters.
#[derive(Clone, Debug)]
pub struct HookFn(Handler);

impl HookFn {
    /// Creates a hook function from a function and its parameters.
    pub fn new<P: ParamSet<Values: Send + 'static>>(
        params: P,
        function: impl Fn(P::Values) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        HookFn(Handler::blocking(params, function))
    }

    pub(crate) fn of(handler: Handler) -> Self {
        HookFn(handler)
    }

    pub(crate) fn specs(&self) -> &[ParamSpec] {
        self.0.specs()
    }
}

/// A hook of an app.
#[derive(Clone)]
pub(crate) struct Hook {
    pub(crate) kind: HookKind,
    pub(crate) sides: Sides,
    pub(crate) name: &'static str,
    pub(crate) location: Location,
    pub(crate) function: HookFn,
}

impl Hook {
    /// Calls the hook and returns its value.
    pub(crate) async fn call(&self, context: &Context<'_>) -> Result<Value> {
        let outcome = match self.function.0.prepare(context) {
            Ok(Work::Async(future)) => future.await,
            Ok(Work::Blocking(function)) => function(),
            Err(error) => Outcome::Fail(error.to_string().into()),
        };
        self.returned(outcome)
    }

    /// Calls a hook where an asynchronous hook can't be awaited.
    pub(crate) fn call_now(&self, context: &Context<'_>) -> Result<Value> {
        let outcome = match self.function.0.prepare(context) {
            Ok(Work::Async(_)) => Outcome::Fail(MUST_BE_SYNC.into()),
            Ok(Work::Blocking(function)) => function(),
            Err(error) => Outcome::Fail(error.to_string().into()),
        };
        self.returned(outcome)
    }

    /// The mistake in the hook, if any.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let alone = matches!(
            self.kind,
            HookKind::Cycle | HookKind::TaskExecute | HookKind::TaskInit
        );
        if alone && self.function.0.is_async() {
            return Some(Problem {
                message: format!("hook `{}` {MUST_BE_SYNC}", self.name),
                location: Some(self.location),
            });
        }
        let knows_an_end = self.kind == HookKind::TaskExecute && self.sides == Sides::After;
        let mut specs = self.function.specs().iter();
        let ended = specs.find(|spec| !knows_an_end && spec.type_name == type_name::<Ended>())?;
        Some(Problem {
            message: format!("parameter `{}` of hook `{}`: {NO_ENDED}", ended.name, self.name),
            location: Some(ended.location),
        })
    }

    fn returned(&self, outcome: Outcome) -> Result<Value> {
        outcome.into_value().map_err(|message| {
            Error::at(
                Kind::State,
                format!("hook `{}`: {message}", self.name),
                Some(self.location),
            )
        })
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({:?}, {:?}, {})", self.kind, self.sides, self.name)
    }
}

/// The parameters that a hook may take in addition to those of the app and the run.
pub(crate) struct HookContext {
    pub(crate) side: Side,
    /// The task that the hook is about, outside of a run.
    pub(crate) task: Option<TaskId>,
    /// The end of the run.
    pub(crate) ended: Option<Ended>,
}

impl HookContext {
    pub(crate) fn new(side: Side) -> Self {
        HookContext {
            side,
            task: None,
            ended: None,
        }
    }

    pub(crate) fn of<'a>(context: &Context<'a>) -> Option<&'a HookContext> {
        context.hook?.downcast_ref()
    }
}

/// The hooks of an app.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    hooks: Vec<Hook>,
    inits: Vec<InitHook>,
}

impl Hooks {
    pub(crate) fn new(hooks: Vec<Hook>, inits: Vec<InitHook>) -> Self {
        Hooks { hooks, inits }
    }

    /// Returns true if no hook is called while the app runs.
    pub(crate) fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    /// Calls the hooks before the build of a task. They may change the task.
    ///
    /// # Errors
    ///
    /// Returns an error if a hook fails.
    pub(crate) fn init(&self, task: &mut TaskBuilder) -> Result<(), Problem> {
        self.inits.iter().try_for_each(|hook| hook.apply(task))
    }

    /// The parameters of all hooks.
    pub(crate) fn specs(&self) -> impl Iterator<Item = &ParamSpec> {
        self.hooks.iter().flat_map(|hook| hook.function.specs())
    }

    /// The hooks of a kind and side, in the order of their declaration.
    pub(crate) fn of(&self, kind: HookKind, side: Side) -> impl Iterator<Item = &Hook> {
        self.hooks
            .iter()
            .filter(move |hook| hook.kind == kind && hook.sides.have(side))
    }

    /// Returns true if there is such a hook.
    pub(crate) fn any(&self, kind: HookKind, side: Side) -> bool {
        self.of(kind, side).next().is_some()
    }
}

/// A hook before the build of each task. It may change the task.
#[derive(Clone)]
pub struct InitHook {
    function: Arc<Init>,
    name: &'static str,
    location: Location,
}

type Init = dyn Fn(TaskBuilder) -> Result<TaskBuilder, String> + Send + Sync;

/// The return type of a hook before a task's build: the task, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "a hook before a task's build returns the `TaskBuilder`, or a `Result` of it, not `{Self}`",
    label = "not a task"
)]
pub trait IntoTask {
    /// Returns the task.
    ///
    /// # Errors
    ///
    /// Returns the reason why the task can't be built.
    fn into_task(self) -> Result<TaskBuilder, String>;
}

impl IntoTask for TaskBuilder {
    fn into_task(self) -> Result<TaskBuilder, String> {
        Ok(self)
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> IntoTask for Result<TaskBuilder, E> {
    fn into_task(self) -> Result<TaskBuilder, String> {
        self.map_err(|error| error.into().to_string())
    }
}

impl InitHook {
    /// Creates a hook from a function with the given name and place of declaration.
    pub fn new<R: IntoTask>(
        name: &'static str,
        location: Location,
        function: impl Fn(TaskBuilder) -> R + Send + Sync + 'static,
    ) -> Self {
        InitHook {
            function: Arc::new(move |task| function(task).into_task()),
            name,
            location,
        }
    }

    /// Applies the hook to a task.
    ///
    /// # Errors
    ///
    /// Returns an error if the hook fails. The task is then unchanged.
    pub(crate) fn apply(&self, task: &mut TaskBuilder) -> Result<(), Problem> {
        let given = task.clone();
        let changed = catch_unwind(AssertUnwindSafe(|| (self.function)(given)))
            .unwrap_or_else(|payload| Err(caught(payload)));
        *task = changed.map_err(|mistake| Problem {
            message: format!(
                "hook `{}` before the build of task `{}`: {mistake}",
                self.name, task.name
            ),
            location: Some(self.location),
        })?;
        Ok(())
    }
}

impl fmt::Debug for InitHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InitHook({})", self.name)
    }
}
