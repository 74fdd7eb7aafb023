//! The address of a page, which determines its links. All links are relative, so that the dashboard works
//! below any path.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{Extensions, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rocketry_core::RunId;

/// Characters that need no encoding in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The address of a page.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The relative address of the root of the dashboard: `./`, `../`, and so on.
    pub(crate) root: String,
}

impl<S: Sync> FromRequestParts<S> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Place::of(&parts.uri, &parts.extensions))
    }
}

impl Place {
    /// The place of a request.
    pub(crate) fn of(uri: &Uri, extensions: &Extensions) -> Self {
        let original = extensions.get::<OriginalUri>();
        let original = original.map_or(uri.path(), |uri| uri.path());
        Place {
            root: root_of(uri.path(), original),
        }
    }

    /// The link to the page of a task.
    pub(crate) fn task(&self, name: &str) -> String {
        format!("{}tasks/{}", self.root, segment(name))
    }

    /// The link to the page of a run.
    pub(crate) fn run(&self, run_id: &RunId) -> String {
        format!("{}runs/{}", self.root, segment(&run_id.to_string()))
    }

    /// The address of a run in the API, with a slash at its end.
    pub(crate) fn api_run(&self, run_id: &RunId) -> String {
        format!("{}api/runs/{}/", self.root, value(&run_id.to_string()))
    }

    /// The link to the log with a query.
    pub(crate) fn log(&self, query: &str) -> String {
        format!("{}log?q={}", self.root, value(query))
    }

    /// Redirects the browser to a page.
    pub(crate) fn go(&self, address: &str) -> Response {
        let to = format!("{}{address}", self.root);
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }
}

/// The relative address of the root, as seen from an address below it. A router that is nested at `/jobs`
/// also answers there without a slash; the root is then one level down.
fn root_of(inner: &str, original: &str) -> String {
    if inner == "/" && !original.ends_with('/') {
        let last = original.rsplit('/').next().unwrap_or_default();
        return format!("./{last}/");
    }
    match inner.matches('/').count() {
        0 | 1 => "./".to_owned(),
        depth => "../".repeat(depth - 1),
    }
}

/// A name as one segment of an address.
///
/// A browser interprets `.` and `..` as steps, even if they are encoded, so such a name gets a leading tilde,
/// as does a name that begins with a tilde: see [`Named`](super::Named).
pub(crate) fn segment(name: &str) -> String {
    let tilde = if matches!(name, "." | "..") || name.starts_with('~') {
        "~"
    } else {
        ""
    };
    format!("{tilde}{}", value(name))
}

/// A text as a value in a query string.
pub(crate) fn value(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The query string with the pairs that have a value.
pub(crate) fn query_text(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let texts: Vec<_> = given
        .map(|(key, value)| format!("{key}={}", self::value(value)))
        .collect();
    if texts.is_empty() {
        String::new()
    } else {
        format!("?{}", texts.join("&"))
    }
}
