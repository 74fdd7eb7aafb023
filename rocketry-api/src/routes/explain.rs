//! The route for explanations.

use axum::extract::State;
use rocketry_core::explain::Explanation;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// The instant to explain: the parameters of `GET /api/tasks/{task}/explain`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
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
    api.read(move |api| api.explain(&task, &filter)).await.map(Json)
}

impl Api {
    /// Returns why a task starts or does not start: `GET /api/tasks/{task}/explain`. For an instant in the
    /// past it reads the run log, so it may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if there is no such task, if the instant is invalid, or if the log can't be read.
    pub fn explain(&self, task: &str, filter: &ExplainFilter) -> Result<Explanation, Problem> {
        let task = self.task(task)?;
        let Some(at) = &filter.at else {
            return Ok(task.explain());
        };
        let at = self.reading(Side::Future).instant(at);
        let at = at.map_err(|mistake| Problem::invalid(mistake.to_string()))?;
        Ok(task.explain_at(at)?)
    }
}
