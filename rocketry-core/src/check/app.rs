//! The lints of a whole app.

use rocketry_syntax::Lints;

use super::finding::Finding;
use super::tasks;
use super::{graph, same_instant, task, unused};
use crate::error::Result;
use crate::session::Session;

impl Session {
    /// Finds schedules that rarely mean what they say, in the order in which the tasks were declared.
    /// Findings about the whole app come last. See [`check`](crate::check) for the list of lints.
    ///
    /// Reads the run log to find out how long runs take, and calls no function of the app. Findings of
    /// [allowed](crate::TaskBuilder::allow) lints are omitted.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder()
    ///     .func("fetch", "after task 'report'", || async {})
    ///     .func("report", "after task 'fetch'", || async {});
    /// let findings = app.build()?.check()?;
    /// assert_eq!(findings[0].lint.name(), "circle");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_log`](crate::Error::is_log) is true if the run log can't be read.
    pub fn check(&self) -> Result<Vec<Finding>> {
        let tasks = tasks::tasks(self);
        let mut found: Vec<(usize, Finding)> = Vec::new();
        for (index, task) in tasks.iter().enumerate() {
            let of_task = task::findings(self, task)?;
            found.extend(of_task.into_iter().map(|finding| (index, finding)));
        }
        let find = |name: &str| {
            let id = self.state().find(name).ok()?;
            tasks.binary_search_by_key(&id, |task| task.id).ok()
        };
        found.extend(graph::findings(&tasks, &find));
        found.sort_by_key(|(index, _)| *index);
        let of_app = same_instant::finding(&tasks, self.now(), self.config().zone);
        let of_app = of_app.into_iter().chain(unused::conditions(self, &tasks));
        let of_app = of_app.chain(unused::parameters(self, &tasks));
        let all = found.into_iter().map(|(_, finding)| finding).chain(of_app);
        let everywhere = self.0.compiler.allowed();
        let is_allowed = |finding: &Finding| {
            let task = finding.task.as_deref().and_then(find);
            let own = task.map_or(Lints::NONE, |index| tasks[index].allowed());
            everywhere.and(own).contains(finding.lint)
        };
        Ok(all.filter(|finding| !is_allowed(finding)).collect())
    }
}
