//! The shape of a route for the document.

use std::borrow::Cow;

use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, ToSchema};

/// The inputs and outputs of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// A sentence about what it does.
    pub(crate) summary: &'static str,
    pub(crate) asked: Option<fn() -> Vec<Parameter>>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Content,
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) named: Named,
    pub(crate) example: &'static str,
    pub(crate) is_required: bool,
}

/// A type with a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    pub(crate) name: fn() -> Cow<'static, str>,
    pub(crate) schema: fn() -> RefOr<Schema>,
    pub(crate) inner: fn(&mut Vec<(String, RefOr<Schema>)>),
}

/// The body of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Json(Named),
    List(Named),
    /// A [`Page`](crate::Page) of items.
    Page(Named),
    /// Any JSON object.
    Object,
    /// Server-sent events.
    Stream(Named),
    /// Plain text.
    Text,
}

impl Named {
    pub(crate) fn of<T: ToSchema>() -> Self {
        Named {
            name: T::name,
            schema: T::schema,
            inner: T::schemas,
        }
    }

    pub(crate) fn reference(self) -> Ref {
        Ref::from_schema_name((self.name)())
    }
}

impl Shape {
    pub(crate) fn new<T: ToSchema>(summary: &'static str) -> Self {
        Shape::with(summary, Content::Json(Named::of::<T>()))
    }

    pub(crate) fn list<T: ToSchema>(summary: &'static str) -> Self {
        Shape::with(summary, Content::List(Named::of::<T>()))
    }

    pub(crate) fn page<T: ToSchema>(summary: &'static str) -> Self {
        Shape::with(summary, Content::Page(Named::of::<T>()))
    }

    pub(crate) fn object(summary: &'static str) -> Self {
        Shape::with(summary, Content::Object)
    }

    pub(crate) fn stream<T: ToSchema>(summary: &'static str) -> Self {
        Shape::with(summary, Content::Stream(Named::of::<T>()))
    }

    pub(crate) fn text(summary: &'static str) -> Self {
        Shape::with(summary, Content::Text)
    }

    fn with(summary: &'static str, answer: Content) -> Self {
        Shape {
            summary,
            asked: None,
            body: None,
            answer,
        }
    }

    /// Adds the query parameters.
    pub(crate) fn asks<P: IntoParams>(self) -> Self {
        Shape {
            asked: Some(|| P::into_params(|| Some(ParameterIn::Query))),
            ..self
        }
    }

    /// Adds a required request body, with an example.
    pub(crate) fn takes<B: ToSchema>(self, example: &'static str) -> Self {
        self.with_body::<B>(example, true)
    }

    /// Adds an optional request body, with an example.
    pub(crate) fn may_take<B: ToSchema>(self, example: &'static str) -> Self {
        self.with_body::<B>(example, false)
    }

    fn with_body<B: ToSchema>(self, example: &'static str, is_required: bool) -> Self {
        let named = Named::of::<B>();
        let body = Some(Body {
            named,
            example,
            is_required,
        });
        Shape { body, ..self }
    }
}
