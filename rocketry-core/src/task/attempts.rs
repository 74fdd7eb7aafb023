//! How often one run is begun.

use super::builder::{Rare, TaskBuilder};
use super::on_crash::OnCrash;

/// How often a run is begun whose task says only that it is made again.
const USUAL: u32 = 3;

impl TaskBuilder {
    /// Sets how often a run is begun at most in a [cluster](crate::Rocketry::cluster): when the node that makes it is not heard of
    /// for a [lease](crate::Config::lease), another node begins it again, as its next attempt. The end of an earlier attempt is
    /// refused. After the last attempt, the run has crashed, and [`on_crash`](Self::on_crash) says whether the schedule counts it.
    ///
    /// The default is 1: *at most once*. With more, a run is made *at least once*, unless as many nodes are lost; two attempts may go on
    /// at the same time, because a node that is not heard of may only be cut off. With `on_crash = "again"`, the default is 3.
    ///
    /// This concerns the runs that the leader hands over. An app that is no node makes a run that crashed again as
    /// [`on_crash`](Self::on_crash) says.
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
    /// How often a run is begun again.
    pub(crate) fn more_attempts(&self) -> u32 {
        let unless_told = match self.on_crash {
            Some(OnCrash::Again) => USUAL,
            _ => 1,
        };
        self.attempts.unwrap_or(unless_told).saturating_sub(1)
    }
}
