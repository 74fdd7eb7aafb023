//! The options of a task that can be changed while the app runs.

use crate::choice::words;

/// An option of a task that can be changed while the app runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TaskOption {
    /// The start condition.
    Start,
    /// The end condition.
    End,
    /// The timeout.
    Timeout,
    /// The priority.
    Priority,
    /// The maximum number of concurrent runs.
    MaxRunning,
    /// Where the task runs.
    Execution,
    /// Whether the task is disabled.
    Disabled,
}

words!(TaskOption, "option of a task", {
    "start" => Start,
    "end" => End,
    "timeout" => Timeout,
    "priority" => Priority,
    "max_running" => MaxRunning,
    "execution" => Execution,
    "disabled" => Disabled,
});

impl TaskOption {
    /// All options.
    pub(crate) const ALL: [TaskOption; 7] = [
        TaskOption::Start,
        TaskOption::End,
        TaskOption::Timeout,
        TaskOption::Priority,
        TaskOption::MaxRunning,
        TaskOption::Execution,
        TaskOption::Disabled,
    ];
}
