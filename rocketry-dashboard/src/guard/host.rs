//! Refuses requests for unknown hosts.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The accepted hosts, without ports. If empty, all are accepted.
#[derive(Clone, Debug)]
pub(crate) struct Hosts(Arc<[String]>);

impl Hosts {
    pub(crate) fn new(hosts: Vec<String>) -> Self {
        Hosts(hosts.into())
    }

    fn include(&self, host: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// Passes a request on if it is for a known host. A foreign page can reach this machine under its own name,
/// but it can't choose the `Host` header.
pub(crate) async fn check_host(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let host = request.uri().host().or(named.map(without_port));
    match host {
        Some(host) if hosts.include(host) => next.run(request).await,
        None if hosts.0.is_empty() => next.run(request).await,
        _ => (
            StatusCode::MISDIRECTED_REQUEST,
            "the dashboard does not answer for this host: `Dashboard::host` adds one\n",
        )
            .into_response(),
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        // An IPv6 address contains colons, and is in brackets.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}
