//! The trace context of callers.

use std::fmt::Debug;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::Request;
use rocketry_api::{Api, router};
use tower_service::Service;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::support::{started, wait};

/// The trace contexts in the spans of runs.
static CONTEXTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

struct Contexts;

impl Visit for Contexts {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "traceparent" {
            CONTEXTS.lock().unwrap().push(format!("{value:?}"));
        }
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Contexts);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_requested_run_has_the_trace_context_of_the_request() {
    const CONTEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    tracing::subscriber::set_global_default(Listener).unwrap();
    let mut app = started();
    let mut routes = router(Api::of_running("shop", app.session().clone()));
    let request = Request::post("/api/tasks/fetch/runs")
        .header("traceparent", CONTEXT)
        .body(Body::empty())
        .unwrap();
    assert!(wait(routes.call(request)).unwrap().status().is_success());
    app.settle();
    assert_eq!(*CONTEXTS.lock().unwrap(), [format!("{CONTEXT:?}")]);
}
