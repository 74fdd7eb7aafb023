//! Routes for backfills.

use std::ops::Range;

use rocketry_core::{BackfillPlan, BackfillProgress, Timestamp};

use super::extract::{Acting, Given, Named};
use crate::instant::Side;
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{BackfillAnswer, BackfillRequest, Done};

/// Plans a backfill, and starts it unless only the plan is requested. A stopped app can plan as well.
pub(super) async fn begin(
    Acting(api): Acting,
    Named(task): Named,
    Given(request): Given<BackfillRequest>,
) -> Reply<BackfillAnswer> {
    api.backfill(&task, &request).await.map(Json)
}

impl Api {
    /// Plans a backfill, and starts it unless only the plan is requested: `POST /api/tasks/{task}/backfill`.
    ///
    /// # Errors
    ///
    /// Returns a problem if there is no such task, if the range is invalid or empty, if the task can't be
    /// backfilled, or if the app is not running and more than the plan is requested.
    pub async fn backfill(&self, task: &str, request: &BackfillRequest) -> Result<BackfillAnswer, Problem> {
        if !request.dry_run {
            self.steer()?;
        }
        let api = self.claimed_by(request.by.as_deref());
        let task = api.task(task)?;
        let range = range(&api, request)?;
        let missed = request.missed;
        let plan = api.read(move |_| {
            let plan = task.backfill(range)?;
            Ok(if missed { plan.missed()? } else { plan })
        });
        let plan = plan.await?.at_a_time(request.at_a_time.unwrap_or(1));
        carry_out(plan, request).await
    }
}

async fn carry_out(plan: BackfillPlan, request: &BackfillRequest) -> Result<BackfillAnswer, Problem> {
    let mut answer = BackfillAnswer {
        message: plan.to_string(),
        instants: plan.instants().to_vec(),
        started: !request.dry_run,
        progress: None,
    };
    if !request.dry_run {
        let backfill = plan.start()?;
        answer.progress = if request.wait {
            backfill.wait().await
        } else {
            backfill.progress()
        };
    }
    Ok(answer)
}

/// The range of instants for which runs are made.
fn range(api: &Api, request: &BackfillRequest) -> Result<Range<Timestamp>, Problem> {
    let reading = api.reading(Side::Past);
    let instant = |name: &str, text: &str| {
        let at = reading.instant(text);
        at.map_err(|mistake| Problem::invalid(format!("{name}: {mistake}")))
    };
    let range = instant("from", &request.from)?..instant("to", request.to.as_deref().unwrap_or("now"))?;
    if range.is_empty() {
        let message = format!(
            "nothing is between {} and {}: `to` has to be later than `from`",
            range.start, range.end
        );
        return Err(Problem::invalid(message));
    }
    Ok(range)
}

pub(super) async fn progress(Acting(api): Acting, Named(task): Named) -> Reply<Option<BackfillProgress>> {
    let backfill = api.task(&task)?.backfill_under_way();
    Ok(Json(backfill.and_then(|backfill| backfill.progress())))
}

pub(super) async fn cancel(Acting(api): Acting, Named(task): Named) -> Reply<Done> {
    api.cancel_backfill(&task).map(Json)
}

impl Api {
    /// Cancels the remaining runs of the task's backfill: `POST /api/tasks/{task}/backfill/cancel`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running, if there is no such task, or if no backfill of it is in
    /// progress.
    pub fn cancel_backfill(&self, task: &str) -> Result<Done, Problem> {
        let task = self.steered(task)?;
        let Some(backfill) = task.backfill_under_way() else {
            let message = format!("no backfill of task `{}` is under way", task.name());
            return Err(Problem::new(ProblemKind::Refused, message));
        };
        backfill.cancel();
        let message = format!(
            "the backfill of task `{}` is cancelled; runs under way go on",
            task.name()
        );
        Ok(Done { message })
    }
}
