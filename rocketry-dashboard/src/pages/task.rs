//! A task: how it stands, why it does not start, its runs, and what can be done with it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, NextFilter, NextStarts, Problem};
use rocketry_core::{Record, Task, TaskInfo, Timestamp};
use serde_json::Value as Json;

use super::Pages;
use super::tasks::{last_ends, next_start};
use super::try_out::next_starts;
use crate::view::{Look, Named, Place, Tab, at, badge, bars, explanation, records};

/// How many of the last runs are shown.
const RUNS: usize = 50;

pub(crate) async fn page(
    State(pages): State<Pages>,
    place: Place,
    headers: HeaderMap,
    Named(name): Named,
) -> Response {
    let content = content(&pages, &place, &headers, &name).await;
    pages.show(&place, Tab::Tasks, &name, content)
}

async fn content(pages: &Pages, place: &Place, headers: &HeaderMap, name: &str) -> Result<Markup, Problem> {
    let task = pages.api.task(name)?;
    let info = task.info();
    let of = info.name.clone();
    let (ends, next) = pages.api.read(move |api| find(api, &of)).await?;
    let now = pages.api.now();
    let newest: Vec<_> = ends.iter().rev().take(20).cloned().collect();
    Ok(html! {
        h1 { bdi { (info.name) } }
        @if let Some(description) = &info.description { p.lead { bdi { (description) } } }
        section #state data-live { (state(place, &info, now)) }
        @if pages.may_steer(headers, &format!("/tasks/{name}")) { (actions(place, &task, &info)) }
        section #why data-live { h2 { "Why" } (explanation(&task.explain())) }
        section #next data-live { h2 { "Next starts" } (next_starts(&next, now)) }
        section #runs data-live {
            h2 { "Runs" }
            @if ends.is_empty() { p.quiet { "The task has not run." } } @else { (bars(&ends)) (records(place, &newest, now, info.zone)) }
            p { a href=(place.log(&format!("task:{}", quoted(&info.name)))) { "All its records" } }
        }
    })
}

/// The last ends of a task, and its next starts.
fn find(api: &Api, task: &str) -> Result<(Vec<Record>, NextStarts), Problem> {
    let filter = NextFilter {
        of: task.to_owned(),
        ..NextFilter::default()
    };
    Ok((last_ends(api, task, RUNS)?, api.next(&filter)?))
}

/// A name as the query language reads it.
fn quoted(name: &str) -> String {
    if name.contains(char::is_whitespace) {
        format!("'{name}'")
    } else {
        name.to_owned()
    }
}

fn state(place: &Place, info: &TaskInfo, now: Timestamp) -> Markup {
    html! {
        p { (badge(Look::from(info.status), &info.status.to_string())) @if info.disabled { " " span.badge.idle { "disabled" } } }
        dl.facts {
            dt { "Starts" } dd { code { bdi { (info.start.as_deref().unwrap_or("on request only")) } } }
            @if let Some(end) = &info.end { dt { "Ends" } dd { code { bdi { (end) } } } }
            dt { "Next start" } dd { (next_start(info, now)) }
            @if !info.holds.is_empty() { dt { "Held by" } dd { ul { @for hold in &info.holds { li { (hold) } } } } }
            @if !info.running.is_empty() { dt { "Running" } dd { ul { @for run in &info.running {
                li { a href=(place.run(&run.run_id)) { (at(run.start, now, info.zone)) } }
            } } } }
            @if info.queued > 0 { dt { "Queued" } dd { (info.queued) } }
            dt { "Runs as" } dd { (info.execution) }
            dt { "Time zone" } dd { (info.zone) }
            dt { "Priority" } dd { (info.priority) }
            @if let Some(most) = info.max_running { dt { "At most" } dd { (most) " at a time" } }
            @if !info.pools.is_empty() { dt { "Pools" } dd { (info.pools.join(", ")) } }
            @for (action, happened) in &info.actions {
                dt { (action) } dd { (happened.count) @if let Some(last) = happened.last { ", last " (at(last, now, info.zone)) } }
            }
            @for (reason, count) in &info.skipped { dt { "Skipped: " (reason) } dd { (count) } }
        }
    }
}

fn actions(place: &Place, task: &Task, info: &TaskInfo) -> Markup {
    let page = place.task(&info.name);
    let action = |name: &str| format!("{page}/{name}");
    html! {
        section.actions aria-label="Actions" {
            form method="post" action=(action("run")) data-confirm=(format!("Run `{}` now?", info.name)) {
                (params(task))
                button { "Run now" }
            }
            @if !info.running.is_empty() {
                form method="post" action=(action("terminate")) data-confirm="Terminate its runs?" { button.risky { "Terminate" } }
            }
            @if info.paused {
                form method="post" action=(action("resume")) { button { "Resume" } }
            } @else {
                form method="post" action=(action("pause")) { button.plain { "Pause" } }
            }
            @if !info.skips_next {
                form method="post" action=(action("skip-next")) { button.plain { "Skip the next start" } }
            }
            @if info.disabled {
                form method="post" action=(action("enable")) { button { "Enable" } }
            } @else {
                form method="post" action=(action("disable")) data-confirm=(format!("Disable `{}`?", info.name)) { button.risky { "Disable" } }
            }
        }
    }
}

/// Fields for the parameters that the task has by itself: a run can have others.
fn params(task: &Task) -> Markup {
    let Json::Object(params) = task.params().to_json() else {
        return html! {};
    };
    html! {
        @for (key, value) in &params {
            label { bdi { (key) } " " input type="text" name=(format!("param.{key}")) placeholder=(shown(value)) autocomplete="off"; }
        }
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
