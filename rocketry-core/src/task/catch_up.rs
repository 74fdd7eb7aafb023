//! Catch-up of missed starts.

use std::fmt;

use super::builder::TaskBuilder;

/// How missed starts are made up for.
///
/// A start is missed if its instant passes while the scheduler is not running: the app was down, the machine
/// was asleep, or the clock was set ahead. [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up) selects
/// the policy:
///
/// - `none`: missed starts are dropped, even if the start condition is still true, as for `daily after 07:00`
///   at 09:00. A start that is late by less than a minute still happens.
/// - `last`: only the last missed start is made up for.
/// - `all`: each missed start is made up for, oldest first, one at a time. Scheduled starts take precedence
///   meanwhile; a scheduled start that would be skipped because the task still runs is made up for as well.
///
/// `last` and `all` have a window: missed starts before it, and all but the newest 10,000, are dropped. A
/// dropped start counts as a [misfire](crate::SkipReason::Misfire).
///
/// The run has [`Due`](crate::Due) set to the missed instant, and the cause
/// [`Cause::CatchUp`](crate::Cause::CatchUp). It happens even if the start condition is now false, without
/// jitter, and its failure is not retried by the schedule. With a durable run log, no missed start is lost or
/// repeated if the app ends meanwhile, however it ends; an interrupted run is repeated, unless
/// [`on_crash`](crate::TaskBuilder::on_crash) is set otherwise. Starts while the task was disabled or paused,
/// and starts before the app first had the task, are not missed.
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
    /// Sets how missed starts are made up for: see [`CatchUp`]. By default, the start condition decides: if
    /// it is still true, one run makes up for everything that was missed.
    ///
    /// The policy is a [`CatchUp`] or its text: `none`, `last`, `all`, `all within 2 days`.
    ///
    /// # Errors
    ///
    /// Building the app fails if the text has a mistake, or if the start condition depends on more than time
    /// and the task's own past, because the past values of other tasks and custom conditions are unknown. If
    /// such a condition is set [later](crate::Task::set_start), the option has no effect.
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
