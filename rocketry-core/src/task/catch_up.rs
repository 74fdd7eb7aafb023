//! Starts that were missed.

use std::fmt;

use super::builder::TaskBuilder;

/// What becomes of starts that came while the app did not run, or while it was late.
///
/// A start is missed if its instant passes without the scheduler: the app was down, the machine slept, or the clock was put
/// ahead. [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up) says what becomes of such starts:
///
/// - `none`: no start is made for them, even if the start condition is still true, as that of `daily after 07:00` at 09:00. A
///   start that is late by less than a minute is made.
/// - `last`: the last one is made.
/// - `all`: each is made, the oldest first, one at a time. While this goes on, starts that come by the schedule go first, and
///   one that would be skipped because the task still runs is made up for as well.
///
/// `last` and `all` have a window: a start that was missed before it, or before the newest 10,000, is not made. A start that is
/// not made counts as a [misfire](crate::SkipReason::Misfire).
///
/// The run has [`Due`](crate::Due) set to the instant that was missed and the cause [`Cause::CatchUp`](crate::Cause::CatchUp).
/// It is made even if the start condition is false by then, without jitter, and a retry by the schedule does not follow its
/// failure. On a durable log nothing is lost or made twice if the app ends meanwhile, however it ends; a run that was cut off
/// is made again, unless [`on_crash`](crate::TaskBuilder::on_crash) says otherwise. What came while the task was disabled or
/// paused is not missed, and neither is what came before the app first had the task.
///
/// ```
/// use rocketry::{CatchUp, Rocketry, Task, testing::TestApp};
///
/// let task = |name, policy| Task::func(name, || async {}).start("cron 0 * * * *").catch_up::<&str>(policy);
/// let app = Rocketry::builder().task(task("one", "last")).task(task("each", "all within 2 hours"));
/// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// app.sleep_until("2026-01-01T05:30:00Z");
/// app.settle();
/// let due = |task: &str| {
///     let runs = app.records(&rocketry::Query::new().task(task).action(rocketry::Action::Run));
///     runs.iter().map(|run| run.due.to_string()[11..16].to_owned()).collect::<Vec<_>>()
/// };
/// assert_eq!(due("one"), ["00:00", "05:00"]);
/// assert_eq!(due("each"), ["00:00", "04:00", "05:00"]);
/// assert_eq!("all within 2 hours".parse::<CatchUp>()?.to_string(), "all within 2 hours");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use rocketry_syntax::CatchUp;

impl TaskBuilder {
    /// Sets which starts are made up for that came while the app did not run: see [`CatchUp`]. By default the start
    /// condition decides alone: if it is still true, one run makes up for all that was missed.
    ///
    /// The policy is a [`CatchUp`] or its text: `none`, `last`, `all`, `all within 2 days`.
    ///
    /// # Errors
    ///
    /// Building the app fails if the text has a mistake, or if the start condition depends on more than time and the
    /// task's own past: what another task or a custom condition would have said is not known. If such a condition is set
    /// [later](crate::Task::set_start), the option has no effect.
    pub fn catch_up<C>(mut self, policy: C) -> Self
    where
        C: TryInto<CatchUp, Error: fmt::Display>,
    {
        match policy.try_into() {
            Ok(policy) => self.rare_mut().catch_up = Some(policy),
            Err(mistake) => self.problem(format!("catch_up of task `{}`: {mistake}", self.name)),
        }
        self
    }
}
