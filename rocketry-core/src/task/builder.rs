//! What a task is made of, before it belongs to an app.

use std::any::Any;
use std::borrow::Cow;

use rocketry_syntax::ast::Delta;

use super::first_run::FirstRun;
use super::handler::Handler;
use super::overlap::Overlap;
use crate::choice::words;
use crate::cond::{Condition, IntoDelta};
use crate::error::{Location, Problem};
use crate::param::{Entry, Params, Value};
use crate::time::{Timestamp, Zone};

/// Where a run happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Execution {
    /// On the scheduler itself, which stands still meanwhile.
    Main,
    /// On the asynchronous runtime: the default for an `async fn`.
    Async,
    /// On a thread of its own: the default for a plain `fn`.
    Thread,
    /// In a process of its own: the same program, started anew for one run. Unix only.
    ///
    /// The program goes through its own `main` until it runs its app; there it makes the one run, and ends. Parameters
    /// and the result go between the two as JSON. What the run prints is kept for the run log. It can be killed,
    /// may leak or crash, and harms nobody.
    ///
    /// Set-up hooks and other hooks are not called in the new process, and it has no [`Session`](crate::Session): what
    /// was changed there would change nothing in the app.
    Process,
}

words!(Execution, "execution", {
    "main" => Main, "async" => Async, "thread" => Thread, "process" => Process,
});

/// A run that is about to be recorded, for a task that names its runs itself.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// The task.
    pub task: &'a str,
    /// The number the run would be called by default.
    pub number: u64,
    /// When the run was due.
    pub due: Timestamp,
    /// The parameters given for this run alone, over those of the task. Those of the session are not among them.
    pub params: &'a Params,
}

/// A function that names runs.
pub type RunIdFn = fn(&NewRun<'_>) -> String;

/// A task before it belongs to an app: what `#[task]` makes of a function, and what the builder takes.
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

/// What few tasks have: an app may be made of a million.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rare {
    /// The name before a group put its prefix to it.
    pub(crate) declared: Option<Cow<'static, str>>,
    pub(crate) end: Option<Condition>,
    pub(crate) jitter: Option<Delta>,
    pub(crate) pool: Option<Cow<'static, str>>,
    pub(crate) description: Option<Cow<'static, str>>,
    pub(crate) group: Option<Cow<'static, str>>,
    pub(crate) run_id: Option<RunIdFn>,
    pub(crate) problems: Vec<Problem>,
}

impl TaskBuilder {
    /// A task of this name, declared at a place.
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

    /// The name of the task as it stands, for a hook before its build.
    pub fn declared_name(&self) -> &str {
        &self.name
    }

    /// Where the task was declared.
    pub fn declared_at(&self) -> Location {
        self.location
    }

    /// Sets the function.
    pub fn handler(mut self, handler: Handler) -> Self {
        self.handler = Some(handler);
        self
    }

    /// Sets another name: the default is the function's path in its crate.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets when the task may start. Without one it only runs when told to.
    #[track_caller]
    pub fn start(mut self, start: impl Into<Condition>) -> Self {
        self.start = Some(start.into());
        self
    }

    /// Sets when a run has to end.
    #[track_caller]
    pub fn end(mut self, end: impl Into<Condition>) -> Self {
        self.rare_mut().end = Some(end.into());
        self
    }

    /// Sets where the task runs.
    pub fn execution(mut self, execution: Execution) -> Self {
        self.execution = Some(execution);
        self
    }

    /// Sets how long a run may take, from its start; it is terminated then. The default is the session's.
    pub fn timeout(mut self, timeout: impl IntoDelta) -> Self {
        match timeout.delta() {
            Ok(timeout) => self.timeout = Some(timeout),
            Err(mistake) => self.problem(format!("timeout of task `{}`: {mistake}", self.name)),
        }
        self
    }

    /// Lets a run take as long as it needs, whatever the session's limit is.
    pub fn no_timeout(mut self) -> Self {
        self.timeout = Some(Delta(u64::MAX));
        self
    }

    /// Sets the priority: of tasks that are due together the greater starts first. The default is 0.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Keeps the task from starting by its condition.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Sets whether the task, as long as it has never run, starts in the period that has begun already. The default is
    /// the [session's](crate::Config::first_run).
    pub fn first_run(mut self, first_run: FirstRun) -> Self {
        self.first_run = Some(first_run);
        self
    }

    /// Runs the task once before the scheduler starts.
    pub fn on_startup(mut self, on_startup: bool) -> Self {
        self.on_startup = on_startup;
        self
    }

    /// Runs the task once when everything else has ended.
    pub fn on_shutdown(mut self, on_shutdown: bool) -> Self {
        self.on_shutdown = on_shutdown;
        self
    }

    /// Tells that a run goes on for as long as the app: it is terminated, not waited for, when the app ends.
    pub fn permanent(mut self, permanent: bool) -> Self {
        self.permanent = permanent;
        self
    }

    /// Lets the task start while it runs.
    pub fn multilaunch(mut self, multilaunch: bool) -> Self {
        self.multilaunch = multilaunch;
        self
    }

    /// Lets the task start while it runs, until so many runs are under way. The default is 1; 0 counts as 1.
    pub fn max_running(mut self, count: u32) -> Self {
        self.max_running = Some(count);
        self
    }

    /// Sets what becomes of a start that comes while the task still runs. The default is that it is not made.
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        self.overlap = Some(overlap);
        self
    }

    /// Spreads the starts of the task: each is made up to so much later than it is due. How much later follows from the
    /// task's name and the instant, and from nothing else: it is the same in each process that has such a task, and
    /// tasks that are due together start one by one.
    ///
    /// The start is made even if the start condition has become false meanwhile, unless the task is disabled or still
    /// runs ([`overlap`](Self::overlap)). What is recorded as [`due`](crate::Record::due) is the instant before the
    /// delay; [`lateness`](crate::Record::lateness) includes the delay. An interval is counted from when the run was
    /// due, so delays do not add up. Runs that are asked for are not delayed.
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

    /// Refuses a run that is asked for while one with equal parameters is in the task's queue. Whoever awaits the second
    /// gets an error for which [`Error::is_duplicate`](crate::Error::is_duplicate) holds. A run under way is not in the
    /// queue any more.
    ///
    /// Parameters are equal if they have the same names, and values that are the same JSON. A value whose type has no
    /// JSON equals only itself: a copy of the same [`Params`]; so does an argument that is yet to be asked.
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

    /// Limits the task's runs together with those of other tasks, to the size of a
    /// [`Rocketry::pool`](crate::Rocketry::pool). A run that is due while the pool is full waits; the one with
    /// the greatest priority starts first, and of equal ones the one that has waited longest. Each tenth turn is that
    /// of the longest wait, whatever its priority is, lest a task waits for ever.
    pub fn pool(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().pool = Some(name.into());
        self
    }

    /// Says what the task is for.
    pub fn description(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().description = Some(description.into());
        self
    }

    /// Puts the task into a group of the app.
    pub fn group(mut self, group: impl Into<Cow<'static, str>>) -> Self {
        self.rare_mut().group = Some(group.into());
        self
    }

    /// Sets the zone whose wall clock the task follows.
    pub fn timezone(mut self, zone: &str) -> Self {
        match zone.parse() {
            Ok(zone) => self.zone = Some(zone),
            Err(mistake) => self.problem(format!("timezone of task `{}`: {mistake}", self.name)),
        }
        self
    }

    /// Lets a function name the task's runs. A name that a run under way has already, or a panic of the function,
    /// leaves the run its number.
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

    /// Sets a parameter of the task that is asked for at each run.
    pub fn argument(mut self, key: &str, argument: impl crate::param::Argument) -> Self {
        self.params.set(key, Entry::argument(argument).at(self.location));
        self
    }

    /// Sets a parameter of the task to what may be a value or an argument.
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

    /// The name before a group put its prefix to it, if one did.
    pub(crate) fn name_before_prefix(&self) -> Option<&str> {
        self.rare.as_ref()?.declared.as_deref()
    }

    /// The name of the pool that it says.
    pub(crate) fn pool_name(&self) -> Option<&str> {
        self.rare.as_ref()?.pool.as_deref()
    }

    /// The name of the group that it says.
    pub(crate) fn group_name(&self) -> Option<&str> {
        self.rare.as_ref()?.group.as_deref()
    }
}
