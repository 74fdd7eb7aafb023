//! Makes up for past instants at which a task was due.

use std::ops::Range;

use axum::extract::State;
use rocketry_core::{BackfillProgress, Timestamp};

use super::extract::{Given, Named};
use crate::instant::Side;
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{BackfillAnswer, BackfillRequest, Done};

/// Plans a backfill, and starts it unless it is only to be planned. A stopped app plans as well.
pub(super) async fn begin(
    State(api): State<Api>,
    Named(task): Named,
    Given(request): Given<BackfillRequest>,
) -> Reply<BackfillAnswer> {
    if !request.dry_run {
        api.steer()?;
    }
    let task = api.task(&task)?;
    let range = range(&api, &request)?;
    let missed = request.missed;
    let plan = api.read(move |_| {
        let plan = task.backfill(range)?;
        Ok(if missed { plan.missed()? } else { plan })
    });
    let mut plan = plan.await?.at_a_time(request.at_a_time.unwrap_or(1));
    if let Some(by) = &request.by {
        plan = plan.by(by.as_str());
    }
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
    Ok(Json(answer))
}

/// The instants between which runs are made up for.
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

pub(super) async fn progress(State(api): State<Api>, Named(task): Named) -> Reply<Option<BackfillProgress>> {
    let backfill = api.task(&task)?.backfill_under_way();
    Ok(Json(backfill.and_then(|backfill| backfill.progress())))
}

pub(super) async fn cancel(State(api): State<Api>, Named(task): Named) -> Reply<Done> {
    api.steer()?;
    let task = api.task(&task)?;
    let Some(backfill) = task.backfill_under_way() else {
        let message = format!("no backfill of task `{}` is under way", task.name());
        return Err(Problem::new(ProblemKind::Refused, message));
    };
    backfill.cancel();
    let message = format!(
        "the backfill of task `{}` is cancelled; runs under way go on",
        task.name()
    );
    Ok(Json(Done { message }))
}
