//! Routes for catch-ups.

use super::extract::{Acting, Named};
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::Done;

pub(super) async fn cancel(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.cancel_catch_up(&task).map(Json)
}

impl Api {
    /// Cancels the catch-up of a task, so its remaining missed starts are dropped: `POST
    /// /api/tasks/{task}/catch-up/cancel`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running, if there is no such task, or if none of its starts is to
    /// be made up for.
    pub fn cancel_catch_up(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let left = task.cancel_catch_up();
        if left == 0 {
            let message = format!("task `{}` has no missed starts to catch up on", task.name());
            return Err(Problem::new(ProblemKind::Refused, message));
        }
        let are = if left == 1 { "start is" } else { "starts are" };
        let message = format!(
            "{left} missed {are} not made up for by task `{}`; runs under way go on",
            task.name()
        );
        Ok(Done { message })
    }
}
