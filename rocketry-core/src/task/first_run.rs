//! The first run of a task that has never run.

use crate::choice::words;

/// When a task that has never run starts for the first time, if its condition is an interval or a period: `every …`,
/// `daily` and similar words, `once per …`, `one start per …` or `cron …`.
///
/// ```
/// use rocketry::testing::TestApp;
/// use rocketry::{FirstRun, Rocketry, Task};
///
/// let task = |name| Task::func(name, || async {}).start("daily").first_run(FirstRun::Wait);
/// let app = Rocketry::builder().task(task("waits")).func("starts", "daily", || async {});
/// let mut app = TestApp::start(app, "2026-01-01T12:00:00Z")?;
/// app.run_until("2026-01-02T12:00:00Z");
/// assert_eq!(app.starts("starts")[0].to_string(), "2026-01-01T12:00:00.000000Z");
/// assert_eq!(app.starts("waits")[0].to_string(), "2026-01-02T00:00:00.000000Z");
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirstRun {
    /// Immediately, if the current time is within the period: the default, as in Rocketry.
    #[default]
    Due,
    /// In the next period, or after one interval, as if the task had run when the app first knew it: at the
    /// start of the app, or when the task was added to a running app. A durable run log remembers that
    /// instant until the task has run, so an app that restarts more often than the interval still runs the
    /// task.
    Wait,
}

words!(FirstRun, "first run", { "due" => Due, "wait" => Wait });
