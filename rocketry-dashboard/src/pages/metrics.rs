//! The endpoint for Prometheus.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Pages;
use crate::metrics::MEDIA_TYPE;

pub(crate) async fn scrape(State(pages): State<Pages>) -> Response {
    match pages.metrics.collect(&pages.api) {
        Ok(text) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(mistake) => (StatusCode::INTERNAL_SERVER_ERROR, mistake.to_string()).into_response(),
    }
}
