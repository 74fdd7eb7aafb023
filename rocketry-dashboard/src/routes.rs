//! The addresses of the dashboard, each with what it needs.

use axum::Router;
use axum::handler::Handler as _;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use rocketry_api::Api;
use tower_http::csrf::CsrfLayer;

use crate::access::{Access, Need};
use crate::guard::{Gate, Hosts, check_access, check_host, protect};
use crate::pages::{
    Pages, actions, failures, graph, log, missing, now, run, settings, sign_in, task, tasks, try_out,
};

/// An address of the dashboard.
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

/// All addresses, apart from those of the API.
fn table() -> Vec<Page> {
    vec![
        read("/", get(now::home)),
        read("/now", get(now::page)),
        read("/tasks", get(tasks::page)),
        read("/tasks/{task}", get(task::page)),
        read("/runs/{run}", get(run::page)),
        read("/graph", get(graph::page)),
        read("/log", get(log::page)),
        read("/failures", get(failures::page)),
        read("/settings", get(settings::page)),
        read("/try", get(try_out::page)),
        read("/metrics", get(crate::metrics::scrape)),
        steer("/tasks/{task}/run", post(actions::run)),
        steer("/tasks/{task}/terminate", post(actions::terminate)),
        steer("/tasks/{task}/pause", post(actions::pause)),
        steer("/tasks/{task}/resume", post(actions::resume)),
        steer("/tasks/{task}/skip-next", post(actions::skip_next)),
        steer("/tasks/{task}/enable", post(actions::enable)),
        steer("/tasks/{task}/disable", post(actions::disable)),
        steer("/runs/{run}/terminate", post(actions::terminate_run)),
        open("/sign-in", get(sign_in::page)),
        open("/sign-in/check", post(sign_in::check)),
        open("/assets/{name}", get(crate::assets::asset)),
    ]
}

impl Page {
    /// What it does to the app: the end of its address.
    fn action(&self) -> Option<&'static str> {
        let end = self.path.rsplit('/').next();
        end.filter(|_| self.need == Need::Steer)
    }
}

/// The pages and the API, behind their guards.
pub(crate) fn router(api: Api, access: Access, hosts: Vec<String>) -> Router {
    let pages = Pages::new(api.clone(), access.clone());
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
