//! A run that the end of its app cut off.

use crate::choice::words;

/// Whether the schedule of a task counts a run that was cut off because its app crashed or was killed.
///
/// This concerns runs that the start condition made, with a run log that survives the crash. A run that was requested is
/// not made again. Status conditions, such as `has crashed today`, see what has happened in any case.
///
/// ```
/// use rocketry::{OnCrash, Task};
///
/// let charge = Task::func("charge", || async {}).start("daily").on_crash(OnCrash::Count);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnCrash {
    /// It does not count: the start condition is evaluated as if the run had not started, so it is made again if its
    /// period is not over. The task pauses before that if the app has crashed several times in a row while it ran. The
    /// default, unless the app is a node of a [cluster](crate::Rocketry::cluster). There, a run whose node is lost is also begun
    /// again on another node, requested or not, unless [`attempts`](crate::TaskBuilder::attempts) says how often.
    #[default]
    Again,
    /// It counts like a run that has ended: for a task that must not be repeated. The default in a cluster, where a node
    /// that is not heard of may still be running it.
    Count,
}

words!(OnCrash, "on_crash", { "again" => Again, "count" => Count });
