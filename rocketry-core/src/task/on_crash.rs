//! The handling of a run that was interrupted by the end of its app.

use crate::choice::words;

/// Whether the schedule of a task counts a run that was interrupted because its app crashed or was killed.
///
/// This applies to runs that the start condition started, with a run log that survives the crash. A requested
/// run is not repeated. Status conditions, such as `has crashed today`, see what actually happened in any
/// case.
///
/// ```
/// use rocketry::{OnCrash, Task};
///
/// let charge = Task::func("charge", || async {}).start("daily").on_crash(OnCrash::Count);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnCrash {
    /// The run does not count: the start condition is evaluated as if the run had not started, so it is
    /// repeated if its period is not over. The task pauses before that if the app has crashed several times
    /// in a row while it ran. This is the default, unless the app is a node of a
    /// [cluster](crate::Rocketry::cluster). In a cluster, a run whose node is lost is also repeated on
    /// another node, requested or not, up to the number of [`attempts`](crate::TaskBuilder::attempts).
    #[default]
    Again,
    /// The run counts like a run that has ended, for tasks that must not be repeated. This is the default in
    /// a cluster, where a node that is presumed lost may still be running it.
    Count,
}

words!(OnCrash, "on_crash", { "again" => Again, "count" => Count });
