//! Which settings can change while the app runs.

use super::Config;

/// The name of a setting, why it can't change, and whether it differs.
type Fixed = (&'static str, &'static str, fn(&Config, &Config) -> bool);

/// The settings that can't change.
const FIXED: [Fixed; 13] = [
    ("zone", "the statements of all tasks were read with it", |a, b| {
        a.zone != b.zone
    }),
    (
        "timeout",
        "each task took it when it was built; `Task::set_timeout` changes a task",
        |a, b| a.timeout != b.timeout,
    ),
    ("first_run", "each task took it when it was built", |a, b| {
        a.first_run != b.first_run
    }),
    (
        "task_defaults",
        "each task took them when it was built; the setters of `Task` change a task",
        |a, b| a.task_defaults != b.task_defaults,
    ),
    (
        "log_capacity",
        "the log in memory was made with it; `log_keep_records` can change",
        |a, b| a.log_capacity != b.log_capacity,
    ),
    (
        "secrets",
        "values that were set before would stay visible where they were shown",
        |a, b| a.secrets != b.secrets,
    ),
    (
        "blocking_after",
        "the watch over blocked threads was started with it",
        |a, b| a.blocking_after != b.blocking_after,
    ),
    (
        "warm_children",
        "the processes that wait were started with it",
        |a, b| a.warm_children != b.warm_children,
    ),
    (
        "console",
        "the console is opened only when the app starts",
        |a, b| a.console != b.console,
    ),
    ("node", "the app joined its cluster with it", |a, b| {
        a.node != b.node
    }),
    ("lanes", "the app joined its cluster with them", |a, b| {
        a.lanes != b.lanes
    }),
    ("max_node_runs", "the app joined its cluster with it", |a, b| {
        a.max_node_runs != b.max_node_runs
    }),
    ("lease", "the app joined its cluster with it", |a, b| {
        a.lease != b.lease
    }),
];

impl Config {
    /// The settings that differ and can't change while the app runs, each with the reason.
    pub(crate) fn fixed_that_differ<'a>(
        &'a self,
        other: &'a Config,
    ) -> impl Iterator<Item = (&'static str, &'static str)> + 'a {
        let differ = FIXED.iter().filter(|(_, _, differ)| differ(self, other));
        differ.map(|(name, why, _)| (*name, *why))
    }

    /// A message for each limit that allows no run at all.
    pub(crate) fn limits_without_room(&self) -> impl Iterator<Item = String> {
        let limits = [
            ("max_process_count", "a process", self.max_process_count),
            ("max_thread_count", "a run on a thread", self.max_thread_count),
        ];
        let empty = limits.into_iter().filter(|(.., limit)| *limit == Some(0));
        empty.map(|(name, what, _)| format!("`{name}` leaves no room for {what}: it is 0"))
    }

    /// A message for each setting that allows no run at all.
    pub(crate) fn without_room(&self) -> impl Iterator<Item = String> {
        let empty = self.pools.iter().filter(|(_, size)| **size == 0);
        self.limits_without_room()
            .chain(empty.map(|(name, _)| format!("the pool `{name}` has no room: its size is 0")))
    }
}
