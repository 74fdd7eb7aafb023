//! Routes for simulations.

use std::collections::BTreeMap;
use std::mem::take;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{NaiveDate, Timelike as _};
use rocketry_core::{Simulated, Simulation, SimulationSummary, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

use super::extract::Asked;
use super::stream::stream;
use crate::instant::Side;
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::simulation::Hour;
use crate::state::Api;

/// The number of bytes of runs to send together.
const PART: usize = 16 * 1024;

/// The maximum period of time to simulate.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The maximum number of runs in a response.
const MOST_RUNS: usize = 100_000;

/// The maximum number of runs to count. A stream ends when its reader disconnects; a count has no such
/// reader.
const MOST_COUNTED: usize = 5_000_000;

/// What to simulate: the parameters of `GET /api/simulate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SimulateFilter {
    /// The start of the period. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The end of the period, exclusive. The default is in a day; at most in 400 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Draws the durations of runs from the run log with this seed. By default, each run takes the median
    /// duration of its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub seed: Option<u64>,
}

/// Which hours to return: the parameters of `GET /api/simulate/hours`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct HoursFilter {
    /// The start of the period. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The end of the period, exclusive. The default is in a day; at most in 400 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Counts only the runs of this task.
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

pub(super) async fn summary(
    State(api): State<Api>,
    Asked(filter): Asked<SimulateFilter>,
) -> Reply<SimulationSummary> {
    api.read(move |api| api.simulate_summary(&filter)).await.map(Json)
}

/// Streams the runs, and `null` at the end. A mistake in the request is reported immediately, a failing
/// simulation in the last event.
pub(super) async fn runs(
    State(api): State<Api>,
    Asked(filter): Asked<SimulateFilter>,
) -> Result<Response, Problem> {
    drop(api.simulation_of(&filter)?);
    let (parts, body) = stream();
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        let send = |text: &mut String| runtime.block_on(parts.send(take(text).into()));
        let done = api.simulation_of(&filter).and_then(|simulation| {
            let simulated = simulation.run_while(|run| {
                push(&mut text, run);
                text.len() < PART || send(&mut text)
            });
            Ok(simulated?)
        });
        match done {
            Ok(_) => push(&mut text, &()),
            Err(problem) => {
                text.push_str("event: problem\n");
                push(&mut text, &problem);
            }
        }
        send(&mut text)
    });
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], body).into_response())
}

/// Adds an item as a server-sent event.
fn push(text: &mut String, item: &impl Serialize) {
    let json = serde_json::to_string(item).expect("what the API tells can be written as JSON");
    text.push_str("data: ");
    text.push_str(&json);
    text.push_str("\n\n");
}

impl Api {
    /// Simulates a period of time: `GET /api/simulate`. This computation may block. The response ends with
    /// the 100,000th run, as shown by `to` in its summary.
    ///
    /// # Errors
    ///
    /// Returns a problem if an instant is invalid, if the period is empty or ends more than 400 days after
    /// its start or after now, or if the app can't be simulated.
    pub fn simulate(&self, filter: &SimulateFilter) -> Result<Simulated, Problem> {
        Ok(self.simulation_of(filter)?.at_most(MOST_RUNS).run()?)
    }

    /// Simulates a period of time, and returns the totals: `GET /api/simulate/summary`. This computation may
    /// block. Its memory does not grow with the number of runs.
    ///
    /// # Errors
    ///
    /// See [`simulate`](Self::simulate).
    pub fn simulate_summary(&self, filter: &SimulateFilter) -> Result<SimulationSummary, Problem> {
        let simulation = self.simulation_of(filter)?.at_most(MOST_COUNTED);
        Ok(simulation.run_with(|_| ())?)
    }

    fn simulation_of(&self, filter: &SimulateFilter) -> Result<Simulation<'static>, Problem> {
        let (from, to) = self.stretch(filter.from.as_deref(), filter.to.as_deref())?;
        let simulation = self.session().simulate(from, to);
        Ok(match filter.seed {
            Some(seed) => simulation.sample(seed),
            None => simulation.median(),
        })
    }

    /// Returns the number of runs that would start in each hour of a period of time, in the time zone of the
    /// app: `GET /api/simulate/hours`. Hours without a start are omitted. This computation may block. Its
    /// memory does not grow with the number of runs.
    ///
    /// # Errors
    ///
    /// See [`simulate`](Self::simulate). Also returns a problem if there is no such task, or if more than
    /// 5,000,000 runs would start.
    pub fn hours(&self, filter: &HoursFilter) -> Result<Vec<Hour>, Problem> {
        let task = filter.task.as_deref().map(|name| self.task(name)).transpose()?;
        let zone = self.session().config().zone;
        let (from, to) = self.stretch(filter.from.as_deref(), filter.to.as_deref())?;
        let simulation = self.session().simulate(from, to).at_most(MOST_COUNTED);
        let mut counts: BTreeMap<(NaiveDate, u32), u64> = BTreeMap::new();
        let summary = simulation.run_with(|run| {
            if task.as_ref().is_none_or(|task| task.name() == &*run.task) {
                let local = zone.local(run.start);
                *counts.entry((local.date(), local.hour())).or_default() += 1;
            }
        })?;
        if summary.to < to {
            let end = summary.to;
            return Err(Problem::invalid(format!(
                "over {MOST_COUNTED} runs would start before {to}, and more are not counted: `to` may be {end} at most"
            )));
        }
        let hour = |((day, hour), starts): ((NaiveDate, u32), u64)| Hour {
            day: day.to_string(),
            hour,
            starts,
        };
        Ok(counts.into_iter().map(hour).collect())
    }

    /// Parses the bounds of a period.
    fn stretch(&self, from: Option<&str>, to: Option<&str>) -> Result<(Timestamp, Timestamp), Problem> {
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
        // A simulation of a running app starts from the present.
        if to.since(from.min(self.now())) > LONGEST {
            let message =
                format!("`to` is {to}: at most 400 days are simulated, from the start or from now on");
            return Err(Problem::invalid(message));
        }
        Ok((from, to))
    }
}
