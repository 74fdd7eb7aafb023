//! The `OpenAPI` document.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use rocketry_api::{Api, openapi, router};
use tower_service::Service;

use super::support::{started, wait};

/// The document, as it is committed.
const COMMITTED: &str = include_str!("../../openapi.json");

#[test]
fn the_committed_document_is_that_of_the_routes() {
    let now = openapi();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &now).unwrap();
        return;
    }
    assert!(
        now == COMMITTED,
        "openapi.json is not that of the routes: rewrite it with UPDATE_EXPECT=1 cargo test -p rocketry-api --all-features"
    );
}

#[test]
fn every_parameter_and_field_is_described() {
    let json: serde_json::Value = serde_json::from_str(&openapi()).unwrap();
    let mut bare = Vec::new();
    for (path, methods) in json["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let undescribed = parameters.into_iter().filter(|one| one["description"].is_null());
            bare.extend(undescribed.map(|one| format!("{method} {path}: {}", one["name"])));
        }
    }
    for (name, schema) in json["components"]["schemas"].as_object().unwrap() {
        let fields = schema["properties"].as_object().cloned().unwrap_or_default();
        let undescribed = fields.into_iter().filter(|(_, field)| {
            let is_described = !field["description"].is_null() || field.get("$ref").is_some();
            !is_described && field.get("oneOf").is_none() && field.get("allOf").is_none()
        });
        bare.extend(undescribed.map(|(field, _)| format!("{name}.{field}")));
    }
    assert_eq!(bare, [""; 0]);
}

#[test]
fn an_address_tells_the_methods_that_it_takes() {
    let app = started();
    let mut routes = router(Api::of_running("shop", app.session().clone()));
    let request = Request::post("/api/tasks/fetch").body(Body::empty()).unwrap();
    let answer = wait(routes.call(request)).unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    let allowed = answer.headers()[header::ALLOW].to_str().unwrap();
    assert!(allowed.contains("GET") && allowed.contains("DELETE"), "{allowed}");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
}

#[test]
fn a_body_is_an_object() {
    let app = started();
    let mut routes = router(Api::of_running("shop", app.session().clone()));
    for (body, status) in [
        ("[]", StatusCode::BAD_REQUEST),
        (r#"["2h"]"#, StatusCode::BAD_REQUEST),
        (r#" {"until": "2h"}"#, StatusCode::OK),
    ] {
        let request = Request::post("/api/pause").body(Body::from(body)).unwrap();
        assert_eq!(wait(routes.call(request)).unwrap().status(), status, "{body}");
    }
}
