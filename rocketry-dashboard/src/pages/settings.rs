//! Pools, parameters and settings.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::Problem;
use rocketry_core::{PoolInfo, Session};
use serde_json::Value as Json;

use super::Pages;
use crate::view::{Place, Tab, at};

pub(crate) async fn page(State(pages): State<Pages>, place: Place) -> Response {
    let content = content(&pages);
    pages.show(&place, Tab::Settings, "Settings", content)
}

fn content(pages: &Pages) -> Result<Markup, Problem> {
    let session = pages.api.session();
    let settings = serde_json::to_value(session.config())
        .map_err(|mistake| Problem::new(rocketry_api::ProblemKind::Failed, mistake.to_string()))?;
    Ok(html! {
        h1 { "Settings" }
        (app(pages))
        section #pools data-live { h2 { "Pools" } (pools(&session.pool_infos())) }
        h2 { "Parameters" }
        (parameters(session))
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

fn pools(pools: &[PoolInfo]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Pool" } th { "In use" } th.number { "Used" } th.number { "Size" } th.number { "Waiting" } } }
            tbody { @for pool in pools {
                tr {
                    td { bdi { (pool.name) } }
                    td { meter min="0" max=(pool.size) high=(pool.size) value=(pool.used) { (pool.used) " of " (pool.size) } }
                    td.number { (pool.used) } td.number { (pool.size) } td.number { (pool.waiting) }
                }
            } }
        } }
    }
}

fn parameters(session: &Session) -> Markup {
    match session.params().to_json() {
        Json::Object(params) if params.is_empty() => {
            html! { p.quiet { "The app has no parameters with a plain value." } }
        }
        params => table(&params),
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
