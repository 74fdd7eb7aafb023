//! The builder of tasks.

use std::any::Any;
use std::borrow::Cow;

use rocketry_syntax::ast::Delta;
use rocketry_syntax::{CatchUp, Lints};

use super::first_run::FirstRun;
use super::handler::Handler;
use super::on_crash::OnCrash;
use super::overlap::Overlap;
use crate::choice::words;
use crate::cond::{Condition, IntoDelta};
use crate::error::{Location, Problem};
use crate::param::{Entry, Params, Value};
use crate::time::{Timestamp, Zone};

/// Where a run executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Execution {
    /// On the scheduler itself, which is blocked meanwhile.
    Main,
    /// On the asynchronous runtime: the default for an `async fn`.
    Async,
    /// On a thread of its own: the default for a plain `fn`.
    Thread,
    /// In its own process: a new process of the same program for each run. Unix only.
    ///
    /// The new process executes `main` until it runs its app. There it executes the run and exits. Parameters
    /// and the result are transferred as JSON. The output of the run is kept for the run log. The process can
    /// be killed; leaks and crashes do not affect the app.
    ///
    /// The new process calls no hooks or set-up functions, and has no [`Session`](crate::Session), because
    /// changes there would not reach the app.
    Process,
}

words!(Execution, "execution", {
    "main" => Main, "async" => Async, "thread" => Thread, "process" => Process,
});

/// A run that is about to be recorded, as passed to the function of [`TaskBuilder::run_id`].
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// The task.
    pub task: &'a str,
    /// The default number of the run.
    pub number: u64,
    /// When the run was due.
    pub due: Timestamp,
    /// The parameters of the task, overridden by those given for this run. Parameters of the session are not
    /// included.
    pub params: &'a Params,
}

/// A function that names runs.
pub type RunIdFn = fn(&NewRun<'_>) -> String;

/// A task that is not yet part of an app. `#[task]` creates one from a function.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent yes or no of the user's"
)]
#[derive(Clone, Debug)]
#[must_use = "a task does nothing until an app has it"]
pub struct TaskBuilder {
    pub(crate) name: Cow<'static, str>,
    pub(crate) location: Location,
    pub(crate) handler: Option<Handler>,
    pub(crate) start: Option<Condition>,
    pub(crate) execution: Option<Execution>,
    pub(crate) timeout: Option<Delta>,
    pub(crate) priority: Option<i32>,
    pub(crate) disabled: bool,
    pub(crate) first_run: Option<FirstRun>,
    pub(crate) on_startup: bool,
    pub(crate) on_shutdown: bool,
    pub(crate) permanent: bool,
    pub(crate) multilaunch: bool,
    pub(crate) max_running: Option<u32>,
    pub(crate) unique: bool,
    pub(crate) overlap: Option<Overlap>,
    pub(crate) zone: Option<Zone>,
    pub(crate) params: Params,
    rare: Option<Box<Rare>>,
}

/// Options that few tasks have. They are stored separately because an app can have a million tasks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    /// The name before a group added its prefix.
    pub(crate) declared: Option<Cow<'static, str>>,
    pub(crate) end: Option<Condition>,
    pub(crate) jitter: Option<Delta>,
    pub(crate) pool: Option<Cow<'static, str>>,
    pub(crate) lane: Option<Cow<'static, str>>,
    pub(crate) description: Option<Cow<'static, str>>,
    pub(crate) group: Option<Cow<'static, str>>,
    pub(crate) run_id: Option<RunIdFn>,
    pub(crate) on_crash: Option<OnCrash>,
    pub(crate) attempts: Option<u32>,
    pub(crate) allowed: Lints,
    pub(crate) catch_up: Option<CatchUp>,
    /// Whether the task belongs to the app itself.
    pub(crate) of_app: bool,
    pub(crate) problems: Vec<Problem>,
}

impl TaskBuilder {
    /// Creates a task with a name and the place of its declaration.
    pub fn new(name: impl Into<Cow<'static, str>>, location: Location) -> Self {
        TaskBuilder {
            name: name.into(),
            location,
            handler: None,
            start: None,
            execution: None,
            timeout: None,
            priority: None,
            disabled: false,
            first_run: None,
            on_startup: false,
            on_shutdown: false,
            permanent: false,
            multilaunch: false,
            max_running: None,
            unique: false,
            overlap: None,
            zone: None,
            params: Params::new(),
            rare: None,
        }
    }

    /// Returns the current name of the task, for hooks that run before the task is built.
    pub fn declared_name(&self) -> &str {
        &self.name
    }

    /// Returns the place where the task was declared.
    pub fn declared_at(&self) -> Location {
        self.location
    }

    /// Sets the function that the task runs.
    pub fn handler(mut self, handler: Handler) -> Self {
        self.handler = Some(handler);
        self
    }

    /// Sets the name. The default is the path of the function in its crate.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the condition on which the task starts. A task without one runs only on request.
    #[track_caller]
    pub fn start(mut self, start: impl Into<Condition>) -> Self {
        self.start = Some(start.into());
        self
    }

    /// Sets the condition on which a run is terminated.
    #[track_caller]
    pub fn end(mut self, end: impl Into<Condition>) -> Self {
        self.rare_mut().end = Some(end.into());
        self
    }

    /// Sets where the task executes.
    pub fn execution(mut self, execution: Execution) -> Self {
        self.execution = Some(execution);
        self
    }

    /// Sets the maximum duration of a run, from its start. A run that takes longer is terminated. The default is the
    /// [session's](crate::Config::timeout).
    pub fn timeout(mut self, timeout: impl IntoDelta) -> Self {
        match timeout.delta() {
            Ok(timeout) => self.timeout = Some(timeout),
            Err(mistake) => self.problem(format!("timeout of task `{}`: {mistake}", self.name)),
        }
        self
    }

    /// Removes the time limit, also that of the session.
    pub fn no_timeout(mut self) -> Self {
        self.timeout = Some(Delta(u64::MAX));
        self
    }

    /// Sets the priority. Of tasks that are due together, the one with the highest priority starts first. The default
    /// is 0.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Disables the task: its condition no longer starts it.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Sets whether a task that has never run starts within the current period. The default is the
    /// [session's](crate::Config::first_run).
    pub fn first_run(mut self, first_run: FirstRun) -> Self {
        self.first_run = Some(first_run);
        self
    }

    /// Runs the task once before the scheduler starts. No other run starts before it has ended, so it must
    /// not wait for one.
    pub fn on_startup(mut self, on_startup: bool) -> Self {
        self.on_startup = on_startup;
        self
    }

    /// Runs the task once after all other runs have ended.
    pub fn on_shutdown(mut self, on_shutdown: bool) -> Self {
        self.on_shutdown = on_shutdown;
        self
    }

    /// Marks a task that never ends by itself. At shutdown the app terminates its run instead of waiting for it.
    pub fn permanent(mut self, permanent: bool) -> Self {
        self.permanent = permanent;
        self
    }

    /// Allows concurrent runs of the task.
    pub fn multilaunch(mut self, multilaunch: bool) -> Self {
        self.multilaunch = multilaunch;
        self
    }

    /// Sets the maximum number of concurrent runs of the task. The default is 1; 0 counts as 1.
    pub fn max_running(mut self, count: u32) -> Self {
        self.max_running = Some(count);
        self
    }

    /// Sets what happens when a start is due while the task runs. The default is to skip it.
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        self.overlap = Some(overlap);
        self
    }

    /// Sets whether the schedule counts a run that was interrupted by a crash of the app. By default it does
    /// not, and the run is repeated; in a [cluster](crate::Rocketry::cluster) it does.
    pub fn on_crash(mut self, on_crash: OnCrash) -> Self {
        self.rare_mut().on_crash = Some(on_crash);
        self
    }

    /// Delays each start by up to `within`, so that tasks that are due together do not start at the same time. The
    /// delay is computed from the name of the task and the due instant only: it is the same in every process that has
    /// this task.
    ///
    /// A delayed start happens even if the start condition has become false, unless the task is disabled or still
    /// runs ([`overlap`](Self::overlap)). [`Record::due`](crate::Record::due) is the instant before the delay;
    /// [`Record::lateness`](crate::Record::lateness) includes the delay. An interval is counted from the due instant,
    /// so delays do not add up. Requested runs are not delayed.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use rocketry::{Rocketry, Task, testing::TestApp};
    ///
    /// let task = |name| Task::func(name, || async {}).start("hourly").jitter("30 s");
    /// let app = Rocketry::builder().task(task("north")).task(task("south"));
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.run_for(Duration::from_secs(30));
    /// assert_eq!(app.starts("north")[0].to_string(), "2026-01-01T00:00:24.471713Z");
    /// assert_eq!(app.starts("south")[0].to_string(), "2026-01-01T00:00:11.710427Z");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn jitter(mut self, within: impl IntoDelta) -> Self {
        match within.delta() {
            Ok(within) => self.rare_mut().jitter = Some(within),
            Err(mistake) => self.problem(format!("jitter of task `{}`: {mistake}", self.name)),
        }
        self
    }

    /// Rejects a requested run while the queue of the task has a run with equal parameters. The rejected request
    /// fails with an error for which [`Error::is_duplicate`](crate::Error::is_duplicate) is true. A run that has
    /// started is no longer in the queue.
    ///
    /// Parameters are equal if they have the same names and serialize to the same JSON values. A value whose type has
    /// no JSON form equals only itself, that is a copy of the same [`Params`]. The same applies to an argument that
    /// is not evaluated yet.
    ///
    /// ```
    /// use rocketry::{Params, Rocketry, Task, testing::TestApp};
    ///
    /// let app = Rocketry::builder().task(Task::func("index", || async {}).unique(true));
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let index = app.session().task("index")?;
    /// for page in [1, 2, 1] {
    ///     index.run(Params::new().with("page", page));
    /// }
    /// app.settle();
    /// assert_eq!(app.starts("index").len(), 2);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn unique(mut self, unique: bool) -> Self {
        self.unique = unique;
        self
    }

    /// Sets a description of the task.
    pub fn description(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().description = Some(description.into());
        self
    }

    /// Adds the task to a group of the app.
    pub fn group(mut self, group: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().group = Some(group.into());
        self
    }

    /// Sets the time zone of the task.
    pub fn timezone(mut self, zone: &str) -> Self {
        match zone.parse() {
            Ok(zone) => self.zone = Some(zone),
            Err(mistake) => self.problem(format!("timezone of task `{}`: {mistake}", self.name)),
        }
        self
    }

    /// Sets a function that names the runs of the task. If the function panics, or returns the name of a run that is
    /// in progress, the run keeps its number.
    pub fn run_id(mut self, run_id: RunIdFn) -> Self {
        self.rare_mut().run_id = Some(run_id);
        self
    }

    /// Sets a parameter of the task.
    pub fn parameter<T: Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.params
            .set(key, Entry::value_of(Value::new(value)).at(self.location));
        self
    }

    /// Sets a parameter of the task that is evaluated for each run.
    pub fn argument(mut self, key: &str, argument: impl crate::param::Argument) -> Self {
        self.params.set(key, Entry::argument(argument).at(self.location));
        self
    }

    /// Sets a parameter of the task to an entry, which is a value or an argument.
    pub fn entry(mut self, key: &str, entry: Entry) -> Self {
        self.params.set(key, entry.at(self.location));
        self
    }

    pub(super) fn problem(&mut self, message: String) {
        let location = Some(self.location);
        self.rare_mut().problems.push(Problem { message, location });
    }

    pub(crate) fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(crate) fn take_rare(&mut self) -> Rare {
        self.rare.take().map_or_else(Rare::default, |rare| *rare)
    }

    /// Returns the name before a group added its prefix, if one did.
    pub(crate) fn name_before_prefix(&self) -> Option<&str> {
        self.rare.as_ref()?.declared.as_deref()
    }

    /// Returns the name of the pool of the task.
    pub(crate) fn pool_name(&self) -> Option<&str> {
        self.rare.as_ref()?.pool.as_deref()
    }

    /// Marks the task as one of the app itself, which no pause holds back.
    pub(crate) fn of_app(mut self) -> Self {
        self.rare_mut().of_app = true;
        self
    }

    /// Returns the name of the group of the task.
    pub(crate) fn group_name(&self) -> Option<&str> {
        self.rare.as_ref()?.group.as_deref()
    }
}
