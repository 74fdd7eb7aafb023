//! What would happen in a stretch of time.

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

/// How many bytes of runs are sent together.
const PART: usize = 16 * 1024;

/// How long a stretch of time is simulated at most.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// How many runs an answer has at most.
const MOST_RUNS: usize = 100_000;

/// The maximum number of runs that are counted. A stream ends when its reader leaves; a count has no reader that could leave.
const MOST_COUNTED: usize = 5_000_000;

/// What is simulated: the parameters of `GET /api/simulate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SimulateFilter {
    /// The first instant. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first instant that no longer belongs to it. The default is in a day; it is in 400 days at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Draws how long runs take from the run log with this seed. By default, each takes the median of its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub seed: Option<u64>,
}

/// Which hours are wanted: the parameters of `GET /api/simulate/hours`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct HoursFilter {
    /// The first instant. The default is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first instant that no longer belongs to it. The default is in a day; it is in 400 days at most.
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

pub(super) async fn summary(
    State(api): State<Api>,
    Asked(filter): Asked<SimulateFilter>,
) -> Reply<SimulationSummary> {
    api.read(move |api| api.simulate_summary(&filter)).await.map(Json)
}

/// Streams the runs, and `null` at the end. A mistake in the request is told at once, a simulation that fails in the last event.
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
    /// What would happen in a stretch of time: what `GET /api/simulate` answers. It computes, so it may block. The answer ends with
    /// its 100,000th run, as the `to` of its summary says.
    ///
    /// # Errors
    ///
    /// Returns a problem if an instant can't be read, if the stretch is empty or ends more than 400 days after its start or after now,
    /// or if the app can't be simulated.
    pub fn simulate(&self, filter: &SimulateFilter) -> Result<Simulated, Problem> {
        Ok(self.simulation_of(filter)?.at_most(MOST_RUNS).run()?)
    }

    /// The totals of a stretch of time: what `GET /api/simulate/summary` answers. It computes, so it may block; the memory that it
    /// takes does not grow with the number of runs.
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

    /// How many runs would start in each hour of a stretch of time, by the clock of the app's zone: what
    /// `GET /api/simulate/hours` answers. Hours without a start are left out. It computes, so it may block; the memory that it
    /// takes does not grow with the number of runs.
    ///
    /// # Errors
    ///
    /// See [`simulate`](Self::simulate). There is a problem as well if there is no such task, or if over 5,000,000 runs would start.
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

    /// Reads the ends of a stretch of time.
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
        // A simulation of a running app goes on from now.
        if to.since(from.min(self.now())) > LONGEST {
            let message =
                format!("`to` is {to}: at most 400 days are simulated, from the start or from now on");
            return Err(Problem::invalid(message));
        }
        Ok((from, to))
    }
}
