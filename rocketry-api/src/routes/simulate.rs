//! What would happen in a stretch of time.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{NaiveDate, Timelike as _};
use rocketry_core::{Simulated, Simulation};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::extract::Asked;
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::simulation::Hour;
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

/// Which hours are wanted: the parameters of `GET /api/simulate/hours`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HoursFilter {
    /// The first instant. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first instant that no longer belongs to it. The default is in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Counts the runs of this task only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
}

pub(super) async fn hours(State(api): State<Api>, Asked(filter): Asked<HoursFilter>) -> Reply<Vec<Hour>> {
    api.read(move |api| api.hours(&filter)).await.map(Json)
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
        let simulation = self.simulation(filter.from.as_deref(), filter.to.as_deref())?;
        let simulation = match filter.seed {
            Some(seed) => simulation.sample(seed),
            None => simulation.median(),
        };
        Ok(simulation.run()?)
    }

    /// How many runs would start in each hour of a stretch of time, by the clock of the app's zone: what
    /// `GET /api/simulate/hours` answers. Hours without a start are left out. It computes, so it may block; the memory that it
    /// takes does not grow with the number of runs.
    ///
    /// # Errors
    ///
    /// Returns a problem if an instant can't be read, if the stretch is empty, if there is no such task, or if the app can't be
    /// simulated.
    pub fn hours(&self, filter: &HoursFilter) -> Result<Vec<Hour>, Problem> {
        let task = filter.task.as_deref().map(|name| self.task(name)).transpose()?;
        let zone = self.session().config().zone;
        let simulation = self.simulation(filter.from.as_deref(), filter.to.as_deref())?;
        let mut counts: BTreeMap<(NaiveDate, u32), u64> = BTreeMap::new();
        simulation.run_with(|run| {
            if task.as_ref().is_none_or(|task| task.name() == &*run.task) {
                let local = zone.local(run.start);
                *counts.entry((local.date(), local.hour())).or_default() += 1;
            }
        })?;
        let hour = |((day, hour), starts): ((NaiveDate, u32), u64)| Hour {
            day: day.to_string(),
            hour,
            starts,
        };
        Ok(counts.into_iter().map(hour).collect())
    }

    fn simulation(&self, from: Option<&str>, to: Option<&str>) -> Result<Simulation<'static>, Problem> {
        let reading = self.reading(Side::Future);
        let instant = |text: Option<&str>, usual: &str| {
            let at = reading.instant(text.unwrap_or(usual));
            at.map_err(|mistake| Problem::invalid(mistake.to_string()))
        };
        let (from, to) = (instant(from, "now")?, instant(to, "1 day")?);
        if to <= from {
            let message = format!("nothing is between {from} and {to}: `to` has to be later than `from`");
            return Err(Problem::invalid(message));
        }
        Ok(self.session().simulate(from, to))
    }
}
