//! The labels of series.

/// How many tasks have series of their own. The rest share the task `other`, so that the number of series is bounded.
const MOST_TASKS: usize = 1000;

/// The labels of a series.
pub(super) type Labels = Vec<(&'static str, String)>;

/// The label of a task, given its position in the app.
pub(super) fn task_label(position: usize, name: &str) -> String {
    if position < MOST_TASKS {
        name.to_owned()
    } else {
        "other".to_owned()
    }
}
