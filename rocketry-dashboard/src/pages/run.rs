//! A run: its timeline, its parameters, its result, and what its process printed.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::Run;
use rocketry_core::{Timestamp, Zone};
use serde_json::Value as Json;

use super::Pages;
use crate::view::{Look, Place, Tab, at, badge, micros};

pub(crate) async fn page(
    State(pages): State<Pages>,
    place: Place,
    headers: HeaderMap,
    Path(run_id): Path<String>,
) -> Response {
    let wanted = run_id.clone();
    let found = pages.api.read(move |api| api.run(&wanted)).await;
    let content = found.map(|run| content(&pages, &place, &headers, &run));
    pages.show(&place, Tab::None, &format!("Run {run_id}"), content)
}

fn content(pages: &Pages, place: &Place, headers: &HeaderMap, run: &Run) -> Markup {
    let session = pages.api.session();
    let (now, zone) = (session.now(), session.config().zone);
    let is_running = run.under_way.is_some();
    html! {
        h1 { "Run of " a href=(place.task(&run.task)) { bdi { (run.task) } } }
        section #run data-live {
            p { (badge(Look::from(run.status), run.status.name())) " " code { (run.run_id) } }
            @if let Some(message) = &run.message { pre.message { bdi { (message) } } }
            (facts(run, now, zone))
        }
        @if is_running && pages.may_steer(headers, "/runs/terminate") {
            form method="post" action=(format!("{}/terminate", place.run(&run.run_id))) data-confirm="Terminate this run?" {
                button.risky { "Terminate" }
            }
        }
        section #details data-live {
            @if let Some(params) = &run.params { (json("Parameters", params)) }
            @if let Some(result) = &run.result { (json("Result", result)) }
            @if let Some(process) = &run.process {
                h2 { "Process" }
                p { (process.exit) }
                pre.output tabindex="0" { (process.output) }
            }
        }
        p { a href=(place.log(&format!("run:{}", run.run_id))) { "Its records" } }
    }
}

fn facts(run: &Run, now: Timestamp, zone: Zone) -> Markup {
    html! {
        dl.facts {
            dt { "Due" } dd { (at(run.due, now, zone)) }
            dt { "Started" } dd { (at(run.start, now, zone)) @if run.lateness_micros > 0 { ", " (micros(run.lateness_micros)) " late" } }
            @if let Some(end) = run.end { dt { "Ended" } dd { (at(end, now, zone)) } }
            dt { @if run.end.is_some() { "Took" } @else { "Takes" } } dd { (micros(run.runtime_micros)) }
            @if let Some(deadline) = run.under_way.as_ref().and_then(|run| run.deadline) {
                dt { "Times out" } dd { (at(deadline, now, zone)) }
            }
            @if let Some(version) = &run.version { dt { "Version" } dd { (version) } }
        }
    }
}

fn json(title: &str, value: &Json) -> Markup {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    html! { h2 { (title) } pre tabindex="0" { (text) } }
}
