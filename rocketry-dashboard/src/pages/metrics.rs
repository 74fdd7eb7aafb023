//! The endpoint for Prometheus.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rocketry_api::{Problem, ProblemKind};

use super::Pages;
use crate::metrics::MEDIA_TYPE;

pub(crate) async fn scrape(State(pages): State<Pages>) -> Response {
    let metrics = pages.metrics;
    let collected = pages.api.read(move |api| {
        let failed = |mistake: std::fmt::Error| Problem::new(ProblemKind::Failed, mistake.to_string());
        metrics.collect(api).map_err(failed)
    });
    match collected.await {
        Ok(text) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(problem) => (StatusCode::INTERNAL_SERVER_ERROR, problem.detail).into_response(),
    }
}
