//! The number of attempts of a run in a cluster.

use super::builder::{Rare, TaskBuilder};
use super::on_crash::OnCrash;

/// The number of attempts for a task that only sets that its runs are repeated.
const USUAL: u32 = 3;

impl TaskBuilder {
    /// Sets the maximum number of attempts of a run in a [cluster](crate::Rocketry::cluster). If the node of
    /// a run is lost, that is, sends no heartbeat for a [lease](crate::Config::lease), another node starts
    /// the run again as its next attempt. The end of an earlier attempt is refused. After the last attempt,
    /// the run has crashed, and [`on_crash`](Self::on_crash) determines whether the schedule counts it.
    ///
    /// The default is 1: *at most once*. With more attempts, the run is made *at least once*, unless as many
    /// nodes are lost. Two attempts may run at the same time, because a lost node may only be disconnected.
    /// With `on_crash = "again"`, the default is 3.
    ///
    /// This applies to the runs that the leader hands over. An app that is not a node repeats crashed runs as
    /// set by [`on_crash`](Self::on_crash).
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let app = Rocketry::builder().task(Task::func("fetch", || async {}).start("hourly").attempts(5)).build()?;
    /// # drop(app);
    /// let mistake = Rocketry::builder().task(Task::func("never", || async {}).attempts(0)).build().unwrap_err();
    /// assert!(mistake.to_string().contains("a run is begun at least once"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Building the app fails if the number is 0.
    pub fn attempts(mut self, count: u32) -> Self {
        if count == 0 {
            self.problem(format!(
                "attempts of task `{}`: a run is begun at least once, expected 1 or more",
                self.name
            ));
        }
        self.rare_mut().attempts = Some(count);
        self
    }
}

impl Rare {
    /// The number of attempts after the first.
    pub(crate) fn more_attempts(&self) -> u32 {
        let unless_told = match self.on_crash {
            Some(OnCrash::Again) => USUAL,
            _ => 1,
        };
        self.attempts.unwrap_or(unless_told).saturating_sub(1)
    }
}
