//! Why a task starts or does not start.

use axum::extract::State;
use rocketry_core::explain::Explanation;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use super::log::blocking;
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// Which instant is explained: the parameters of `GET /api/tasks/{task}/explain`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExplainFilter {
    /// The instant. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

pub(super) async fn explain(
    State(api): State<Api>,
    Named(task): Named,
    Asked(filter): Asked<ExplainFilter>,
) -> Reply<Explanation> {
    let task = api.task(&task)?;
    let Some(at) = filter.at else {
        return Ok(Json(task.explain()));
    };
    let at = api.reading(Side::Future).instant(&at);
    let at = at.map_err(|mistake| Problem::invalid(mistake.to_string()))?;
    blocking(move || Ok(task.explain_at(at)?)).await.map(Json)
}
