//! Errors of the API, as RFC 9457 describes them.

use std::fmt;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rocketry_core::Error;
use serde::{Deserialize, Serialize};

/// The media type of a problem.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The error of a request: the JSON object of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).
///
/// The field `nearest` extends the standard: it is the most similar name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The kind of the problem.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The kind, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, with names, and what to do.
    pub detail: String,
    /// The most similar name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// The kinds of problems. Each has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// The request has a mistake, such as a time that can't be read: 400.
    Invalid,
    /// There is no task or run of this name, or no such address: 404.
    NotFound,
    /// The address does not support this method; the header `Allow` lists the supported methods: 405.
    NotAllowed,
    /// The request does not fit the state of the app: 409.
    Refused,
    /// The app could not carry out the request, for instance because its log can't be read: 500.
    Failed,
    /// The app is not running, so it can't be steered: 503.
    NotRunning,
}

impl ProblemKind {
    /// Returns the HTTP status.
    pub const fn status(self) -> StatusCode {
        match self {
            ProblemKind::Invalid => StatusCode::BAD_REQUEST,
            ProblemKind::NotFound => StatusCode::NOT_FOUND,
            ProblemKind::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ProblemKind::Refused => StatusCode::CONFLICT,
            ProblemKind::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            ProblemKind::NotRunning => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            ProblemKind::Invalid => "the request has a mistake",
            ProblemKind::NotFound => "nothing has this name",
            ProblemKind::NotAllowed => "the address does not take this method",
            ProblemKind::Refused => "the request does not fit the state of the app",
            ProblemKind::Failed => "the app could not carry out the request",
            ProblemKind::NotRunning => "the app does not run",
        }
    }
}

impl Problem {
    /// Creates a problem.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Problem {
            kind,
            title: kind.title().to_owned(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            nearest: None,
        }
    }

    /// Creates the problem for a mistake in the request.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Problem::new(ProblemKind::Invalid, detail)
    }

    /// Creates a problem from a message that may contain a suggested name.
    pub(crate) fn told(kind: ProblemKind, message: String) -> Self {
        let nearest = meant(&message).map(str::to_owned);
        Problem {
            nearest,
            ..Problem::new(kind, message)
        }
    }

    /// Creates the problem for an unknown name, with the most similar of the candidates.
    pub fn unknown<'a>(what: &str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let nearest = rocketry_syntax::suggest::nearest(name, candidates).map(str::to_owned);
        let problem = Problem::new(ProblemKind::NotFound, format!("there is no {what} `{name}`"));
        problem.near(nearest)
    }

    /// Adds the most similar name.
    #[must_use]
    pub fn near(mut self, nearest: Option<String>) -> Self {
        if let Some(nearest) = &nearest {
            self.detail.push_str("; did you mean `");
            self.detail.push_str(nearest);
            self.detail.push_str("`?");
        }
        self.nearest = nearest;
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = if error.is_not_found() {
            ProblemKind::NotFound
        } else if error.is_build() || error.is_parameter() {
            ProblemKind::Invalid
        } else if error.is_state() || error.is_duplicate() {
            ProblemKind::Refused
        } else {
            ProblemKind::Failed
        };
        Problem::told(kind, error.to_string())
    }
}

/// The name after "did you mean" in a message.
pub(crate) fn meant(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("did you mean `")?;
    Some(rest.split_once("`?")?.0)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], Body::from(body)).into_response()
    }
}
