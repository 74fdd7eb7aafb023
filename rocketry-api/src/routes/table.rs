//! All addresses of the API, with what each does.

use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post, put};

use super::{
    actions, app, audit, backfill, check, events, explain, log, next, options, params, pausing, runs,
    simulate, tasks,
};
use crate::state::Api;

/// An address of the API, with a method.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with the segments that vary in braces: `/api/tasks/{task}/pause`.
    pub path: &'static str,
    /// What it does to the app, such as `pause`; `None` if it only looks at it.
    pub action: Option<&'static str>,
    pub(super) handler: MethodRouter<Api>,
}

fn look(path: &'static str, handler: MethodRouter<Api>) -> Route {
    Route {
        method: Method::GET,
        path,
        action: None,
        handler,
    }
}

fn steer(method: Method, path: &'static str, action: &'static str, handler: MethodRouter<Api>) -> Route {
    Route {
        method,
        path,
        action: Some(action),
        handler,
    }
}

/// All addresses.
pub(super) fn table() -> Vec<Route> {
    let mut all = looking();
    all.extend(steering());
    all.extend(setting());
    all
}

/// Those that look at the app.
fn looking() -> Vec<Route> {
    vec![
        look("/api/app", get(app::info)),
        look("/api/tasks", get(tasks::list)),
        look("/api/tasks/{task}", get(tasks::one)),
        look("/api/tasks/{task}/explain", get(explain::explain)),
        look("/api/tasks/{task}/params", get(params::of_task)),
        look("/api/tasks/{task}/backfill", get(backfill::progress)),
        look("/api/runs", get(runs::list)),
        look("/api/runs/{run}", get(runs::one)),
        look("/api/log", get(log::page)),
        look("/api/log/count", get(log::count)),
        look("/api/events", get(events::stream)),
        look("/api/next", get(next::starts)),
        look("/api/check", get(check::check)),
        look("/api/simulate", get(simulate::simulate)),
        look("/api/params", get(params::of_session)),
        look("/api/pools", get(params::pools)),
        look("/api/overrides", get(options::all)),
        look("/api/pauses", get(pausing::pauses)),
        look("/api/failures", get(app::failures)),
        look("/api/audit", get(audit::page)),
    ]
}

/// Those that make something happen.
fn steering() -> Vec<Route> {
    let mut all = running();
    all.extend(holding());
    all
}

fn does(path: &'static str, action: &'static str, handler: MethodRouter<Api>) -> Route {
    steer(Method::POST, path, action, handler)
}

/// Those that begin and end runs, backfills and the app.
fn running() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/runs", "run", post(actions::run)),
        does(
            "/api/tasks/{task}/terminate",
            "terminate",
            post(actions::terminate),
        ),
        does(
            "/api/runs/{run}/terminate",
            "terminate",
            post(actions::terminate_run),
        ),
        does("/api/tasks/{task}/backfill", "backfill", post(backfill::begin)),
        does(
            "/api/tasks/{task}/backfill/cancel",
            "cancel-backfill",
            post(backfill::cancel),
        ),
        does("/api/tasks/{task}/reset", "reset", post(options::reset)),
        does("/api/shut-down", "shut-down", post(app::shut_down)),
        does("/api/restart", "restart", post(app::restart)),
    ]
}

/// Those that hold starts back, and let them be made.
fn holding() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/enable", "enable", post(actions::enable)),
        does("/api/tasks/{task}/disable", "disable", post(actions::disable)),
        does("/api/tasks/{task}/pause", "pause", post(pausing::pause_task)),
        does("/api/tasks/{task}/resume", "resume", post(pausing::resume_task)),
        does(
            "/api/tasks/{task}/skip-next",
            "skip-next",
            post(pausing::skip_next_of_task),
        ),
        does("/api/groups/{group}/pause", "pause", post(pausing::pause_group)),
        does(
            "/api/groups/{group}/resume",
            "resume",
            post(pausing::resume_group),
        ),
        does(
            "/api/groups/{group}/skip-next",
            "skip-next",
            post(pausing::skip_next_of_group),
        ),
        does("/api/pause", "pause", post(pausing::pause)),
        does("/api/resume", "resume", post(pausing::resume)),
        does("/api/skip-next", "skip-next", post(pausing::skip_next)),
    ]
}

/// Those that set a value, or remove it.
fn setting() -> Vec<Route> {
    let sets = |path, action, handler| steer(Method::PUT, path, action, handler);
    let removes = |path, action, handler| steer(Method::DELETE, path, action, handler);
    vec![
        sets("/api/tasks/{task}/start", "set-start", put(options::start)),
        sets("/api/tasks/{task}/end", "set-end", put(options::end)),
        sets(
            "/api/tasks/{task}/priority",
            "set-priority",
            put(options::priority),
        ),
        sets(
            "/api/tasks/{task}/params/{param}",
            "set-param",
            put(params::set_of_task),
        ),
        removes(
            "/api/tasks/{task}/params/{param}",
            "remove-param",
            delete(params::remove_of_task),
        ),
        removes(
            "/api/tasks/{task}/skip-next",
            "do-not-skip-next",
            delete(pausing::do_not_skip_next),
        ),
        sets("/api/params/{param}", "set-param", put(params::set)),
        removes("/api/params/{param}", "remove-param", delete(params::remove)),
        sets("/api/pools/{pool}", "set-pool", put(params::resize)),
    ]
}
