//! The `OpenAPI` document of the API, generated from its table of routes.

use axum::http::Method;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Schema, SchemaType};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr,
    Required, ResponseBuilder, Type,
};

use crate::problem::Problem;
use crate::routes::{Route, all_routes};
use crate::shape::{Content, Named};

/// Returns the `OpenAPI` document of the API as JSON, generated from its routes: the response of `GET
/// /api/openapi.json`.
///
/// ```
/// let document: serde_json::Value = serde_json::from_str(&rocketry_api::openapi()).unwrap();
/// assert!(document["paths"]["/api/tasks/{task}/start"]["put"].is_object());
/// ```
pub fn openapi() -> String {
    let json = document()
        .to_pretty_json()
        .expect("the document can be turned into JSON");
    json + "\n"
}

fn document() -> OpenApi {
    let routes = all_routes();
    let paths = routes.iter().fold(PathsBuilder::new(), |paths, route| {
        paths.path(route.path, PathItem::new(method(&route.method), operation(route)))
    });
    let mut schemas = Vec::new();
    for named in routes.iter().flat_map(named).chain([Named::of::<Problem>()]) {
        schemas.push(((named.name)().into_owned(), (named.schema)()));
        (named.inner)(&mut schemas);
    }
    schemas.sort_by(|(a, _), (b, _)| a.cmp(b));
    schemas.dedup_by(|(a, one), (b, other)| {
        let is_same = a == b;
        assert!(!is_same || one == other, "two types are named `{a}`");
        is_same
    });
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .response("Problem", problem());
    let info = InfoBuilder::new()
        .title("Rocketry")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT));
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

const ABOUT: &str = "Shows and steers an app of the scheduling framework Rocketry.\n\nInstants are texts in RFC 3339. Whole \
                     numbers beyond 2^53 are texts, in answers and, as values of parameters, in requests. Every error is a \
                     problem (RFC 9457), with the name that was probably meant where there is one. A list has a cursor: \
                     send `next` as `cursor` to get its next page.";

fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(route: &Route) -> OperationBuilder {
    let shape = route.shape;
    let mut operation = OperationBuilder::new()
        .operation_id(Some(id(route)))
        .tag(if route.action.is_some() { "steer" } else { "look" })
        .summary(Some(shape.summary));
    for parameter in segments(route.path) {
        operation = operation.parameter(parameter);
    }
    for parameter in shape.asked.map(|asked| asked()).unwrap_or_default() {
        operation = operation.parameter(parameter);
    }
    if let Some(body) = shape.body {
        let example = serde_json::from_str(body.example).ok();
        let content = ContentBuilder::new().schema(Some(body.named.reference()));
        let request = RequestBodyBuilder::new()
            .content("application/json", content.example(example).build())
            .required(Some(if body.is_required {
                Required::True
            } else {
                Required::False
            }));
        operation = operation.request_body(Some(request.build()));
    }
    let operation = operation.response("200", answer(shape.answer));
    let errors = ["400", "404", "409", "500", "503"];
    errors.into_iter().fold(operation, |operation, status| {
        operation.response(status, Ref::from_response_name("Problem"))
    })
}

/// The method and the fixed segments of the address: `put-tasks-start`.
fn id(route: &Route) -> String {
    let segments = route.path.split('/').skip(2);
    let of_path = segments.map(|segment| segment.trim_matches(['{', '}']));
    let method = route.method.as_str().to_lowercase();
    [method.as_str()]
        .into_iter()
        .chain(of_path)
        .collect::<Vec<_>>()
        .join("-")
}

/// The parts of an address that vary.
fn segments(path: &str) -> impl Iterator<Item = ParameterBuilder> {
    let names = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let (description, example) = match name {
            "task" => (
                "The name of a task. Its last segment is enough while it is unambiguous.",
                "fetch",
            ),
            "run" => ("The id of a run.", "1767225600000000"),
            "group" => ("The name of a group.", "db"),
            "param" => ("The name of a parameter.", "day"),
            _ => ("The name of a pool.", "threads"),
        };
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some(example.into()))
    })
}

fn answer(content: Content) -> ResponseBuilder {
    let (media, schema): (_, RefOr<Schema>) = match content {
        Content::Json(named) => ("application/json", named.reference().into()),
        Content::List(named) => ("application/json", named.reference().to_array_builder().into()),
        Content::Page(named) => ("application/json", page(named).into()),
        Content::Object => (
            "application/json",
            ObjectBuilder::new().schema_type(Type::Object).into(),
        ),
        Content::Stream(named) => ("text/event-stream", named.reference().into()),
        Content::Text => (
            "text/plain",
            ObjectBuilder::new().schema_type(Type::String).into(),
        ),
    };
    let content = ContentBuilder::new().schema(Some(schema));
    let description = if media == "text/event-stream" {
        "Server-sent events, each with an item as its `data`."
    } else {
        "The answer."
    };
    ResponseBuilder::new()
        .description(description)
        .content(media, content.build())
}

/// A page of a list.
fn page(named: Named) -> ObjectBuilder {
    let items = named.reference().to_array_builder();
    let next = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some(
            "The cursor of the next page: send it as `cursor`. `null` if this is the last page.",
        ));
    ObjectBuilder::new()
        .property("items", items.description(Some("The items.")))
        .property("next", next)
        .required("items")
        .required("next")
}

fn problem() -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Named::of::<Problem>().reference()));
    let example = Problem::unknown("task", "fecth", ["fetch"]);
    let content = content.example(serde_json::to_value(example).ok());
    ResponseBuilder::new()
        .description("Why the request was not carried out.")
        .content("application/problem+json", content.build())
}

/// The types of a route.
fn named(route: &Route) -> Vec<Named> {
    let answer = match route.shape.answer {
        Content::Json(named) | Content::List(named) | Content::Page(named) | Content::Stream(named) => {
            Some(named)
        }
        Content::Object | Content::Text => None,
    };
    let body = route.shape.body.map(|body| body.named);
    answer.into_iter().chain(body).collect()
}
