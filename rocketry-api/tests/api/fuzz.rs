//! Input of all kinds at each operation of the committed document: an answer, and never a 500 or a panic.

use std::cell::Cell;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use proptest::strategy::Union;
use rocketry_api::{Api, router};
use rocketry_core::testing::TestApp;
use serde_json::Value as Json;
use tower_service::Service;

use super::support::{started, wait};

/// What the routes are called with.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// Texts that are often right.
const FITTING: [&str; 12] = [
    "fetch",
    "report",
    "a/b c",
    "1",
    "2h",
    "2026-01-01",
    "2026-01-01T06:30:00Z",
    "task:fetch runtime:>1s",
    "daily after 07:00",
    "Europe/Helsinki",
    "thread",
    "10 minutes",
];

/// Texts that have broken parsers before.
const ODD: [&str; 24] = [
    "",
    " ",
    "fetch",
    "a/b c",
    "..",
    "%00",
    "\u{0}",
    "\u{feff}",
    "שלום",
    "'",
    "\"",
    "`",
    "<script>",
    "-1",
    "0",
    "18446744073709551616",
    "1e400",
    "NaN",
    "2026-02-30",
    "9999999999999999999d",
    "since:",
    "task:fetch action:",
    "(((((((",
    "every 0 seconds",
];

/// Statements, whole and broken.
const STATEMENTS: [&str; 12] = [
    "daily",
    "every 1 microsecond",
    "daily after 25:00",
    "once at 9999-12-31",
    "cron('* * 30 2 *')",
    "hourly & ~hourly",
    "monthly on 31st & yearly on February",
    "after task 'fetch'",
    "true",
    "never",
    "param 'x' is 'y'",
    "daily & until 0001-01-01",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(&FITTING[..]).prop_map(str::to_owned),
        3 => prop::sample::select(&ODD[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&STATEMENTS[..]).prop_map(str::to_owned),
        2 => ".{0,40}",
        1 => "[(~&| a-z0-9:'\"]{0,60}",
        1 => "[(]{0,3000}",
        1 => "[a-z]".prop_map(|letter| letter.repeat(20_000)),
    ]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// An operation of the document.
#[derive(Clone, Debug)]
struct Operation {
    method: String,
    path: String,
    /// The parameters of the query.
    asked: Vec<Input>,
    /// The fields of the body; `None` without one.
    fields: Option<Vec<Input>>,
}

/// A parameter or a field.
#[derive(Clone, Debug)]
struct Input {
    name: String,
    /// The types that it may have; none if it may have any.
    types: Vec<String>,
}

impl Input {
    fn of(name: &str, schema: &Json) -> Self {
        let types = match &schema["type"] {
            Json::String(one) => vec![one.clone()],
            Json::Array(several) => several
                .iter()
                .map(|one| one.as_str().unwrap().to_owned())
                .collect(),
            _ => Vec::new(),
        };
        let name = name.to_owned();
        Input { name, types }
    }

    /// A value of the right type, mostly.
    fn value(&self) -> impl Strategy<Value = Json> + use<> {
        let right = self.types.iter().map(|kind| match kind.as_str() {
            "string" => text().prop_map(Json::from).boxed(),
            "boolean" => any::<bool>().prop_map(Json::from).boxed(),
            "integer" | "number" => prop_oneof![0..20_u64, any::<u64>()].prop_map(Json::from).boxed(),
            "null" => Just(Json::Null).boxed(),
            _ => json().boxed(),
        });
        let right: Vec<_> = right.map(|values| (4, values)).collect();
        let any = (1, json().boxed());
        // On manual time, no run ends while a request waits for it.
        let waits = self.name == "wait";
        let values = Union::new_weighted(right.into_iter().chain([any]).collect());
        values.prop_map(move |value| {
            if waits && value == true {
                Json::from(false)
            } else {
                value
            }
        })
    }
}

/// Those that can be called again and again: all but the endless one and those that end the app.
fn operations() -> Vec<Operation> {
    let document: Json = serde_json::from_str(DOCUMENT).unwrap();
    let excepted = ["/api/events", "/api/shut-down", "/api/restart"];
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if excepted.contains(&path.as_str()) {
            continue;
        }
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let asked = parameters.filter(|one| one["in"] == "query");
            let asked = asked.map(|one| Input::of(one["name"].as_str().unwrap(), &one["schema"]));
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                asked: asked.collect(),
                fields: fields(&document, operation),
            });
        }
    }
    operations
}

/// The fields of the body of an operation.
fn fields(document: &Json, operation: &Json) -> Option<Vec<Input>> {
    let body = operation.get("requestBody")?;
    let schema = body["content"]["application/json"]["schema"]["$ref"].as_str()?;
    let schema = document.pointer(schema.strip_prefix('#')?)?;
    let fields = schema["properties"].as_object()?.iter();
    Some(fields.map(|(name, schema)| Input::of(name, schema)).collect())
}

/// Some of the inputs, with values, and now and then one that is not known.
fn some(inputs: &[Input]) -> impl Strategy<Value = Vec<(String, Json)>> + use<> {
    let known: Vec<_> = inputs
        .iter()
        .map(|input| {
            let name = input.name.clone();
            prop::option::weighted(0.6, input.value().prop_map(move |value| (name.clone(), value)))
        })
        .collect();
    let unknown = prop::option::weighted(0.05, (text(), json()));
    (known, unknown).prop_map(|(known, unknown)| known.into_iter().flatten().chain(unknown).collect())
}

/// A body: JSON with the fields of the request, any JSON, or no JSON at all.
fn body(fields: &[Input]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let object = some(fields).prop_map(|fields| Json::Object(fields.into_iter().collect()));
    prop_oneof![
        6 => object.prop_map(|object| object.to_string().into_bytes()),
        1 => json().prop_map(|json| json.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..60),
    ]
}

/// An address of an operation, with hostile segments and parameters.
fn address(operation: &Operation) -> impl Strategy<Value = String> + use<> {
    let path = operation.path.clone();
    let segments = prop::collection::vec(text(), 2);
    (segments, some(&operation.asked)).prop_map(move |(segments, asked)| {
        let mut segments = segments.into_iter();
        let parts = path.split('/').map(|part| {
            if part.starts_with('{') {
                escaped(&segments.next().unwrap_or_default())
            } else {
                part.to_owned()
            }
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let written = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let asked: Vec<_> = asked
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(&written(value))))
            .collect();
        format!("{path}?{}", asked.join("&"))
    })
}

fn hostile() -> impl Strategy<Value = (Operation, String, Vec<u8>)> {
    prop::sample::select(operations()).prop_flat_map(|operation| {
        let address = address(&operation);
        let body = body(operation.fields.as_deref().unwrap_or_default());
        (Just(operation), address, body)
    })
}

fn answer(app: &TestApp, method: &str, address: &str, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
    let mut api = router(Api::of_running("shop", app.session().clone()));
    let request = Request::builder()
        .method(method)
        .uri(address)
        .body(Body::from(body))
        .unwrap();
    wait(async {
        let response = api.call(request).await.unwrap();
        let status = response.status();
        (
            status,
            to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec(),
        )
    })
}

#[test]
fn every_operation_answers_whatever_it_is_called_with() {
    let mut app = started();
    app.run_until("2026-01-01T07:30:00Z");
    let accepted = Cell::new(0);
    proptest!(ProptestConfig::with_cases(600), |((operation, address, body) in hostile())| {
        if address.len() > 60_000 {
            return Ok(());
        }
        let (status, answer) = answer(&app, &operation.method, &address, body);
        prop_assert!(!status.is_server_error(), "{} {address:.200}: {status}", operation.method);
        if status == StatusCode::OK {
            accepted.set(accepted.get() + 1);
        } else {
            let problem: rocketry_api::Problem = serde_json::from_slice(&answer).unwrap();
            prop_assert_eq!(problem.status, status.as_u16());
        }
    });
    assert!(
        accepted.get() > 30,
        "only {} of 600 requests are accepted",
        accepted.get()
    );
}
