//! What would happen in a stretch of time.

use axum::extract::State;
use rocketry_core::Simulated;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::extract::Asked;
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;

/// What is simulated: the parameters of `GET /api/simulate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimulateFilter {
    /// The first instant. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first instant that no longer belongs to it. The default is in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Draws how long runs take from the run log with this seed. By default, each takes the median of its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

pub(super) async fn simulate(
    State(api): State<Api>,
    Asked(filter): Asked<SimulateFilter>,
) -> Reply<Simulated> {
    api.read(move |api| api.simulate(&filter)).await.map(Json)
}

impl Api {
    /// What would happen in a stretch of time: what `GET /api/simulate` answers. It computes, so it may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if an instant can't be read, if the stretch is empty, or if the app can't be simulated.
    pub fn simulate(&self, filter: &SimulateFilter) -> Result<Simulated, Problem> {
        let reading = self.reading(Side::Future);
        let instant = |text: Option<&str>, usual: &str| {
            let at = reading.instant(text.unwrap_or(usual));
            at.map_err(|mistake| Problem::invalid(mistake.to_string()))
        };
        let from = instant(filter.from.as_deref(), "now")?;
        let to = instant(filter.to.as_deref(), "1 day")?;
        if to <= from {
            let message = format!("nothing is between {from} and {to}: `to` has to be later than `from`");
            return Err(Problem::invalid(message));
        }
        let simulation = self.session().simulate(from, to);
        let simulation = match filter.seed {
            Some(seed) => simulation.sample(seed),
            None => simulation.median(),
        };
        Ok(simulation.run()?)
    }
}
