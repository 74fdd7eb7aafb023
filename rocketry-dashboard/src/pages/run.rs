//! A run: its timeline, its parameters, its result, and what its process printed.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Problem, Run};
use rocketry_core::{RunRef, Timestamp, Zone};
use serde_json::Value as Json;

use super::Pages;
use crate::view::{Look, Named, Place, Tab, at, badge, micros};

pub(crate) async fn page(
    State(pages): State<Pages>,
    place: Place,
    headers: HeaderMap,
    Named(run_id): Named,
) -> Response {
    let wanted = run_id.clone();
    let found = pages.api.read(move |api| find(api, &wanted)).await;
    let content = found.map(|(run, let_start)| content(&pages, &place, &headers, &run, &let_start));
    pages.show(&place, Tab::None, &format!("Run {run_id}"), content)
}

/// A run, and the runs that its end let start.
fn find(api: &Api, run_id: &str) -> Result<(Run, Vec<RunRef>), Problem> {
    let run = api.run(run_id)?;
    // The log may know tasks that the app has no more.
    let task = api.session().task(&*run.task);
    let let_start = task.map_or_else(|_| Ok(Vec::new()), |task| task.downstream(&run.run_id))?;
    Ok((run, let_start))
}

fn content(pages: &Pages, place: &Place, headers: &HeaderMap, run: &Run, let_start: &[RunRef]) -> Markup {
    let session = pages.api.session();
    let (now, zone) = (session.now(), session.config().zone);
    let is_running = run.under_way.is_some();
    html! {
        h1 { "Run of " a href=(place.task(&run.task)) { bdi { (run.task) } } }
        section #run data-live {
            p { (badge(Look::from(run.status), run.status.name())) " " code { (run.run_id) } }
            @if let Some(message) = &run.message { pre.message { bdi { (message) } } }
            (facts(place, run, now, zone))
        }
        @if is_running && pages.may_steer(headers, "/runs/terminate") {
            form method="post" action=(format!("{}/terminate", place.run(&run.run_id))) data-confirm="Terminate this run?" {
                button.risky { "Terminate" }
            }
        }
        section #details data-live {
            @if !let_start.is_empty() {
                h2 { "Let start" }
                ul { @for of in let_start { li { a href=(place.run(&of.run_id)) { bdi { (of.task) } } } } }
            }
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

fn facts(place: &Place, run: &Run, now: Timestamp, zone: Zone) -> Markup {
    html! {
        dl.facts {
            dt { "Cause" } dd { (run.cause) }
            @if !run.upstream.is_empty() { dt { "Started by" } dd { ul { @for of in &run.upstream {
                li { a href=(place.run(&of.run_id)) { bdi { (of.task) } } }
            } } } }
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
