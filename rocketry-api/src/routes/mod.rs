//! The addresses of the API.

mod actions;
mod app;
mod backfill;
mod events;
mod explain;
mod extract;
mod log;
mod next;
mod pausing;
mod runs;
mod simulate;
mod tasks;

pub use explain::ExplainFilter;
pub use log::LogFilter;
pub use next::NextFilter;
pub use runs::RunFilter;
pub use simulate::SimulateFilter;
pub use tasks::TaskFilter;

use axum::Router;
use axum::extract::OriginalUri;
use axum::routing::{get, post};

use crate::problem::Problem;
use crate::state::Api;

/// The routes of the API, below `/api`.
///
/// | address | is |
/// |---|---|
/// | `GET /api/app` | the app: [`AppInfo`](crate::AppInfo) |
/// | `GET /api/tasks` | a page of its tasks: [`TaskFilter`](crate::TaskFilter), [`TaskInfo`](rocketry_core::TaskInfo) |
/// | `GET /api/tasks/{task}` | one task |
/// | `GET /api/tasks/{task}/explain` | why it starts or does not: [`ExplainFilter`](crate::ExplainFilter), [`Explanation`](rocketry_core::explain::Explanation) |
/// | `GET /api/runs` | a page of runs, newest first: [`RunFilter`](crate::RunFilter), [`Run`](crate::Run) |
/// | `GET /api/runs/{run}` | one run |
/// | `GET /api/log` | a page of records: [`LogFilter`](crate::LogFilter), [`Record`](rocketry_core::Record) |
/// | `GET /api/log/count` | how many records there are |
/// | `GET /api/events` | what happens from now on: a stream of [`Event`](rocketry_core::Event)s as server-sent events |
/// | `GET /api/next` | the next starts of a task or a statement: [`NextFilter`](crate::NextFilter), [`NextStarts`](crate::NextStarts) |
/// | `GET /api/simulate` | what would happen: [`SimulateFilter`](crate::SimulateFilter), [`Simulation`](crate::Simulation) |
/// | `GET /api/pauses` | the pauses that last: [`Pause`](rocketry_core::Pause) |
/// | `GET /api/failures` | failures outside runs: [`Failure`](rocketry_core::Failure) |
/// | `POST /api/tasks/{task}/runs` | requests a run: [`RunRequest`](crate::RunRequest), [`Requested`](crate::Requested) |
/// | `POST /api/tasks/{task}/terminate` | terminates the runs of a task |
/// | `POST /api/tasks/{task}/enable`, `…/disable` | lets the condition of a task start it, or not |
/// | `POST /api/tasks/{task}/pause`, `…/resume`, `…/skip-next` | pauses and resumes a task, and skips its next start: [`PauseRequest`](crate::PauseRequest) |
/// | `POST /api/groups/{group}/pause`, `…/resume`, `…/skip-next` | the same for all tasks of a group |
/// | `POST /api/pause`, `/api/resume`, `/api/skip-next` | the same for all tasks |
/// | `POST /api/tasks/{task}/backfill` | plans or starts a backfill: [`BackfillRequest`](crate::BackfillRequest), [`BackfillAnswer`](crate::BackfillAnswer) |
/// | `GET /api/tasks/{task}/backfill`, `POST …/cancel` | how far it is, if one is under way; cancels it |
/// | `POST /api/runs/{run}/terminate` | terminates a run |
///
/// Everything is JSON. What goes wrong is a [`Problem`] with the media type `application/problem+json`.
pub fn router(api: Api) -> Router {
    routes(api).fallback(no_address)
}

/// The same routes without an answer for addresses outside `/api`, to be merged with other routes.
pub fn routes(api: Api) -> Router {
    let groups = Router::new()
        .route("/{group}/pause", post(pausing::pause_group))
        .route("/{group}/resume", post(pausing::resume_group))
        .route("/{group}/skip-next", post(pausing::skip_next_of_group));
    let runs = Router::new()
        .route("/", get(runs::list))
        .route("/{run}", get(runs::one))
        .route("/{run}/terminate", post(actions::terminate_run));
    let api_routes = Router::new()
        .route("/app", get(app::info))
        .route("/failures", get(app::failures))
        .route("/log", get(log::page))
        .route("/log/count", get(log::count))
        .route("/events", get(events::stream))
        .route("/next", get(next::starts))
        .route("/simulate", get(simulate::simulate))
        .route("/pauses", get(pausing::pauses))
        .route("/pause", post(pausing::pause))
        .route("/resume", post(pausing::resume))
        .route("/skip-next", post(pausing::skip_next))
        .nest("/groups", groups)
        .nest("/tasks", of_tasks())
        .nest("/runs", runs)
        .fallback(no_address)
        .method_not_allowed_fallback(no_method);
    Router::new().nest("/api", api_routes).with_state(api)
}

/// The routes below `/api/tasks`.
fn of_tasks() -> Router<Api> {
    Router::new()
        .route("/", get(tasks::list))
        .route("/{task}", get(tasks::one))
        .route("/{task}/explain", get(explain::explain))
        .route("/{task}/runs", post(actions::run))
        .route("/{task}/terminate", post(actions::terminate))
        .route("/{task}/enable", post(actions::enable))
        .route("/{task}/disable", post(actions::disable))
        .route("/{task}/backfill", get(backfill::progress).post(backfill::begin))
        .route("/{task}/backfill/cancel", post(backfill::cancel))
        .route("/{task}/pause", post(pausing::pause_task))
        .route("/{task}/resume", post(pausing::resume_task))
        .route("/{task}/skip-next", post(pausing::skip_next_of_task))
}

async fn no_address(OriginalUri(address): OriginalUri) -> Problem {
    Problem::new(
        crate::ProblemKind::NotFound,
        format!(
            "there is nothing at `{}`: see `rocketry_api::router` for the addresses",
            address.path()
        ),
    )
}

async fn no_method(method: axum::http::Method, OriginalUri(address): OriginalUri) -> Problem {
    Problem::invalid(format!("`{}` does not take {method}", address.path()))
}
