//! Lints that are silenced for a task.

use std::fmt;

use rocketry_syntax::Lint;

use super::builder::TaskBuilder;

impl TaskBuilder {
    /// Silences a [lint](crate::check) for the task, such as `"both_day_fields"`. With `"never_true"`, an app
    /// builds even if a condition of the task contradicts itself.
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
