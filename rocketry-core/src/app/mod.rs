//! The app: everything annotated or added by hand, put together and run.

mod build;
mod only;
mod signals;

pub use only::Only;

use std::any::{Any, type_name};
use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::clock::Clock;
use crate::cond::{Condition, IntoCondCall, KnownCond};
use crate::config::Config;
use crate::drops::{drop_here, held};
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::group::Group;
use crate::hooks::{Hook, HookFn, HookKind, InitHook, IntoTask, Moment, Sides};
use crate::log::{IntoLog, LogSource};
use crate::param::{Argument, Entry, FuncArg, Params, Value};
use crate::registry::{Registered, Registration, TaskType, collected};
use crate::scheduler::Scheduler;
use crate::session::Session;
use crate::task::{IntoHandler, TaskBuilder, func};
use crate::time::{Dates, IntoDates, Zone};

/// How long the runtime waits for threads after the app has ended.
const LAST_WAIT: Duration = Duration::from_millis(100);

/// An app that is being put together.
///
/// ```
/// use rocketry::{Rocketry, Session};
///
/// let app = Rocketry::builder().func("hello", "every 10 seconds", |session: Session| async move {
///     println!("hello at {}", session.now());
///     session.shut_down();
/// });
/// app.run()?;
/// # Ok::<(), rocketry::Error>(())
/// ```
#[must_use = "an app does nothing until it is run"]
pub struct Rocketry(Box<Parts>);

/// What an app is put together from. Each step of that moves the app, so that it is no more than a pointer to this.
struct Parts {
    tasks: Vec<TaskBuilder>,
    params: Params,
    conds: Vec<KnownCond>,
    calendars: Vec<(String, Dates, Location)>,
    hooks: Vec<Hook>,
    inits: Vec<InitHook>,
    groups: Vec<Group>,
    pools: Vec<(Cow<'static, str>, usize)>,
    /// The task that ends the app, if a condition does.
    shut_down: Option<TaskBuilder>,
    config: Config,
    config_file: Option<PathBuf>,
    log: Option<(LogSource, Location)>,
    version: Option<Arc<str>>,
    clock: Clock,
    signals: bool,
    problems: Vec<Problem>,
}

impl Default for Rocketry {
    fn default() -> Self {
        Rocketry::new()
    }
}

impl Rocketry {
    /// An app of everything annotated in the binary.
    pub fn new() -> Self {
        collected()
            .into_iter()
            .fold(Rocketry::builder(), Rocketry::registration)
    }

    /// An app of nothing but what is added to it. Conditions of the binary are known to its statements.
    pub fn builder() -> Self {
        let conds = collected()
            .into_iter()
            .filter_map(|registration| match registration.what {
                Registered::Cond(def) => Some(KnownCond::Declared(def)),
                _ => None,
            });
        Rocketry(Box::new(Parts {
            tasks: Vec::new(),
            params: Params::new(),
            conds: conds.collect(),
            calendars: Vec::new(),
            hooks: Vec::new(),
            inits: Vec::new(),
            groups: Vec::new(),
            pools: Vec::new(),
            shut_down: None,
            config: Config::default(),
            config_file: None,
            log: None,
            version: None,
            clock: Clock::system(),
            signals: true,
            problems: Vec::new(),
        }))
    }

    fn registration(mut self, registration: &'static Registration) -> Self {
        let location = registration.location;
        match registration.what {
            Registered::Task(make) => self.0.tasks.push(make()),
            Registered::Param(name, make) => {
                self.add_param(name, Entry::argument(FuncArg::of(name, make())).at(location));
            }
            Registered::Hook(kind, sides, name, make) => {
                self.0.hooks.push(Hook {
                    kind,
                    sides,
                    name,
                    location,
                    function: make(),
                });
            }
            Registered::Init(make) => self.0.inits.push(make()),
            Registered::Cond(_) => {}
        }
        self
    }

    /// Adds an annotated function by its name as a type: `.register::<fetch>()`.
    pub fn register<T: TaskType>(self) -> Self {
        self.task(T::task())
    }

    /// Adds a task.
    pub fn task(mut self, task: TaskBuilder) -> Self {
        self.0.tasks.push(task);
        self
    }

    /// Adds a function or closure as a task with a start condition.
    #[track_caller]
    pub fn func<Marker>(
        self,
        name: impl Into<std::borrow::Cow<'static, str>>,
        start: impl Into<Condition>,
        function: impl IntoHandler<Marker>,
    ) -> Self {
        let task = func(name, function).start(start);
        self.task(task)
    }

    /// Adds a session parameter with a value. It replaces an annotated one of the same name.
    #[track_caller]
    pub fn param<T: Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.0
            .params
            .set(key, Entry::value_of(Value::new(value)).at(Location::caller()));
        self
    }

    /// Adds a session parameter that is asked for each time. It replaces an annotated one of the same name.
    #[track_caller]
    pub fn argument(mut self, key: &str, argument: impl Argument) -> Self {
        self.0
            .params
            .set(key, Entry::argument(argument).at(Location::caller()));
        self
    }

    /// Adds a condition that the strings of the app may name by a phrase: what `#[cond]` does for a function. Its
    /// parameters are extractors; it returns `bool`, or a `Result` of it.
    ///
    /// ```
    /// use rocketry::{Now, Rocketry};
    /// use chrono::Datelike;
    ///
    /// let app = Rocketry::builder()
    ///     .cond("is workday", |now: Now| now.weekday().number_from_monday() < 6)
    ///     .func("report", "daily & is workday", || async {});
    /// # app.build().unwrap();
    /// ```
    ///
    /// [`Condition::from_fn`] makes a condition without a phrase.
    #[track_caller]
    pub fn cond<Marker>(mut self, phrase: impl Into<String>, function: impl IntoCondCall<Marker>) -> Self {
        let call = function.into_call(phrase.into(), Location::caller());
        self.0.conds.push(KnownCond::ByHand(Arc::new(call)));
        self
    }

    /// Adds a calendar: days that statements may name.
    ///
    /// `on 'holidays'` is true on these days, and a business day of a calendar is one of Monday to Friday that is none of
    /// them: `monthly on last business day of 'nyse'`. The days come from a list, a [file](Dates::file), which is read again
    /// when it changes, or a [function of the year](Dates::by_year).
    ///
    /// A statement that asks about a day after the last of a list or file is told in
    /// [`failures`](crate::Session::failures), once.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder()
    ///     .calendar("holidays", ["2026-12-25", "2026-12-26", "2027-01-01"])
    ///     .func("report", "daily at 09:00 on weekdays & ~on 'holidays'", || async {})
    ///     .func("wages", "monthly on last business day of 'holidays' 17:00", || async {});
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn calendar(mut self, name: impl Into<String>, days: impl IntoDates) -> Self {
        let (name, location) = (name.into(), Location::caller());
        match days.into_dates() {
            Ok(dates) => self.0.calendars.push((name, dates, location)),
            Err(mistake) => self.0.problems.push(Problem {
                message: format!("calendar `{name}`: {mistake}"),
                location: Some(location),
            }),
        }
        self
    }

    /// Adds a group that tasks may name.
    pub fn group(mut self, group: Group) -> Self {
        self.0.groups.push(group);
        self
    }

    /// Adds a pool, which limits how many runs of the tasks that name it are under way at a time.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let query = |name| Task::func(name, || async {}).start("every 1 minute").pool("db");
    /// let app = Rocketry::builder().pool("db", 1).task(query("sales")).task(query("stock"));
    /// # app.build().unwrap();
    /// ```
    ///
    /// A size in the [settings](Config::pools) goes over this one.
    pub fn pool(mut self, name: impl Into<Cow<'static, str>>, size: usize) -> Self {
        self.0.pools.push((name.into(), size));
        self
    }

    /// Sets the settings. Those of a [file](Self::config_file) and of the environment go over these, see
    /// [`Config`].
    pub fn config(mut self, config: Config) -> Self {
        self.0.config = config;
        self
    }

    /// Reads settings from a TOML file when the app is built; they go over those made in code, wherever these
    /// are made. Needs the feature `config-file`.
    ///
    /// ```no_run
    /// use rocketry::{Config, Rocketry};
    ///
    /// let app = Rocketry::new().config(Config { timeout: None, ..Config::default() }).config_file("rocketry.toml");
    /// app.run()?;
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.config_file = Some(path.into());
        self
    }

    /// Calls a function before anything else. What it returns is kept until the app has ended; if it fails, the
    /// app does not start.
    #[track_caller]
    pub fn setup<Marker, F: IntoHandler<Marker>>(self, function: F) -> Self {
        self.hook(HookKind::Setup, Sides::Before, function)
    }

    /// Calls a function before each such moment. It may take [`Session`], [`Task`](struct@crate::Task) and the like, and
    /// return nothing or a `Result`; what follows a failure is said by the [settings](Config::on_hook_error).
    ///
    /// ```
    /// use rocketry::{Moment, Rocketry, Task};
    ///
    /// let app = Rocketry::builder().before(Moment::TaskExecute, |task: Task| println!("{} starts", task.name()));
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn before<Marker, F: IntoHandler<Marker>>(self, moment: Moment, function: F) -> Self {
        self.hook(moment.into(), Sides::Before, function)
    }

    /// Calls a function after each such moment; after a run it may take the [`Ended`](crate::Ended).
    #[track_caller]
    pub fn after<Marker, F: IntoHandler<Marker>>(self, moment: Moment, function: F) -> Self {
        self.hook(moment.into(), Sides::After, function)
    }

    /// Lets a function change each task before it is built, also those added while the app runs. It returns the
    /// task, or a `Result` of it: an `Err` is a mistake of the app. What the group of the task says comes after.
    ///
    /// ```
    /// use rocketry::{Rocketry, TaskBuilder};
    ///
    /// let app = Rocketry::builder().before_task_init(|task: TaskBuilder| task.timeout("5 minutes"));
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn before_task_init<R, F>(mut self, function: F) -> Self
    where
        R: IntoTask,
        F: Fn(TaskBuilder) -> R + Send + Sync + 'static,
    {
        self.0
            .inits
            .push(InitHook::new(type_name::<F>(), Location::caller(), function));
        self
    }

    /// Calls a function after the build of each task, also of those added while the app runs: its
    /// [`Task`](struct@crate::Task) is the one that was built.
    #[track_caller]
    pub fn after_task_init<Marker, F: IntoHandler<Marker>>(self, function: F) -> Self {
        self.hook(HookKind::TaskInit, Sides::After, function)
    }

    #[track_caller]
    fn hook<Marker, F: IntoHandler<Marker>>(mut self, kind: HookKind, sides: Sides, function: F) -> Self {
        let location = Location::caller();
        let function = HookFn::of(function.into_handler(location));
        self.0.hooks.push(Hook {
            kind,
            sides,
            name: type_name::<F>(),
            location,
            function,
        });
        self
    }

    /// Sets where runs are recorded; in memory, unless told otherwise. Takes a [`RunLog`](crate::RunLog) or the
    /// address of one: `"memory:"`, `"csv:tasks.csv"`, `"sqlite:app.db"`, `"postgres://user@host/database"`, each but
    /// the first with the feature of its name. It is opened when the app is built, and the app goes on where it
    /// was.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let error = Rocketry::builder().log("sqlit:app.db").build().unwrap_err();
    /// assert!(error.to_string().contains("did you mean `sqlite`?"), "{error}");
    /// ```
    #[track_caller]
    pub fn log(mut self, log: impl IntoLog) -> Self {
        self.0.log = Some((log.into_log(), Location::caller()));
        self
    }

    /// Tells the version of the app, which a durable run log records: `.version(env!("CARGO_PKG_VERSION"))`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.0.version = Some(version.into().into());
        self
    }

    /// Ends the app, gracefully, once a condition is true. Called several times, it ends it once any of the
    /// conditions is. This is Rocketry's `shut_cond`.
    #[track_caller]
    pub fn shut_down_when(mut self, condition: impl Into<Condition>) -> Self {
        let mut task = match self.0.shut_down.take() {
            Some(task) => task,
            None => func("shut down", |session: Session| async move { session.shut_down() }),
        };
        let condition = condition.into();
        let any = match task.start.take() {
            Some(before) => before | condition,
            None => condition,
        };
        self.0.shut_down = Some(task.start(any));
        self
    }

    /// Tells whether Ctrl-C and SIGTERM end the app; they do, unless told otherwise.
    pub fn handle_signals(mut self, handle: bool) -> Self {
        self.0.signals = handle;
        self
    }

    /// Sets the clock for a test, which answers the same wherever it runs.
    pub(crate) fn on_manual_time(mut self, clock: Clock) -> Self {
        self.0.clock = clock;
        if self.0.config == Config::default() {
            self.0.config.zone = Zone::UTC;
        }
        self
    }

    /// Puts the app together without running it.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds: names that nothing has or two things have, statements that don't parse,
    /// parameters that nothing gives or that go in a circle. All mistakes are reported together, each with
    /// its file and line.
    pub fn build(self) -> Result<App> {
        let signals = self.0.signals;
        Ok(App {
            session: build::build(*self.0)?,
            signals,
            is_shared: AtomicBool::new(false),
        })
    }

    /// Puts the app together and runs it until it is shut down, on a runtime of its own.
    ///
    /// # Errors
    ///
    /// What [`build`](Self::build) says, and what [`App::run`] says.
    pub fn run(self) -> Result<()> {
        self.build()?.run()
    }

    /// Puts the app together and runs it until it is shut down, on the current runtime.
    ///
    /// # Errors
    ///
    /// What [`build`](Self::build) says, and what [`App::serve`] says.
    pub async fn serve(self) -> Result<()> {
        self.build()?.serve().await
    }

    fn add_param(&mut self, name: &str, entry: Entry) {
        if let Some(first) = self.0.params.get(name) {
            let place = first
                .location()
                .map_or_else(String::new, |place| format!("; the first is declared at {place}"));
            let message = format!("two session parameters are named `{name}`{place}");
            self.0.problems.push(Problem {
                message,
                location: entry.location(),
            });
        }
        self.0.params.set(name, entry);
    }
}

impl fmt::Debug for Rocketry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks: Vec<&str> = self.0.tasks.iter().map(|task| &*task.name).collect();
        f.debug_struct("Rocketry")
            .field("tasks", &tasks)
            .finish_non_exhaustive()
    }
}

/// An app that has been put together and can be run.
#[derive(Debug)]
#[must_use = "an app does nothing until it is run"]
pub struct App {
    session: Session,
    signals: bool,
    /// Whether somebody has a handle, who may add tasks.
    is_shared: AtomicBool,
}

impl App {
    /// A handle to the app, to steer it from elsewhere.
    pub fn session(&self) -> Session {
        self.is_shared.store(true, Ordering::Relaxed);
        self.session.clone()
    }

    /// Whether there is nothing to run, and nobody who could add something.
    fn is_empty(&self) -> bool {
        let has_handle = self.is_shared.load(Ordering::Relaxed);
        !has_handle && self.session.0.hooks.is_empty() && self.session.state().tasks.is_empty()
    }

    /// Runs the app until it is shut down, on a runtime of its own with a thread for each processor.
    ///
    /// Ctrl-C and SIGTERM let the runs under way end and then end the app; a second one ends it at once.
    ///
    /// What happens is told through `tracing`, with the targets `rocketry::run` and `rocketry::app`: a span for each run,
    /// and events when a run starts, ends or has to wait, and when the app starts up and shuts down. Where no subscriber is
    /// set, the essentials are lines on the standard error, unless the [settings](Config::console) say otherwise.
    ///
    /// An app without tasks says so and ends, unless there is somebody to add some: a hook, or whoever has its
    /// [`session`](Self::session).
    ///
    /// When this returns, another app may have the run log, unless this one has restarted in another process. A
    /// [`Session`] that somebody has kept can still read it.
    ///
    /// An app runs once:
    ///
    /// ```compile_fail,E0382
    /// # use rocketry::Rocketry;
    /// let app = Rocketry::builder().build()?;
    /// app.run()?;
    /// app.run()?;
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] holds if it is called inside a runtime (use [`serve`](Self::serve) there), if the
    /// runtime can't be made, or if a setup hook fails. [`Error::is_halted`] holds if the app was shut down by a
    /// failure that its [settings](Config) want it to end with, and [`Error::is_log`] if the run log could not be
    /// written in the end; the message says how much.
    pub fn run(self) -> Result<()> {
        blocking(self.session.clone(), self.serve())
    }

    /// Runs the app until it is shut down, on the current runtime.
    ///
    /// When this has ended, another app may have the run log, as with [`run`](Self::run).
    ///
    /// Not cancel safe: dropping the future leaves the runs under way to themselves; use
    /// [`Session::shut_down`]. The run log is another app's then when the runtime has ended.
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] holds if a setup hook fails, [`Error::is_halted`] if the app was shut down by a
    /// failure that its [settings](Config) want it to end with, and [`Error::is_log`] if the run log could not be
    /// written in the end.
    pub async fn serve(self) -> Result<()> {
        let is_empty = self.is_empty();
        let App { session, signals, .. } = self;
        #[cfg(unix)]
        if crate::exec::is_child() {
            crate::exec::serve_as_child(&session).await;
        }
        session.open_console();
        if is_empty {
            session.tell_empty();
            drop(Scheduler::new(session)?);
            crate::exec::finish().await;
            return Ok(());
        }
        let listener = if signals {
            Some(signals::listen(session.clone()).await)
        } else {
            None
        };
        let ended = serve_until_over(&session).await;
        if let Some(listener) = listener {
            listener.abort();
        }
        // Where nobody else has the app, everything that it had is dropped here.
        drop_here(session);
        crate::exec::finish().await;
        ended
    }

    pub(crate) fn into_session(self) -> Session {
        self.session
    }
}

/// Serves an app until it is shut down, however often it starts anew.
async fn serve_until_over(session: &Session) -> Result<()> {
    loop {
        let scheduler = Scheduler::new(session.clone())?;
        // On a worker of the runtime, a run that starts is at once at hand there.
        let ended = tokio::spawn(held(scheduler.run())).await;
        let anew = ended.unwrap_or_else(|cause| {
            let message = format!("the scheduler broke down: {cause}");
            Err(Error::new(Kind::State, message))
        });
        if !anew? {
            return Ok(());
        }
    }
}

/// Waits for the end of an app, on a runtime of its own.
fn blocking<T>(session: Session, served: impl Future<Output = Result<T>>) -> Result<T> {
    if tokio::runtime::Handle::try_current().is_ok() {
        let message = "`run` blocks its thread, which is not possible inside an asynchronous runtime; use `serve().await`";
        return Err(Error::new(Kind::State, message));
    }
    #[cfg(unix)]
    if crate::exec::is_child() {
        crate::exec::run_as_child(&session);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| {
            Error::new(Kind::State, format!("the runtime can't be made: {cause}")).because(cause)
        })?;
    let ended = runtime.block_on(served);
    runtime.shutdown_timeout(LAST_WAIT);
    drop_here(session);
    ended
}
