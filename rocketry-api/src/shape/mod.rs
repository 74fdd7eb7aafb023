//! The inputs and outputs of routes, for the `OpenAPI` document. A build without the document stores nothing.

#[cfg(not(feature = "openapi"))]
mod blank;
#[cfg(feature = "openapi")]
mod described;

#[cfg(not(feature = "openapi"))]
pub(crate) use blank::Shape;
#[cfg(feature = "openapi")]
pub(crate) use described::{Content, Named, Shape};
