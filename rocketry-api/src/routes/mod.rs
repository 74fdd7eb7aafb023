//! The routes of the API.

mod actions;
mod app;
mod audit;
mod backfill;
mod catch_up;
mod check;
mod document;
mod events;
mod explain;
mod extract;
mod log;
mod next;
mod nodes;
mod options;
mod output;
mod params;
mod pausing;
mod runs;
mod simulate;
mod sorting;
mod statement;
mod stream;
mod table;
mod tasks;

pub use audit::AuditFilter;
pub use check::CheckFilter;
pub use explain::ExplainFilter;
pub use log::{CountFilter, LogFilter};
pub use next::NextFilter;
pub use output::OutputFilter;
pub use runs::RunFilter;
pub use simulate::{HoursFilter, SimulateFilter};
pub use statement::LONGEST_STATEMENT;
pub use table::Route;
pub use tasks::TaskFilter;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::Method;
use axum::routing::{MethodRouter, any};

use crate::problem::Problem;
use crate::shape::Shape;
use crate::state::Api;

/// Returns the routes of the API, below `/api`.
///
/// | address | description |
/// |---|---|
/// | `GET /api/openapi.json` | the `OpenAPI` document of these routes |
/// | `GET /api/app` | the app: [`AppInfo`](crate::AppInfo) |
/// | `GET /api/tasks` | a page of its tasks: [`TaskFilter`](crate::TaskFilter), [`TaskInfo`](rocketry_core::TaskInfo) |
/// | `GET /api/tasks/{task}` | one task |
/// | `GET /api/tasks/{task}/explain` | why it starts or does not start: [`ExplainFilter`](crate::ExplainFilter), [`Explanation`](rocketry_core::explain::Explanation) |
/// | `GET /api/runs` | a page of runs, newest first: [`RunFilter`](crate::RunFilter), [`Run`](crate::Run) |
/// | `GET /api/runs/{run}` | one run |
/// | `GET /api/runs/{run}/output` | the output of a run that is a program, as text; with `follow=true` until it ends: [`OutputFilter`](crate::OutputFilter) |
/// | `GET /api/log` | a page of records: [`LogFilter`](crate::LogFilter), [`Record`](rocketry_core::Record) |
/// | `GET /api/log/count` | the number of matching records, up to a limit: [`CountFilter`](crate::CountFilter), [`Count`](crate::Count) |
/// | `GET /api/events` | the events from now on: a stream of [`Event`](rocketry_core::Event)s as server-sent events |
/// | `GET /api/next` | the next starts of a task or a statement: [`NextFilter`](crate::NextFilter), [`NextStarts`](crate::NextStarts) |
/// | `GET /api/check` | schedules that rarely mean what they say: [`CheckFilter`](crate::CheckFilter), [`Finding`](rocketry_core::check::Finding) |
/// | `GET /api/simulate` | a simulation of the app: [`SimulateFilter`](crate::SimulateFilter), [`Simulation`](crate::Simulation) |
/// | `GET /api/simulate/summary` | its totals only: [`Summary`](crate::Summary) |
/// | `GET /api/simulate/runs` | its runs, each when it ends: a stream of [`SimulatedRun`](crate::SimulatedRun)s as server-sent events; the last one is `null`, or a `problem` if it fails |
/// | `GET /api/simulate/hours` | the number of runs that would start in each hour: [`HoursFilter`](crate::HoursFilter), [`Hour`](crate::Hour) |
/// | `GET /api/pauses` | the current pauses: [`Pause`](rocketry_core::Pause) |
/// | `GET /api/audit` | the audit log, newest first: [`AuditFilter`](crate::AuditFilter), [`AuditEntry`](rocketry_core::AuditEntry) |
/// | `GET /api/failures` | failures outside of runs: [`Failure`](rocketry_core::Failure) |
/// | `POST /api/tasks/{task}/runs` | requests a run: [`RunRequest`](crate::RunRequest), [`Requested`](crate::Requested) |
/// | `POST /api/tasks/{task}/terminate` | terminates the runs of a task |
/// | `POST /api/tasks/{task}/enable`, `…/disable` | enables and disables a task |
/// | `POST /api/tasks/{task}/pause`, `…/resume`, `…/skip-next` | pauses and resumes a task, and skips its next start: [`PauseRequest`](crate::PauseRequest) |
/// | `POST /api/groups/{group}/pause`, `…/resume`, `…/skip-next` | the same for all tasks of a group |
/// | `POST /api/pause`, `/api/resume`, `/api/skip-next` | the same for all tasks |
/// | `POST /api/tasks/{task}/backfill` | plans or starts a backfill: [`BackfillRequest`](crate::BackfillRequest), [`BackfillAnswer`](crate::BackfillAnswer) |
/// | `GET /api/tasks/{task}/backfill`, `POST …/cancel` | the progress of a backfill, if one is in progress; cancels it |
/// | `POST /api/tasks/{task}/catch-up/cancel` | cancels a catch-up: its remaining missed starts are dropped |
/// | `POST /api/runs/{run}/terminate` | terminates a run |
/// | `PUT /api/tasks/{task}/start`, `…/end` | changes the start or the end condition: [`StatementRequest`](crate::StatementRequest) |
/// | `PUT /api/tasks/{task}/priority` | changes the priority: [`PriorityRequest`](crate::PriorityRequest) |
/// | `PUT /api/tasks/{task}/timeout` | changes the timeout: [`TimeoutRequest`](crate::TimeoutRequest) |
/// | `PUT /api/tasks/{task}/max-running` | changes the maximum number of concurrent runs: [`MaxRunningRequest`](crate::MaxRunningRequest) |
/// | `PUT /api/tasks/{task}/execution` | changes where the task runs: [`ExecutionRequest`](crate::ExecutionRequest) |
/// | `DELETE /api/tasks/{task}` | deletes a task until the app restarts |
/// | `POST /api/tasks/{task}/reset` | resets the options of a task to the values in the code |
/// | `DELETE /api/tasks/{task}/skip-next` | cancels a skip of the next start |
/// | `GET /api/overrides` | the options that differ from the code: [`Override`](rocketry_core::Override) |
/// | `GET /api/params`, `…/tasks/{task}/params` | the parameters of the session, and of a task; secrets are hidden |
/// | `PUT`, `DELETE /api/params/{param}`, `…/tasks/{task}/params/{param}` | sets and removes a parameter: [`ParamRequest`](crate::ParamRequest) |
/// | `GET /api/pools`, `PUT /api/pools/{pool}` | the pools, and the size of one: [`PoolRequest`](crate::PoolRequest) |
/// | `GET /api/nodes` | the nodes of its cluster, if it is a node of one: [`NodeInfo`](rocketry_core::cluster::NodeInfo) |
/// | `POST /api/nodes/{node}/drain`, `/api/drain` | drains a node of the cluster, given its name or instance, or the node that receives the request |
/// | `POST /api/shut-down`, `/api/restart` | ends the app, and starts it again: [`EndRequest`](crate::EndRequest) |
///
/// All bodies are JSON. Errors are a [`Problem`] with the media type `application/problem+json`.
pub fn router(api: Api) -> Router {
    routes(api).fallback(no_address)
}

/// Returns the same routes without a fallback for addresses outside of `/api`, for merging with other routes.
pub fn routes(api: Api) -> Router {
    guarded_routes(api, |_, handler| handler)
}

/// Returns the list of all routes, for guards, listings and tests.
pub fn all_routes() -> Vec<Route> {
    table::table()
}

/// Returns the same routes, each wrapped in a guard. The guard also wraps the responses for unknown addresses
/// and methods below `/api`, which are passed to it as read-only routes.
///
/// A guard that authenticates callers puts a [`Caller`](crate::Caller) into the extensions of the request.
pub fn guarded_routes(api: Api, guard: impl Fn(&Route, MethodRouter<Api>) -> MethodRouter<Api>) -> Router {
    let nothing = Route {
        method: Method::GET,
        path: "/api/{*rest}",
        action: None,
        handler: any(no_address),
        shape: Shape::new::<Problem>("Nothing."),
    };
    let no_method = guard(&nothing, any(no_method)).with_state(api.clone());
    let mut paths: BTreeMap<&str, MethodRouter<Api>> = BTreeMap::new();
    for route in table::table() {
        let handler = guard(&route, route.handler.clone());
        let of_path = paths.remove(route.path).unwrap_or_default();
        paths.insert(route.path, of_path.merge(handler));
    }
    let router = paths.into_iter().fold(Router::new(), |router, (path, handler)| {
        router.route(path, handler.fallback_service(no_method.clone()))
    });
    let no_address = guard(&nothing, nothing.handler.clone());
    router
        .route("/api", no_address.clone())
        .route("/api/", no_address.clone())
        .route(nothing.path, no_address)
        .with_state(api)
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

async fn no_method(method: Method, OriginalUri(address): OriginalUri) -> Problem {
    let detail = format!("`{}` does not take {method}", address.path());
    Problem::new(crate::ProblemKind::NotAllowed, detail)
}
