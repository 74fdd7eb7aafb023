//! Routes for the app itself.

use axum::extract::State;
use rocketry_core::Failure;

use super::extract::{Acting, Given};
use crate::problem::Problem;
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::{AppInfo, Done, EndRequest};

pub(super) async fn info(State(api): State<Api>) -> Json<AppInfo> {
    Json(api.info())
}

pub(super) async fn failures(State(api): State<Api>) -> Reply<Vec<Failure>> {
    Ok(Json(api.session().failures()))
}

pub(super) async fn shut_down(Acting(api): Acting, Given(request): Given<EndRequest>) -> Reply<Done> {
    api.shut_down(request).map(Json)
}

pub(super) async fn restart(Acting(api): Acting, Given(request): Given<EndRequest>) -> Reply<Done> {
    api.restart(request).map(Json)
}

impl Api {
    /// Shuts the app down: `POST /api/shut-down`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running.
    pub fn shut_down(&self, request: EndRequest) -> Result<Done, Problem> {
        let session = self.steer()?;
        if request.now {
            session.shut_down_now();
        } else {
            session.shut_down();
        }
        Ok(self.ending("shuts down", request))
    }

    /// Restarts the app: `POST /api/restart`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running, if it is ending, or if a restart would lose a value.
    pub fn restart(&self, request: EndRequest) -> Result<Done, Problem> {
        let session = self.steer()?;
        if request.now {
            session.restart_now()?;
        } else {
            session.restart()?;
        }
        Ok(self.ending("restarts", request))
    }

    fn ending(&self, does: &str, request: EndRequest) -> Done {
        let name = self.name();
        let message = if request.now {
            format!("`{name}` {does}, and terminates the runs under way")
        } else {
            format!("`{name}` {does} once the runs under way have ended")
        };
        Done { message }
    }
}
