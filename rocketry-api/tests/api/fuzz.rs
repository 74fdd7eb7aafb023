//! Hostile input at every route: an answer, and never a 500 or a panic.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use rocketry_api::{Api, Route, all_routes, router};
use rocketry_core::testing::TestApp;
use tower_service::Service;

use super::support::{started, wait};

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
        3 => prop::sample::select(&ODD[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&STATEMENTS[..]).prop_map(str::to_owned),
        2 => ".{0,40}",
        1 => "[(~&| a-z0-9:'\"]{0,60}",
        1 => "[(]{0,3000}",
    ]
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

const FIELDS: [&str; 19] = [
    "statement",
    "priority",
    "value",
    "size",
    "now",
    "params",
    "wait",
    "by",
    "until",
    "from",
    "to",
    "missed",
    "at_a_time",
    "dry_run",
    "more",
    "name",
    "timeout",
    "count",
    "execution",
];

/// A body: JSON with the fields of requests, any JSON, or no JSON at all.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let fields = prop::collection::vec((prop::sample::select(&FIELDS[..]), json()), 0..4);
    let object = fields.prop_map(|fields| {
        let fields = fields
            .into_iter()
            .filter(|(name, value)| *name != "wait" || !value.is_boolean());
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        serde_json::Value::Object(fields.collect())
            .to_string()
            .into_bytes()
    });
    prop_oneof![
        3 => object,
        1 => json().prop_map(|json| json.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..60),
    ]
}

const ASKED: [&str; 20] = [
    "q",
    "cursor",
    "limit",
    "newest_first",
    "most",
    "of",
    "count",
    "zone",
    "at",
    "from",
    "to",
    "seed",
    "status",
    "due_within",
    "name",
    "search",
    "sort",
    "task",
    "action",
    "follow",
];

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// An address of a route, with hostile segments and parameters.
fn address(route: &Route) -> impl Strategy<Value = String> + use<> {
    let path = route.path.to_owned();
    let segments = prop::collection::vec(text(), 2);
    let asked = prop::collection::vec((prop::sample::select(&ASKED[..]), text()), 0..3);
    (segments, asked).prop_map(move |(segments, asked)| {
        let mut segments = segments.into_iter();
        let parts = path.split('/').map(|part| {
            if part.starts_with('{') {
                escaped(&segments.next().unwrap_or_default())
            } else {
                part.to_owned()
            }
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let asked: Vec<_> = asked
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        format!("{path}?{}", asked.join("&"))
    })
}

/// The routes that can be called again and again: all but the endless one and those that end the app.
fn routes() -> Vec<Route> {
    let endless = ["/api/events", "/api/shut-down", "/api/restart"];
    let routes = all_routes();
    routes
        .into_iter()
        .filter(|route| !endless.contains(&route.path))
        .collect()
}

fn hostile() -> impl Strategy<Value = (Route, String, Vec<u8>)> {
    prop::sample::select(routes()).prop_flat_map(|route| {
        let address = address(&route);
        (Just(route), address, body())
    })
}

fn answer(app: &TestApp, route: &Route, address: &str, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
    let mut api = router(Api::of_running("shop", app.session().clone()));
    let request = Request::builder()
        .method(route.method.clone())
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
fn every_route_answers_hostile_input() {
    let mut app = started();
    app.run_until("2026-01-01T07:30:00Z");
    proptest!(ProptestConfig::with_cases(600), |((route, address, body) in hostile())| {
        if address.len() > 60_000 {
            return Ok(());
        }
        let (status, answer) = answer(&app, &route, &address, body);
        prop_assert!(!status.is_server_error(), "{} {address:.200}: {status}", route.method);
        if status != StatusCode::OK {
            let problem: rocketry_api::Problem = serde_json::from_slice(&answer).unwrap();
            prop_assert_eq!(problem.status, status.as_u16());
        }
    });
}
