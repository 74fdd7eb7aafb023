//! The page of pools, parameters and settings.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Problem};
use rocketry_core::{PauseScope, PoolInfo, Session};
use serde_json::Value as Json;

use super::Pages;
use crate::view::{Place, Tab, at};

pub(crate) async fn page(State(pages): State<Pages>, place: Place, headers: HeaderMap) -> Response {
    let may = |action: &str| pages.may_steer(&headers, &format!("/settings/{action}"));
    let content = content(&pages, &may);
    pages.show(&place, Tab::Settings, "Settings", content)
}

fn content(pages: &Pages, may: &dyn Fn(&str) -> bool) -> Result<Markup, Problem> {
    let session = pages.api.session();
    let settings = serde_json::to_value(session.config())
        .map_err(|mistake| Problem::new(rocketry_api::ProblemKind::Failed, mistake.to_string()))?;
    Ok(html! {
        h1 { "Settings" }
        (app(pages))
        (actions(session, may))
        p { a href="audit" { "Who has changed what" } }
        section #pools data-live { h2 { "Pools" } (pools(&session.pool_infos(), may("set-pool"))) }
        h2 { "Parameters" }
        (parameters(&pages.api, may("set-param")))
        h2 { "Settings" }
        (table(&settings))
    })
}

fn app(pages: &Pages) -> Markup {
    let info = pages.api.info();
    html! {
        dl.facts {
            @if let Some(version) = &info.version { dt { "Version" } dd { (version) } }
            @if let Some(started) = info.started { dt { "Started" } dd { (at(started, info.now, info.zone)) } }
            dt { "Process" } dd { (info.pid) }
            dt { "Folder" } dd { (info.folder.display()) }
            dt { "Run log" } dd { (info.log.as_deref().unwrap_or("of the program")) }
            dt { "Time zone" } dd { (info.zone) }
        }
    }
}

/// The actions on the whole app.
fn actions(session: &Session, may: &dyn Fn(&str) -> bool) -> Markup {
    let is_paused = session
        .pauses()
        .iter()
        .any(|pause| pause.scope == PauseScope::App);
    html! {
        section.actions #app data-live aria-label="The whole app" {
            @if !is_paused && may("pause") {
                form method="post" action="settings/pause" data-confirm="Pause the app? No task starts until it is resumed." { button.plain { "Pause the app" } }
            }
            @if is_paused && may("resume") {
                form method="post" action="settings/resume" data-confirm="Resume the app?" { button { "Resume the app" } }
            }
            @if may("restart") {
                form method="post" action="settings/restart" data-confirm="Restart the app when its runs have ended?" { button.risky { "Restart" } }
            }
            @if may("shut-down") {
                form method="post" action="settings/shut-down" data-confirm="Shut the app down when its runs have ended? Nobody can start it again from here." { button.risky { "Shut down" } }
            }
        }
    }
}

fn pools(pools: &[PoolInfo], may_set: bool) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Pool" } th { "In use" } th.number { "Used" } th.number { "Size" } th.number { "Waiting" } @if may_set { th { "Another size" } } } }
            tbody { @for pool in pools {
                tr {
                    th scope="row" { bdi { (pool.name) } }
                    td { meter min="0" max=(pool.size) high=(pool.size) value=(pool.used) aria-label=(format!("{} in use", pool.name)) { (pool.used) " of " (pool.size) } }
                    td.number { (pool.used) } td.number { (pool.size) } td.number { (pool.waiting) }
                    @if may_set { td { form.inline method="post" action="settings/set-pool" data-confirm=(format!("Change the size of pool `{}`?", pool.name)) {
                        input type="hidden" name="name" value=(pool.name);
                        input type="number" name="size" min="1" max="1000000" value=(pool.size) required aria-label=(format!("Size of {}", pool.name));
                        button.plain { "Set" }
                    } } }
                }
            } }
        } }
    }
}

fn parameters(api: &Api, may_set: bool) -> Markup {
    let params = api.params();
    let secrets = &api.session().config().secrets;
    html! {
        @if params.is_empty() { p.quiet { "The app has no parameters with a plain value." } } @else {
            div.scroll { table { tbody { @for (key, value) in &params {
                tr {
                    th scope="row" { bdi { (key) } }
                    td { code { (plain(value)) } }
                    @if may_set { td { form.inline method="post" action="settings/set-param" data-confirm=(format!("Change parameter `{key}`?")) {
                        input type="hidden" name="name" value=(key);
                        input type=(if secrets.contains(key) { "password" } else { "text" }) name="value" required autocomplete="off" aria-label=(format!("New value of {key}"));
                        button.plain { "Set" }
                    } } }
                }
            } } } }
        }
    }
}

/// The fields of an object.
fn table(object: &Json) -> Markup {
    let fields = object.as_object().into_iter().flatten();
    html! {
        div.scroll { table { tbody { @for (key, value) in fields {
            tr { th scope="row" { bdi { (key) } } td { code { (plain(value)) } } }
        } } } }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
