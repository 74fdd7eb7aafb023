//! Extractors for parts of requests, whose mistakes become problems.

use std::convert::Infallible;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Api;

/// The maximum length of a request body.
const MAX_BODY: usize = 1 << 20;

/// The query parameters.
pub(super) struct Asked<T>(pub(super) T);

/// The API on behalf of the caller.
pub(super) struct Acting(pub(super) Api);

/// A path segment.
pub(super) struct Named(pub(super) String);

/// Two path segments.
pub(super) struct NamedTwice(pub(super) String, pub(super) String);

/// The body of a request, or the default if there is none.
pub(super) struct Given<T>(pub(super) T);

/// The body of a request that must have one.
pub(super) struct Demanded<T>(pub(super) T);

impl FromRequestParts<Api> for Acting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let api = match parts.extensions.get::<Caller>() {
            Some(caller) => api.called_by(caller),
            None => api.clone(),
        };
        let traceparent = parts
            .headers
            .get("traceparent")
            .and_then(|text| text.to_str().ok());
        Ok(Acting(match traceparent {
            Some(traceparent) => api.traced(traceparent),
            None => api,
        }))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(asked) = Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        Ok(Asked(asked))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) = Path::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        Ok(Named(name))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NamedTwice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((first, second)) = Path::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        Ok(NamedTwice(first, second))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Problem> {
        let bytes = body(request).await?;
        if bytes.is_empty() {
            return Ok(Given(T::default()));
        }
        read(&bytes).map(Given)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Demanded<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Problem> {
        let bytes = body(request).await?;
        if bytes.is_empty() {
            return Err(Problem::invalid("the request needs a body, which is JSON"));
        }
        read(&bytes).map(Demanded)
    }
}

async fn body(request: Request<Body>) -> Result<Bytes, Problem> {
    let bytes = to_bytes(request.into_body(), MAX_BODY).await;
    bytes.map_err(|cause| Problem::invalid(format!("the body can't be read: {cause}")))
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Problem> {
    // Serde would also accept an array, with the fields in order.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::invalid("the body: expected a JSON object"));
    }
    serde_json::from_slice(json).map_err(|mistake| Problem::invalid(format!("the body: {mistake}")))
}
