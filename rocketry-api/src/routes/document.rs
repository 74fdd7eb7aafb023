//! The committed `OpenAPI` document. A test compares it with the one that is generated from the routes.

use axum::http::header;
use axum::response::{IntoResponse, Response};

const COMMITTED: &str = include_str!("../../openapi.json");

pub(super) async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, COMMITTED).into_response()
}
