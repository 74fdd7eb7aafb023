//! Checks the access before a route is called.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use rocketry_api::Caller;

use crate::access::{Access, Asked, Need};
use crate::view::Place;

/// The access, and what a route needs and does.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    pub(crate) access: Access,
    pub(crate) need: Need,
    pub(crate) action: Option<&'static str>,
}

/// Passes a request on if it has the permission that the route requires, with the name of its sender.
pub(crate) async fn check_access(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        headers: request.headers(),
        need: gate.need,
        action: gate.action,
    };
    if let Some(visitor) = gate.access.admit(&asked) {
        let caller = Caller {
            name: visitor.name,
            ..Caller::via("dashboard")
        };
        request.extensions_mut().insert(caller);
        return next.run(request).await;
    }
    if asked.need == Need::Read && gate.access.takes_tokens() && wants_page(request.headers()) {
        return Place::of(request.uri(), request.extensions()).go("sign-in");
    }
    refusal(asked.need, gate.access.takes_tokens())
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn refusal(need: Need, takes_tokens: bool) -> Response {
    let what = match need {
        Need::Steer => "steer the app",
        Need::Nothing | Need::Read => "look at the app",
    };
    if takes_tokens {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer realm=\"rocketry\"")];
        let message = format!("to {what}, send a token that may do so: `Authorization: Bearer rocketry_…`\n");
        return (StatusCode::UNAUTHORIZED, challenge, message).into_response();
    }
    (StatusCode::FORBIDDEN, format!("you may not {what} here\n")).into_response()
}
