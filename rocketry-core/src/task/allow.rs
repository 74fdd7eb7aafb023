//! The lints that do not report a task.

use std::fmt;

use rocketry_syntax::Lint;

use super::builder::TaskBuilder;

impl TaskBuilder {
    /// Keeps a [lint](crate::check) from reporting the task: `"both_day_fields"`. With `"never_true"`, an app is built even if a
    /// condition of the task excludes itself.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let task = Task::func("superstition", || async {}).start("cron 0 9 13 * Fri").allow("both_day_fields");
    /// assert!(Rocketry::builder().task(task).check()?.is_empty());
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn allow<L: TryInto<Lint, Error: fmt::Display>>(mut self, lint: L) -> Self {
        match lint.try_into() {
            Ok(lint) => {
                let rare = self.rare_mut();
                rare.allowed = rare.allowed.with(lint);
            }
            Err(mistake) => self.problem(format!("allow of task `{}`: {mistake}", self.name)),
        }
        self
    }
}
