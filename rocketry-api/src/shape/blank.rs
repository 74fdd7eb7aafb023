//! The shape of a route in a build without the document.

#![expect(
    clippy::extra_unused_type_parameters,
    reason = "the shape for a document takes the types"
)]

/// Accepts the description of a route, and discards it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape;

impl Shape {
    pub(crate) fn new<T>(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn list<T>(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn page<T>(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn object(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn stream<T>(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn text(_: &'static str) -> Self {
        Shape
    }

    pub(crate) fn asks<P>(self) -> Self {
        self
    }

    pub(crate) fn takes<B>(self, _: &'static str) -> Self {
        self
    }

    pub(crate) fn may_take<B>(self, _: &'static str) -> Self {
        self
    }
}
