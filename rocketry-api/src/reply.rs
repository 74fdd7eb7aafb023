//! What routes return.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::problem::{Problem, ProblemKind};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// A value as JSON.
pub(crate) struct Json<T>(pub(crate) T);

/// What a route returns.
pub(crate) type Reply<T> = Result<Json<T>, Problem>;

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response(),
            Err(mistake) => Problem::new(ProblemKind::Failed, mistake.to_string()).into_response(),
        }
    }
}
