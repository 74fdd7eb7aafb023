//! Parts of requests, whose mistakes are problems.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The largest body of a request.
const MAX_BODY: usize = 1 << 20;

/// The parameters behind the `?`.
pub(super) struct Asked<T>(pub(super) T);

/// A segment of the address.
pub(super) struct Named(pub(super) String);

/// The body of a request; without one, the default.
pub(super) struct Given<T>(pub(super) T);

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

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Problem> {
        let bytes = to_bytes(request.into_body(), MAX_BODY)
            .await
            .map_err(|cause| Problem::invalid(format!("the body can't be read: {cause}")))?;
        if bytes.is_empty() {
            return Ok(Given(T::default()));
        }
        serde_json::from_slice(&bytes)
            .map(Given)
            .map_err(|mistake| Problem::invalid(format!("the body: {mistake}")))
    }
}
