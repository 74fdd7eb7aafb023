//! The `OpenAPI` document as it is committed, which a test compares with [`openapi`](crate::openapi()).

use axum::http::header;
use axum::response::{IntoResponse, Response};

const COMMITTED: &str = include_str!("../../openapi.json");

pub(super) async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, COMMITTED).into_response()
}
