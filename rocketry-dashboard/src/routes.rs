//! The routes of the dashboard, with the permissions that they require.

use axum::Router;
use axum::handler::Handler as _;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use rocketry_api::Api;
use tower_http::csrf::CsrfLayer;

use crate::access::{Access, Need};
use crate::guard::{Gate, Hosts, check_access, check_host, protect};
use crate::metrics::Metrics;
use crate::pages::{
    Pages, actions, audit, calendar, failures, graph, log, metrics, missing, nodes, now, run, settings,
    sign_in, task, tasks, try_out,
};

/// A route of the dashboard.
struct Page {
    path: &'static str,
    need: Need,
    handler: MethodRouter<Pages>,
}

fn read(path: &'static str, handler: MethodRouter<Pages>) -> Page {
    Page {
        path,
        need: Need::Read,
        handler,
    }
}

fn steer(path: &'static str, handler: MethodRouter<Pages>) -> Page {
    Page {
        path,
        need: Need::Steer,
        handler,
    }
}

fn open(path: &'static str, handler: MethodRouter<Pages>) -> Page {
    Page {
        path,
        need: Need::Nothing,
        handler,
    }
}

/// All routes, except for those of the API.
fn table() -> Vec<Page> {
    let mut all = looking();
    all.extend(of_tasks());
    all.extend(of_options());
    all.extend(of_settings());
    all
}

fn looking() -> Vec<Page> {
    vec![
        read("/", get(now::home)),
        read("/now", get(now::page)),
        read("/tasks", get(tasks::page)),
        read("/tasks/{task}", get(task::page)),
        read("/runs/{run}", get(run::page)),
        read("/graph", get(graph::page)),
        read("/calendar", get(calendar::page)),
        read("/calendar.ics", get(calendar::ics)),
        read("/log", get(log::page)),
        read("/failures", get(failures::page)),
        read("/audit", get(audit::page)),
        read("/nodes", get(nodes::page)),
        read("/settings", get(settings::page)),
        read("/try", get(try_out::page)),
        read("/metrics", get(metrics::scrape)),
        open("/sign-in", get(sign_in::page)),
        open("/sign-in/check", post(sign_in::check)),
        open("/assets/{name}", get(crate::assets::asset)),
    ]
}

/// The forms of a task and of a run. The end of each address is the name of the action in the API.
fn of_tasks() -> Vec<Page> {
    vec![
        steer("/tasks/{task}/run", post(actions::run)),
        steer("/tasks/{task}/terminate", actions::of_task(Api::terminate)),
        steer("/tasks/{task}/pause", actions::of_task_with(actions::pause)),
        steer("/tasks/{task}/resume", actions::of_task(Api::resume)),
        steer("/tasks/{task}/skip-next", actions::of_task(Api::skip_next)),
        steer("/tasks/{task}/enable", actions::of_task(Api::enable)),
        steer("/tasks/{task}/disable", actions::of_task(Api::disable)),
        steer("/tasks/{task}/reset", actions::of_task(Api::reset)),
        steer("/tasks/{task}/backfill", post(actions::backfill)),
        steer(
            "/tasks/{task}/cancel-backfill",
            actions::of_task(Api::cancel_backfill),
        ),
        steer(
            "/tasks/{task}/cancel-catch-up",
            actions::of_task(Api::cancel_catch_up),
        ),
        steer("/tasks/{task}/delete", post(actions::delete)),
        steer("/runs/{run}/terminate", post(actions::terminate_run)),
    ]
}

/// The forms that change an option of a task.
fn of_options() -> Vec<Page> {
    vec![
        steer(
            "/tasks/{task}/set-start",
            actions::of_task_with(actions::set_start),
        ),
        steer("/tasks/{task}/set-end", actions::of_task_with(actions::set_end)),
        steer(
            "/tasks/{task}/set-priority",
            actions::of_task_with(actions::set_priority),
        ),
        steer(
            "/tasks/{task}/set-timeout",
            actions::of_task_with(actions::set_timeout),
        ),
        steer(
            "/tasks/{task}/set-max-running",
            actions::of_task_with(actions::set_max_running),
        ),
        steer(
            "/tasks/{task}/set-execution",
            actions::of_task_with(actions::set_execution),
        ),
    ]
}

/// The forms of the pages of nodes and of settings.
fn of_settings() -> Vec<Page> {
    vec![
        steer("/nodes/{node}/drain", post(nodes::drain)),
        steer("/settings/set-param", actions::of_settings(actions::set_param)),
        steer(
            "/settings/remove-param",
            actions::of_settings(actions::remove_param),
        ),
        steer("/settings/set-pool", actions::of_settings(actions::set_pool)),
        steer("/settings/pause", actions::of_settings(actions::pause_app)),
        steer("/settings/resume", actions::of_settings(actions::resume_app)),
        steer("/settings/shut-down", actions::of_settings(actions::shut_down)),
        steer("/settings/restart", actions::of_settings(actions::restart)),
    ]
}

impl Page {
    /// The action, which is the end of the address.
    fn action(&self) -> Option<&'static str> {
        let end = self.path.rsplit('/').next();
        end.filter(|_| self.need == Need::Steer)
    }
}

/// The pages and the API, behind their guards.
pub(crate) fn router(api: Api, access: Access, hosts: Vec<String>, metrics: Metrics) -> Router {
    let pages = Pages::new(api.clone(), access.clone(), metrics);
    let gate = |need, action| {
        let access = access.clone();
        from_fn_with_state(Gate { access, need, action }, check_access)
    };
    let all = table().into_iter().fold(Router::new(), |all, page| {
        let gate = gate(page.need, page.action());
        all.route(page.path, page.handler.layer(gate))
    });
    let api = rocketry_api::guarded_routes(api, |route, handler| {
        let need = route.action.map_or(Need::Read, |_| Need::Steer);
        handler.layer(gate(need, route.action))
    });
    Router::new()
        .merge(
            all.fallback(missing.layer(gate(Need::Read, None)))
                .with_state(pages),
        )
        .merge(api)
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(Hosts::new(hosts), check_host))
        .layer(from_fn(protect))
}
