//! What a route takes and answers, for the `OpenAPI` document. Nothing of it is kept where no document is made.

#[cfg(not(feature = "openapi"))]
mod blank;
#[cfg(feature = "openapi")]
mod described;

#[cfg(not(feature = "openapi"))]
pub(crate) use blank::Shape;
#[cfg(feature = "openapi")]
pub(crate) use described::{Content, Named, Shape};
