//! The route for the output of a run.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rocketry_core::{Output, RunId};
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named};
use super::stream::{BEAT, Parts, stream};
use crate::problem::{Problem, ProblemKind};
use crate::state::Api;

/// How to return the output: the parameters of `GET /api/runs/{run}/output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OutputFilter {
    /// Whether the response continues until the run has ended, if it is in progress.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub follow: bool,
}

pub(super) async fn output(
    State(api): State<Api>,
    Named(run): Named,
    Asked(filter): Asked<OutputFilter>,
) -> Result<Response, Problem> {
    let live = api.session().output(&RunId::from(&*run));
    let body = match live {
        Some(output) if filter.follow => followed(output),
        Some(mut output) => Body::from(output.so_far()),
        None => Body::from(api.read(move |api| api.output(&run)).await?),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, body).into_response())
}

/// A body that ends with the run.
fn followed(output: Output) -> Body {
    let (parts, body) = stream();
    tokio::spawn(pass_on(output, parts));
    body
}

async fn pass_on(mut output: Output, to: Parts) {
    loop {
        let is_read = match tokio::time::timeout(BEAT, output.next()).await {
            Ok(Some(text)) => to.send(Bytes::from(text)).await,
            Ok(None) => false,
            Err(_) => !to.is_left(),
        };
        if !is_read {
            return;
        }
    }
}

impl Api {
    /// Returns the output of a run that is, or was, a program: `GET /api/runs/{run}/output`. Reads the run
    /// log, which may block.
    ///
    /// # Errors
    ///
    /// Returns a problem if there is no such run, if it is not a program, or if its program has not started
    /// yet.
    pub fn output(&self, run_id: &str) -> Result<String, Problem> {
        if let Some(mut output) = self.session().output(&RunId::from(run_id)) {
            return Ok(output.so_far());
        }
        let run = self.run(run_id)?;
        if let Some(process) = run.process {
            return Ok(process.output.to_string());
        }
        let (kind, has) = match run.under_way {
            Some(_) => (ProblemKind::Refused, "has no output so far"),
            None => (ProblemKind::NotFound, "has no output"),
        };
        let message = format!("run `{run_id}` {has}: commands and runs in processes of their own have one");
        Err(Problem::new(kind, message))
    }
}
