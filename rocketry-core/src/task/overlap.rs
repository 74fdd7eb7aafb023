//! Starts that are due while the task runs.

use crate::choice::words;

/// What happens when a start is due while the task has its [maximum number of runs](crate::TaskBuilder::max_running).
///
/// A start is due when the start condition becomes true. While the task runs, the condition is evaluated as if the
/// runs in progress had succeeded when they started: `daily` is false from the start of a run until midnight, and
/// then true again, however long the run takes. A condition that stays true during the run, such as `time of day
/// after 07:00`, makes no further start due.
///
/// Requested runs, as from [`Task::run`](crate::Task::run), always wait for their turn.
///
/// ```
/// use std::time::Duration;
///
/// use rocketry::testing::TestApp;
/// use rocketry::{Overlap, Rocketry, Session, Task};
///
/// let task = |name| {
///     let function = |session: Session| async move { session.clock().sleep(Duration::from_secs(90)).await };
///     Task::func(name, function).start("cron with seconds 0 * * * * *")
/// };
/// let app = Rocketry::builder()
///     .task(task("skips"))
///     .task(task("queues").overlap(Overlap::Queue))
///     .task(task("replaces").overlap(Overlap::Replace));
/// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// app.run_until("2026-01-01T00:02:00Z");
/// let starts = |task| app.starts(task).iter().map(|at| at.to_string()[14..19].to_owned()).collect::<Vec<_>>();
/// assert_eq!(starts("skips"), ["00:00", "02:00"]);
/// assert_eq!(starts("queues"), ["00:00", "01:30"]);
/// assert_eq!(starts("replaces"), ["00:00", "01:00", "02:00"]);
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overlap {
    /// Skips the start: the default, as in Rocketry. When a run has ended, the start condition is evaluated again; if
    /// it is true, the task starts: `daily` after a run that took until the next day.
    #[default]
    Skip,
    /// Queues the start until a run has ended, whatever the start condition is then. At most one start is queued.
    Queue,
    /// Terminates the oldest run. The new run starts when it has ended.
    Replace,
}

words!(Overlap, "overlap", { "skip" => Skip, "queue" => Queue, "replace" => Replace });
