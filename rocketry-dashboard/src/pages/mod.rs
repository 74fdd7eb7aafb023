//! The pages of the dashboard.

pub(crate) mod actions;
pub(crate) mod audit;
pub(crate) mod calendar;
pub(crate) mod failures;
mod form;
pub(crate) mod graph;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod nodes;
pub(crate) mod now;
pub(crate) mod run;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod task;
mod task_forms;
pub(crate) mod tasks;
pub(crate) mod try_out;

use std::convert::Infallible;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rocketry_api::{Api, Caller, Problem, ProblemKind};

use crate::access::{Access, Asked, Need};
use crate::metrics::Metrics;
use crate::view::{Place, Shown, Tab, layout};

/// The state that the pages share.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    pub(crate) api: Api,
    pub(crate) access: Access,
    pub(crate) metrics: Metrics,
}

impl Pages {
    pub(crate) fn new(api: Api, access: Access, metrics: Metrics) -> Self {
        Pages { api, access, metrics }
    }

    /// Returns true if a visitor may use an action, so that its button is shown. The path is that of the
    /// action: `/tasks/fetch/run`.
    pub(crate) fn may_steer(&self, headers: &HeaderMap, path: &str) -> bool {
        self.access.admits(&Asked {
            method: &Method::POST,
            path,
            headers,
            need: Need::Steer,
            action: path.rsplit('/').next(),
        })
    }

    /// The information about the app for the frame of a page.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown {
            name: self.api.name(),
            is_node: self.api.session().is_node(),
        }
    }

    /// A page with its content, or with an error.
    pub(crate) fn show(
        &self,
        place: &Place,
        tab: Tab,
        title: &str,
        content: Result<Markup, Problem>,
    ) -> Response {
        let app = self.shown();
        match content {
            Ok(content) => layout(place, app, title, tab, &content).into_response(),
            Err(problem) => {
                let status = problem.kind.status();
                (status, layout(place, app, &problem.title, tab, &told(&problem))).into_response()
            }
        }
    }
}

/// The API on behalf of the visitor who submits a form.
pub(crate) struct Acting(pub(crate) Api);

impl FromRequestParts<Pages> for Acting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Infallible> {
        let caller = parts.extensions.get::<Caller>();
        Ok(Acting(pages.api.called_by(caller.unwrap_or(&Caller::default()))))
    }
}

/// An error on a page.
pub(crate) fn told(problem: &Problem) -> Markup {
    html! {
        section.problem role="alert" {
            h1 { (problem.title) }
            p { bdi { (problem.detail) } }
        }
    }
}

/// The page for an address that does not exist.
pub(crate) async fn missing(State(pages): State<Pages>, place: Place, address: Uri) -> Response {
    let detail = format!("there is no page at `{}`", address.path());
    let problem = Problem::new(ProblemKind::NotFound, detail);
    pages.show(&place, Tab::None, "", Err(problem))
}
