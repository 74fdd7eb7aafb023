//! The builder of an app.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::parts::Parts;
use super::{App, build};
use crate::clock::Clock;
use crate::cluster::IntoCluster;
use crate::cond::{Condition, IntoCondCall, KnownCond};
use crate::config::Config;
use crate::error::{Location, Problem, Result};
use crate::group::Group;
use crate::hooks::Hook;
use crate::log::IntoLog;
use crate::param::{Argument, Entry, FuncArg, Params, Value};
use crate::registry::{Registered, Registration, TaskType, collected};
use crate::session::Session;
use crate::task::{IntoHandler, TaskBuilder, func};
use crate::time::{IntoDates, Zone};

/// The builder of an app.
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
pub struct Rocketry(pub(super) Box<Parts>);

impl Default for Rocketry {
    fn default() -> Self {
        Rocketry::new()
    }
}

impl Rocketry {
    /// Creates an app with every annotated function of the binary.
    pub fn new() -> Self {
        let mut app = Rocketry::builder();
        app.0.is_whole = true;
        collected().into_iter().fold(app, Rocketry::registration)
    }

    /// Creates an empty app. Its statements can use the annotated conditions of the binary.
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
            has_shut_down: false,
            config: Config::default(),
            config_file: None,
            log: None,
            cluster: None,
            version: None,
            clock: Clock::system(),
            signals: true,
            is_inspected: false,
            is_whole: false,
            allowed: rocketry_syntax::Lints::NONE,
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

    /// Adds an annotated function, by its name as a type: `.register::<fetch>()`.
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

    /// Adds a session parameter with a value. It replaces an annotated parameter with the same name.
    #[track_caller]
    pub fn param<T: Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.0
            .params
            .set(key, Entry::value_of(Value::new(value)).at(Location::caller()));
        self
    }

    /// Adds a session parameter that is evaluated at each use. It replaces an annotated parameter with the same name.
    #[track_caller]
    pub fn argument(mut self, key: &str, argument: impl Argument) -> Self {
        self.0
            .params
            .set(key, Entry::argument(argument).at(Location::caller()));
        self
    }

    /// Adds a condition with a phrase that the statements of the app can use, as `#[cond]` does for a function. Its
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
    /// [`Condition::from_fn`] creates a condition without a phrase.
    #[track_caller]
    pub fn cond<Marker>(mut self, phrase: impl Into<String>, function: impl IntoCondCall<Marker>) -> Self {
        let call = function.into_call(phrase.into(), Location::caller());
        self.0.conds.push(KnownCond::ByHand(Arc::new(call)));
        self
    }

    /// Adds a calendar: a set of days that statements can name.
    ///
    /// `on 'holidays'` is true on these days. A business day of a calendar is a day from Monday to Friday that is not
    /// in the calendar: `monthly on last business day of 'nyse'`. The days come from a list, from a
    /// [file](crate::time::Dates::file), which is read again when it changes, or from a
    /// [function of the year](crate::time::Dates::by_year).
    ///
    /// If a statement uses a day after the last day of a list or file, the app reports this once in
    /// [`failures`](crate::Session::failures).
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

    /// Adds a group that tasks can join.
    pub fn group(mut self, group: Group) -> Self {
        self.0.groups.push(group);
        self
    }

    /// Adds a pool. It limits the number of concurrent runs of the tasks that use it.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let query = |name| Task::func(name, || async {}).start("every 1 minute").pool("db");
    /// let app = Rocketry::builder().pool("db", 1).task(query("sales")).task(query("stock"));
    /// # app.build().unwrap();
    /// ```
    ///
    /// A size in the [settings](Config::pools) overrides this one.
    pub fn pool(mut self, name: impl Into<Cow<'static, str>>, size: usize) -> Self {
        self.0.pools.push((name.into(), size));
        self
    }

    /// Sets the settings. Those of a [file](Self::config_file) and of the environment override them; see [`Config`].
    pub fn config(mut self, config: Config) -> Self {
        self.0.config = config;
        self
    }

    /// Reads settings from a TOML file when the app is built. They override those made in code, whatever the order of
    /// the calls. Requires the feature `config-file`.
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

    /// Sets where runs are recorded. The default is in memory. Takes a [`RunLog`](crate::RunLog) or the address of
    /// one: `"memory:"`, `"csv:tasks.csv"`, `"sqlite:app.db"`, `"postgres://user@host/database"`. Each address except
    /// the first requires the feature of the same name. The log is opened when the app is built, and the app
    /// continues from the recorded state.
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

    /// Makes the app a node of a cluster. The same program runs on several machines; one of them at a time, the leader,
    /// decides what runs, and all of them execute runs. If the leader ends, is killed or can't be reached, another node
    /// takes over. Takes the address of the cluster, which is also that of the run log: `"nats://a:4222,b:4222,c:4222/name"`
    /// with the feature `nats`, or `"postgres://user@host/database"` with the feature `postgres`.
    ///
    /// ```no_run
    /// use rocketry::Rocketry;
    ///
    /// Rocketry::new().cluster("nats://a:4222,b:4222,c:4222/billing").run()?;
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// The other nodes stand by: their app is in the [phase](crate::Phase) `Standby`, and
    /// [`Task::holds`](crate::Task::holds) contains [`Hold::NotLeader`](crate::Hold::NotLeader). Runs can be requested and
    /// tasks changed through every node; a node that stands by forwards them to the leader. Set-up functions, hooks and
    /// start-up tasks run when a node becomes the leader, and the shut-down hooks when it stops being the leader. See
    /// [`cluster`](crate::cluster) for the guarantees.
    ///
    /// Setting a [`log`](Self::log) as well is a mistake.
    #[track_caller]
    pub fn cluster(mut self, cluster: impl IntoCluster) -> Self {
        self.0.cluster = Some((cluster.into_cluster(), Location::caller()));
        self
    }

    /// Sets the version of the app, which a durable run log records: `.version(env!("CARGO_PKG_VERSION"))`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.0.version = Some(version.into().into());
        self
    }

    /// Shuts the app down gracefully once a condition is true. After several calls, any of the conditions shuts it
    /// down. This is `shut_cond` in Rocketry.
    #[track_caller]
    pub fn shut_down_when(mut self, condition: impl Into<Condition>) -> Self {
        let mut task = match self.0.shut_down.take() {
            Some(task) => task,
            None => func("shut down", |session: Session| async move { session.shut_down() }).of_app(),
        };
        let condition = condition.into();
        let any = match task.start.take() {
            Some(before) => before | condition,
            None => condition,
        };
        self.0.shut_down = Some(task.start(any));
        self
    }

    /// Sets whether Ctrl-C and SIGTERM shut the app down. The default is `true`.
    pub fn handle_signals(mut self, handle: bool) -> Self {
        self.0.signals = handle;
        self
    }

    /// Sets the clock for a test. On manual time, an app with default settings uses UTC, so that the test behaves the same on
    /// every machine.
    pub(crate) fn on_clock(mut self, clock: Clock) -> Self {
        if clock.as_manual().is_some() && self.0.config == Config::default() {
            self.0.config.zone = Zone::UTC;
        }
        self.0.clock = clock;
        self
    }

    /// Builds the app without running it.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_build`](crate::Error::is_build) is true if a name is unknown or used twice, if a statement
    /// can't be parsed, or if a parameter has no value or depends on itself. The error reports all mistakes together,
    /// each with its file and line.
    pub fn build(self) -> Result<App> {
        let signals = self.0.signals;
        Ok(App::new(build::build(*self.0)?, signals))
    }

    /// Builds the app for inspection: its tasks, their past runs and their next starts. Nothing runs, and the
    /// run log is read but never written. Changes made through the handle are lost with it.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let session = app.inspect()?;
    /// assert!(session.task("report")?.next_due().is_some());
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`build`](Self::build). [`Error::is_log`](crate::Error::is_log) is true if the log can't be read. A log that is
    /// given by its address is opened read-only: a running app may have it open, and another app may start meanwhile.
    pub fn inspect(mut self) -> Result<Session> {
        self.0.is_inspected = true;
        Ok(self.build()?.into_session())
    }

    /// Builds the app and runs it until it is shut down, on a runtime of its own.
    ///
    /// # Errors
    ///
    /// See [`build`](Self::build) and [`App::run`].
    pub fn run(self) -> Result<()> {
        self.build()?.run()
    }

    /// Builds the app and runs it until it is shut down, on the current runtime.
    ///
    /// # Errors
    ///
    /// See [`build`](Self::build) and [`App::serve`].
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
