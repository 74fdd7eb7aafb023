//! Routes for runs.

use axum::extract::State;
use rocketry_core::log::Order;
use rocketry_core::{Action, Query, Record, RunId};
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use super::log::read;
use crate::page::{Page, page_limit};
use crate::problem::{Problem, ProblemKind};
use crate::query::LogQuery;
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::Run;

/// A filter for runs: the parameters of `GET /api/runs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RunFilter {
    /// A query for the records of their starts: see [`query`](crate::query).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The cursor of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The maximum number of items: 100 by default, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(format = "uint64"))]
    pub limit: Option<usize>,
}

pub(super) async fn list(State(api): State<Api>, Asked(filter): Asked<RunFilter>) -> Reply<Page<Run>> {
    api.read(move |api| api.runs(&filter)).await.map(Json)
}

pub(super) async fn one(State(api): State<Api>, Named(run): Named) -> Reply<Run> {
    api.read(move |api| api.run(&run)).await.map(Json)
}

impl Api {
    /// Returns a page of runs, newest first: `GET /api/runs`. Reads the run log, which may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the filter has a mistake, or if the run log can't be read.
    pub fn runs(&self, filter: &RunFilter) -> Result<Page<Run>, Problem> {
        let mut query = read(self, filter.q.as_deref())?;
        if !query.query.actions.is_empty() {
            let message = "`action:` is about records, and a run has several: use `GET /api/log`";
            return Err(Problem::invalid(message));
        }
        query.query.actions = vec![Action::Run];
        query.query.order = Order::Newest;
        query.query.after = filter.cursor.as_deref().map(super::log::cursor).transpose()?;
        page(self, query, page_limit(filter.limit))
    }

    /// Returns a run: `GET /api/runs/{run}`. Reads the run log, which may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if the run log has no such run, or if it can't be read.
    pub fn run(&self, run_id: &str) -> Result<Run, Problem> {
        find(self, run_id)
    }
}

fn page(api: &Api, query: LogQuery, limit: usize) -> Result<Page<Run>, Problem> {
    let starts = super::log::find(api, query, limit)?;
    let runs = starts.items.iter().map(|start| with_end(api, start));
    Ok(Page {
        items: runs.collect::<Result<_, _>>()?,
        next: starts.next,
    })
}

/// A run in progress may have only the record of its start; a run whose old records were deleted may have
/// only that of its end.
fn find(api: &Api, text: &str) -> Result<Run, Problem> {
    let query = Query::new().run_id(RunId::from(text)).last(2);
    let records = api.session().log(&query)?;
    let start = records.iter().rev().find(|record| record.action == Action::Run);
    match start.or(records.last()) {
        Some(record) => {
            let mut run = with_end(api, record)?;
            // The log may contain tasks that the app no longer has.
            if let Ok(task) = api.session().task(&*run.task) {
                run.downstream = Some(task.downstream(&run.run_id)?);
            }
            Ok(run)
        }
        None => Err(Problem::new(
            ProblemKind::NotFound,
            format!("the run log has no run with the id `{text}`"),
        )),
    }
}

fn with_end(api: &Api, record: &Record) -> Result<Run, Problem> {
    let of_run = Query::new()
        .task(&*record.task)
        .run_id(record.run_id.clone())
        .last(2);
    let records = api.session().log(&of_run)?;
    let end = records
        .iter()
        .rev()
        .find(|other| other.action.is_end() && other.start == record.start);
    let mut run = Run::new(record, end, api.now());
    if end.is_none() {
        let running = api.session().run_infos();
        run.under_way = running.into_iter().find(|other| other.run_id == record.run_id);
    }
    Ok(run)
}
