//! Starts that are made up for, and their end.

use super::Task;
use crate::engine::audit::Deed;

impl Task {
    /// Makes none of the missed starts that are still to be made up for. Returns how many there were.
    ///
    /// With [`catch_up`](crate::TaskBuilder::catch_up) = `all`, a long downtime may leave thousands of them. A run under way
    /// goes on, and the schedule goes on as if they all had been made: starts that come from now on are made as usual. They are
    /// counted in [`skipped`](Self::skipped) with the reason [`SkipReason::Asked`](crate::SkipReason::Asked).
    /// [`TaskInfo::catching_up`](crate::TaskInfo::catching_up) and explanations tell how many are left. It survives a restart on
    /// a durable log.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// // Nothing was missed.
    /// assert_eq!(app.session().task("report")?.cancel_catch_up(), 0);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn cancel_catch_up(&self) -> usize {
        let mut change = self.session().change();
        let left = change.catch_ups.left(self.id());
        if left > 0 {
            let starts = if left == 1 { "start" } else { "starts" };
            change.audit(|_| {
                let deed = Deed::new("cancel-catch-up").of(&self.shared_name());
                deed.to(Some(&format!("{left} {starts} fewer")))
            });
        }
        change.cancel_catch_up(self.id())
    }
}
