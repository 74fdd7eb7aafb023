//! Defaults for the options of tasks.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::words;
use crate::task::{CatchUp, Overlap, TaskBuilder};

/// Defaults for options that a task does not set. Options of a group take precedence over these.
///
/// In a file these are the table `[task_defaults]`, in the environment variables such as
/// `ROCKETRY_TASK_DEFAULTS_PRIORITY=5`. The timeout and the first run have their own settings:
/// [`Config::timeout`](super::Config::timeout) and [`Config::first_run`](super::Config::first_run).
///
/// ```
/// use rocketry::{Config, Overlap, TaskDefaults};
///
/// let config = Config {
///     task_defaults: TaskDefaults { overlap: Overlap::Queue, max_running: Some(2), ..TaskDefaults::default() },
///     ..Config::default()
/// };
/// let same = Config::default()
///     .with_vars([("ROCKETRY_TASK_DEFAULTS_OVERLAP", "queue"), ("ROCKETRY_TASK_DEFAULTS_MAX_RUNNING", "2")])?;
/// assert_eq!(config, same);
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskDefaults {
    /// The [priority](TaskBuilder::priority). The default is 0.
    pub priority: i32,
    /// The maximum number of [concurrent runs](TaskBuilder::max_running) of a task. The default, `None`, is 1.
    pub max_running: Option<u32>,
    /// What happens when a start is due [while the task runs](TaskBuilder::overlap). The default is to skip it.
    #[serde(with = "words::spelled")]
    pub overlap: Overlap,
    /// The maximum [delay](TaskBuilder::jitter) that spreads starts. The default, `None`, is no delay.
    #[serde(with = "words::optional_length")]
    pub jitter: Option<Duration>,
    /// Which missed starts are [made up for](TaskBuilder::catch_up) after the app was down. Applies to tasks
    /// whose start condition depends only on time and their own past. The default, `None`, leaves it to the
    /// start condition.
    #[serde(with = "crate::choice::optional")]
    pub catch_up: Option<CatchUp>,
    /// The [pool](TaskBuilder::pool). The default, `None`, is none.
    pub pool: Option<String>,
}

impl TaskDefaults {
    /// Sets the options that the task does not set itself.
    pub(crate) fn apply(&self, task: &mut TaskBuilder) {
        task.priority.get_or_insert(self.priority);
        if !task.multilaunch {
            task.max_running = task.max_running.or(self.max_running);
            task.overlap.get_or_insert(self.overlap);
        }
        if let Some(jitter) = self.jitter {
            task.rare_mut().jitter.get_or_insert(jitter.into());
        }
        if let Some(pool) = &self.pool {
            task.rare_mut().pool.get_or_insert_with(|| pool.clone().into());
        }
    }
}
