//! The settings of an app.

mod changing;
#[cfg(feature = "config-file")]
mod file;
mod layers;
mod restarting;
mod task_defaults;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::choice::words;
use crate::log::DEFAULT_CAPACITY;
use crate::task::FirstRun;
use crate::time::Zone;

pub use restarting::Restarting;
pub use task_defaults::TaskDefaults;

/// The settings of an app. Functions can take it as a parameter to read the settings.
///
/// A setting can be made in several places. Later places in this list override earlier ones: the default, the code
/// ([`Rocketry::config`](crate::Rocketry::config)), a file ([`Rocketry::config_file`](crate::Rocketry::config_file)),
/// the environment.
///
/// ```
/// use std::time::Duration;
/// use rocketry::Config;
///
/// let config = Config { poll_interval: Duration::from_millis(50), ..Config::default() };
/// assert_eq!(config.timeout, Some(Duration::from_secs(30 * 60)));
/// ```
///
/// # In a file
///
/// Keys are the names of the fields. Time zones, durations and choices are strings:
///
/// ```toml
/// zone = "Europe/Helsinki"
/// timeout = "never"
/// poll_interval = "50 ms"
/// log_capacity = 10_000
/// on_log_error = "halt"
///
/// [pools]
/// db = 4
///
/// [task_defaults]
/// overlap = "queue"
/// ```
///
/// # In the environment
///
/// The name of a variable is the name of the field in capitals, with the prefix `ROCKETRY_`:
/// `ROCKETRY_POLL_INTERVAL="50 ms"`, `ROCKETRY_ZONE=Europe/Helsinki`. A value that is neither text nor a number is
/// written as JSON. An entry of a table is named by the table and the entry: `ROCKETRY_POOLS_DB=4` sets one entry and
/// keeps the others.
///
/// A variable with this prefix that is not a setting is an error, so the variables of the app itself need another
/// prefix. The prefixes `ROCKETRY_MACROS_` and `ROCKETRY_INTERNAL_` are exceptions: they are ignored.
///
/// In both places, building the app fails if a name is unknown or a value is wrong. The error names the place and the
/// most similar known name.
///
/// # While the app runs
///
/// [`Session::change_settings`](crate::Session::change_settings) can change `restarting`, `poll_interval`,
/// `pause_after_failure`, `log_keep_for`, `log_keep_records`, the four `on_…_error`, `max_process_count`,
/// `max_thread_count`, `pools`, `kill_grace` and `echo_output`. The other settings are fixed: tasks copy
/// `zone`, `timeout`, `first_run` and `task_defaults` when they are built; the app uses `log_capacity`,
/// `warm_children`, `blocking_after`, `console`, `node`, `lanes`, `max_node_runs` and `lease` only during its
/// set-up; and `secrets` can't hide what was already shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The time zone of tasks that do not set their own. The default is the zone of the system.
    #[serde(with = "words::spelled")]
    pub zone: Zone,
    /// The maximum duration of a run whose task sets no timeout. `None`, written `"never"`, means no limit. The
    /// default is 30 minutes, as in Rocketry.
    #[serde(with = "words::limit")]
    pub timeout: Option<Duration>,
    /// When a task that has never run starts for the first time, unless the task sets it. The default is `due`:
    /// within the current period.
    #[serde(with = "words::spelled")]
    pub first_run: FirstRun,
    /// Defaults for options that a task does not set.
    pub task_defaults: TaskDefaults,
    /// How the app restarts on [`Session::restart`](crate::Session::restart). The default is `replace`.
    #[serde(with = "words::spelled")]
    pub restarting: Restarting,
    /// The interval at which a custom condition is evaluated while the rest of its statement is true. The default is
    /// 100 ms.
    #[serde(with = "words::length")]
    pub poll_interval: Duration,
    /// How long a task pauses after a failed run if its start condition stays true, so that it would start again at
    /// once: `every 10 minutes based on success`, `always`, a time of day, a retry without a limit. Each further failure
    /// doubles the pause, up to 5 minutes; a run that ends otherwise resets it. `None`, written `"never"`, makes no
    /// pause. The default is 1 second.
    ///
    /// A start that falls due anew, such as the next one of `every 10 seconds`, is not delayed; neither is a
    /// retry with a limit or a backoff, nor a request.
    #[serde(with = "words::limit")]
    pub pause_after_failure: Option<Duration>,
    /// The maximum number of records in the in-memory log. The default is 100,000.
    pub log_capacity: usize,
    /// How long the run log keeps a record. `None`, written `"never"`, keeps records forever and is the default. The
    /// app removes old records in batches once a minute, without pausing. State that the app derived from them is not
    /// affected.
    #[serde(with = "words::limit")]
    pub log_keep_for: Option<Duration>,
    /// The maximum number of records in the run log; the newest are kept. The default, `None`, is no limit. The
    /// in-memory log is also limited by [`log_capacity`](Self::log_capacity).
    pub log_keep_records: Option<u64>,
    /// Whether the run log also contains a record, with the action [`Skip`](crate::Action::Skip), for each
    /// start that was due but did not happen. The message is the name of the [reason](crate::SkipReason), and
    /// `due` is the time at which the start was due. These records do not affect statements, statuses or
    /// totals. They are kept and removed like all others. The default is `false`: skipped starts are only
    /// [counted](crate::TaskInfo::skipped).
    ///
    /// ```
    /// use rocketry::{Action, Config, Query, Rocketry, testing::TestApp};
    ///
    /// let config = Config { log_skips: true, ..Config::default() };
    /// let app = Rocketry::builder().config(config).func("report", "cron 0 7 * * *", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T06:00:00Z")?;
    /// app.sleep_until("2026-01-01T09:00:00Z");
    /// app.settle();
    /// let skipped = app.session().task("report")?.log(Query::new().action(Action::Skip))?;
    /// assert_eq!(skipped[0].due.to_string(), "2026-01-01T07:00:00.000000Z");
    /// assert_eq!(skipped[0].message.as_deref(), Some("misfire"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub log_skips: bool,
    /// The names of parameters whose values are secret, wherever they are set. The run log, messages and
    /// `Debug` show `***` or the type instead of the value. Secret values do not survive a restart:
    /// afterwards, a secret has its declared value, even if it was set while the app was running or for a
    /// requested run.
    ///
    /// Every user of a machine can read the arguments of a command. The app warns if they contain a secret; use
    /// [`TaskBuilder::env_from`](crate::TaskBuilder::env_from) instead.
    pub secrets: Vec<String>,
    /// The reaction to a condition that fails or panics. The condition counts as false in any case.
    #[serde(with = "words::spelled")]
    pub on_cond_error: OnError,
    /// The reaction to a run that can't be set up because a parameter fails, panics or has another type. The run
    /// fails in any case. A `#[setup]` function that fails always prevents the app from starting.
    #[serde(with = "words::spelled")]
    pub on_setup_error: OnError,
    /// The reaction to a run log that can't be written. If the log is written on a thread of its own, the write is
    /// retried and no run starts until it succeeds, whatever is set here.
    #[serde(with = "words::spelled")]
    pub on_log_error: OnError,
    /// The reaction to a hook that fails or panics.
    #[serde(with = "words::spelled")]
    pub on_hook_error: OnError,
    /// How long a run on the asynchronous runtime may block without reaching an `await`, and how long custom
    /// conditions, hooks, set-up functions and runs on the scheduler may block the scheduler. Code that
    /// blocks longer delays other runs and is reported as a [failure](crate::Session::failures) of the part
    /// [`Blocking`](crate::Part::Blocking) after at most twice this time. While such code is running, the app
    /// wakes up at this interval to check. `None`, written `"never"`, disables the check. The default is 1
    /// second.
    #[serde(with = "words::limit")]
    pub blocking_after: Option<Duration>,
    /// The maximum number of concurrent runs in processes, commands included. Further runs wait. The default, `None`,
    /// is the number of processors.
    pub max_process_count: Option<usize>,
    /// The number of idle processes that are kept ready for runs of functions with
    /// [`Execution::Process`](crate::Execution::Process). A run in such a process does not wait for the
    /// process to start and for its `main` to reach the app. Otherwise nothing changes: each process makes
    /// one run and exits, and a new one replaces it. They also exit with the app. Idle processes do not count
    /// towards `max_process_count`. They keep everything that `main` did before it ran the app, such as
    /// variables that it read. The default is 0.
    ///
    /// ```
    /// use rocketry::{Config, Execution, Rocketry, Task};
    ///
    /// let config = Config { warm_children: 4, ..Config::default() };
    /// let task = Task::func("thumbnails", || {}).execution(Execution::Process);
    /// let app = Rocketry::builder().config(config.clone()).task(task);
    /// // In a file of settings: `warm_children = 4`. In the environment:
    /// let same = Config::default().with_vars([("ROCKETRY_WARM_CHILDREN", "4")])?;
    /// assert_eq!(config, same);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub warm_children: usize,
    /// The maximum number of concurrent runs on threads. Further runs wait. The default, `None`, is 512.
    pub max_thread_count: Option<usize>,
    /// The sizes of [pools](crate::Rocketry::pool) by name. They override the sizes set in code. A name that neither
    /// the app nor a task uses is an error.
    pub pools: BTreeMap<String, usize>,
    /// How long a process may continue after a request to end. Then it is killed. The default is 5 seconds.
    #[serde(with = "words::length")]
    pub kill_grace: Duration,
    /// Whether the app prints important events to standard error, one line each: its start, failed runs, its shutdown
    /// and the runs that the shutdown waits for. Applies only if no `tracing` subscriber is set. The default is
    /// `true`.
    pub console: bool,
    /// Whether the app also copies the output of processes to its own standard error as it arrives. The default is
    /// `false`: the output is only kept for the run log.
    pub echo_output: bool,
    /// The name of the app among the nodes of its [cluster](crate::Rocketry::cluster), as messages show it.
    /// The default, `None`, is the host name and the process id.
    pub node: Option<String>,
    /// The lanes of the app as a node of its [cluster](crate::Rocketry::cluster): labels for what this node
    /// offers and others may not, such as `"gpu"`. [`Session::nodes`](crate::Session::nodes) lists the lanes
    /// of each node. The default is none.
    ///
    /// ```
    /// use rocketry::Config;
    ///
    /// let config = Config { lanes: vec!["gpu".into()], ..Config::default() };
    /// // In a file of settings: `lanes = ["gpu"]`. In the environment:
    /// let same = Config::default().with_vars([("ROCKETRY_LANES", r#"["gpu"]"#)])?;
    /// assert_eq!(config, same);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub lanes: Vec<String>,
    /// The maximum number of concurrent runs on this node of a [cluster](crate::Rocketry::cluster), whichever
    /// node leads; 0 counts as 1. Further runs go to other nodes, or wait. The default is 512.
    pub max_node_runs: usize,
    /// How long the leader of a [cluster](crate::Rocketry::cluster) keeps the lead without a heartbeat. All
    /// nodes need the same value. With a shorter lease, another node takes over sooner, but a slow network is
    /// more likely to cost the leader its lead. The default is 3 seconds.
    #[serde(with = "words::length")]
    pub lease: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            zone: Zone::system(),
            timeout: Some(Duration::from_secs(30 * 60)),
            first_run: FirstRun::Due,
            task_defaults: TaskDefaults::default(),
            restarting: Restarting::Replace,
            poll_interval: Duration::from_millis(100),
            pause_after_failure: Some(Duration::from_secs(1)),
            log_capacity: DEFAULT_CAPACITY,
            log_keep_for: None,
            log_keep_records: None,
            log_skips: false,
            secrets: Vec::new(),
            on_cond_error: OnError::Continue,
            on_setup_error: OnError::Continue,
            on_log_error: OnError::Continue,
            on_hook_error: OnError::Continue,
            blocking_after: Some(Duration::from_secs(1)),
            max_process_count: None,
            warm_children: 0,
            max_thread_count: None,
            pools: BTreeMap::new(),
            kill_grace: Duration::from_secs(5),
            console: true,
            echo_output: false,
            node: None,
            lanes: Vec::new(),
            max_node_runs: 512,
            lease: Duration::from_secs(3),
        }
    }
}

/// The reaction to a failure outside of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnError {
    /// Keeps the failure for [`Session::failures`](crate::Session::failures) and continues: the default.
    #[default]
    Continue,
    /// Keeps the failure, shuts the app down gracefully, and returns the failure from [`App::run`](crate::App::run).
    Halt,
}

words!(OnError, "answer to a failure", { "continue" => Continue, "halt" => Halt });
