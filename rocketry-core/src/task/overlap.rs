//! A start that comes while the task still runs.

use crate::choice::words;

/// What becomes of a start that comes while the task still runs, as often as it [may](crate::TaskBuilder::max_running).
///
/// A start comes when the start condition becomes true. While the task runs, that is judged as if the runs under way had
/// ended well when they began: `daily` is false from the start of a run on, and true again from midnight on, however
/// long the run takes. A condition that was true all the while, such as `time of day after 07:00`, lets no start come.
///
/// A run that is asked for, as by [`Task::run`](crate::Task::run), waits for its turn in any case.
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
    /// It is not made: the default, and Rocketry's meaning. When a run has ended, the start condition is asked anew; if
    /// it is true then, the task starts.
    #[default]
    Skip,
    /// It is remembered, and made when a run has ended, whatever the start condition says then. No more than one is.
    Queue,
    /// The oldest run under way is terminated, and the start is made when it has ended.
    Replace,
}

words!(Overlap, "overlap", { "skip" => Skip, "queue" => Queue, "replace" => Replace });
