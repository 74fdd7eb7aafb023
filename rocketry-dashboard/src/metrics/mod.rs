//! Metrics for Prometheus, collected when they are asked for.

mod ended_runs;
mod lag;
mod state;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use rocketry_api::Api;

use self::ended_runs::EndedRuns;
use crate::pages::Pages;

/// How many tasks have series of their own. The rest share the task `other`, so that the number of series is bounded.
const MOST_TASKS: usize = 1000;

/// The media type of `OpenMetrics`.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The labels of a series.
type Labels = Vec<(&'static str, String)>;

/// What is counted between two scrapes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<EndedRuns>);

pub(crate) async fn scrape(State(pages): State<Pages>) -> Response {
    match pages.metrics.collect(&pages.api) {
        Ok(text) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(mistake) => (StatusCode::INTERNAL_SERVER_ERROR, mistake.to_string()).into_response(),
    }
}

impl Metrics {
    fn collect(&self, api: &Api) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("rocketry");
        state::register(api, &mut registry);
        lag::register(api.session(), &mut registry);
        self.0.register(api.session(), &mut registry);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// The label of a task, given its position in the app.
fn task_label(position: usize, name: &str) -> String {
    if position < MOST_TASKS {
        name.to_owned()
    } else {
        "other".to_owned()
    }
}
