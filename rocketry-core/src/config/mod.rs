//! The settings of an app.

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

/// The settings of an app. A function may take it as a parameter to read it.
///
/// Where a setting is made in several places, the last of these counts: the default, the code
/// ([`Rocketry::config`](crate::Rocketry::config)), a file
/// ([`Rocketry::config_file`](crate::Rocketry::config_file)), the environment.
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
/// Zones, lengths of time and choices are written in words, with the names of the fields:
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
/// A variable is called as its field, in capitals and with `ROCKETRY_` before it:
/// `ROCKETRY_POLL_INTERVAL="50 ms"`, `ROCKETRY_ZONE=Europe/Helsinki`. What is neither text nor a number is written
/// as JSON. An entry of a table has both names, in capitals: `ROCKETRY_POOLS_DB=4`; others of its entries stay as they
/// are. A variable of an app's own should have another beginning: one that is no setting is a mistake.
/// The exceptions are those that begin with `ROCKETRY_MACROS_` or `ROCKETRY_INTERNAL_`.
///
/// In both, an unknown name or a wrong value keeps the app from being built; the error names the place and the
/// nearest known name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The zone whose wall clock tasks follow unless they have their own. The default is the system's.
    #[serde(with = "words::spelled")]
    pub zone: Zone,
    /// How long a run may take unless its task says otherwise; `None`, in words `"never"`, is for ever. The
    /// default is Rocketry's half an hour.
    #[serde(with = "words::limit")]
    pub timeout: Option<Duration>,
    /// When tasks run first that have never run, unless they say otherwise. The default is `due`: within the period that
    /// has begun already.
    #[serde(with = "words::spelled")]
    pub first_run: FirstRun,
    /// The options of tasks that do not set them.
    pub task_defaults: TaskDefaults,
    /// How the app restarts when it is [asked to](crate::Session::restart). The default is `replace`.
    #[serde(with = "words::spelled")]
    pub restarting: Restarting,
    /// How often a custom condition is asked again while the rest of its statement is true. The default is
    /// 100 ms.
    #[serde(with = "words::length")]
    pub poll_interval: Duration,
    /// How many records the log in memory keeps. The default is 100,000.
    pub log_capacity: usize,
    /// How long the run log keeps a record; `None`, in words `"never"`, keeps it for good: the default. Old records are
    /// forgotten once a minute, some at a time, while everything goes on. What the app knows by them it goes on
    /// knowing.
    #[serde(with = "words::limit")]
    pub log_keep_for: Option<Duration>,
    /// How many records the run log keeps, the newest; the default is all. The log in memory has its
    /// [`log_capacity`](Self::log_capacity) besides.
    pub log_keep_records: Option<u64>,
    /// The names of parameters whose values are never shown or written down, on whatever level they are given: the run log, messages
    /// and `Debug` have `***` or the type in their place. A run that is asked for with such a parameter, and one that is set
    /// while the app runs, is not known after a restart: the parameter is as declared then.
    ///
    /// Every user of a machine can read the arguments of a command, so that a secret among them is warned of; see
    /// [`TaskBuilder::env_from`](crate::TaskBuilder::env_from).
    pub secrets: Vec<String>,
    /// What follows when a condition fails or panics. It counts as false in any case.
    #[serde(with = "words::spelled")]
    pub on_cond_error: OnError,
    /// What follows when a run can't be set up, because one of its parameters fails, panics or has another type.
    /// The run fails in any case. A `#[setup]` function that fails keeps the app from starting, whatever is
    /// set here.
    #[serde(with = "words::spelled")]
    pub on_setup_error: OnError,
    /// What follows when the run log can't be written. If it is written by a thread of its own, no run starts meanwhile
    /// in any case, and the write is tried again.
    #[serde(with = "words::spelled")]
    pub on_log_error: OnError,
    /// What follows when a hook fails or panics.
    #[serde(with = "words::spelled")]
    pub on_hook_error: OnError,
    /// How long a run on the runtime may go on without an `await`, and hold others up, before it is told of: a
    /// [failure](crate::Session::failures) of the part [`Blocking`](crate::Part::Blocking). It is found after twice as
    /// long at the latest; where this is less than a second, the app wakes up as often to look. `None`, in words
    /// `"never"`, tells of none. The default is 1 second.
    #[serde(with = "words::limit")]
    pub blocking_after: Option<Duration>,
    /// How many runs may be in processes of their own at a time, commands included; further ones wait. The default,
    /// `None`, is the number of processors.
    pub max_process_count: Option<usize>,
    /// How many runs may be on threads of their own at a time; further ones wait. The default, `None`, is 512.
    pub max_thread_count: Option<usize>,
    /// The sizes of [pools](crate::Rocketry::pool), by name; they go over those given there. A name that neither the
    /// app nor a task has is a mistake.
    pub pools: BTreeMap<String, usize>,
    /// How long a process may go on after it was asked to end; it is killed then. The default is 5 seconds.
    #[serde(with = "words::length")]
    pub kill_grace: Duration,
    /// Whether the app tells the essentials on its standard error, in a line each, where no subscriber of `tracing` is
    /// set: that it has started, that runs fail, that it shuts down and for what it waits. The default is yes.
    pub console: bool,
    /// Whether what processes print is also written to the standard error of the app as it comes. The default is
    /// no: it is kept for the run log.
    pub echo_output: bool,
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
            log_capacity: DEFAULT_CAPACITY,
            log_keep_for: None,
            log_keep_records: None,
            secrets: Vec::new(),
            on_cond_error: OnError::Continue,
            on_setup_error: OnError::Continue,
            on_log_error: OnError::Continue,
            on_hook_error: OnError::Continue,
            blocking_after: Some(Duration::from_secs(1)),
            max_process_count: None,
            max_thread_count: None,
            pools: BTreeMap::new(),
            kill_grace: Duration::from_secs(5),
            console: true,
            echo_output: false,
        }
    }
}

/// What follows when something other than a run fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnError {
    /// The failure is kept for [`Session::failures`](crate::Session::failures), and everything goes on: the
    /// default.
    #[default]
    Continue,
    /// The app is shut down gracefully besides, and [`App::run`](crate::App::run) returns the failure.
    Halt,
}

words!(OnError, "answer to a failure", { "continue" => Continue, "halt" => Halt });
