//! The page of a task: its state, why it does not start, its runs, and its actions.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::query::quoted;
use rocketry_api::{Api, NextFilter, NextStarts, Problem};
use rocketry_core::{Action, Query, Record, RunId, Task, TaskInfo, Timestamp, Zone};
use serde_json::Value as Json;

use super::tasks::{last_ends, next_start};
use super::try_out::next_starts;
use super::{Pages, task_forms};
use crate::view::{
    Look, Named, Place, Tab, at, badge, durations, explanation, length, query_text, segment, words,
};

/// The number of runs in the chart.
const RUNS: usize = 50;

/// The number of runs in the list.
const LISTED: usize = 20;

/// The maximum number of related tasks to list in each direction.
const NEIGHBOURS: usize = 50;

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
    let name = name.to_owned();
    // To find the name nearest to one that does not exist, it looks at all names.
    let task = pages.api.read(move |api| api.task(&name)).await?;
    let info = task.info();
    let of = info.name.clone();
    let Found { ends, params, next } = pages.api.read(move |api| find(api, &of)).await?;
    let now = pages.api.now();
    Ok(html! {
        h1 { bdi { (info.name) } }
        @if let Some(description) = &info.description { p.lead { bdi { (description) } } }
        section #state data-live { (state(place, &task, &info, now)) }
        @let may = |action: &str| pages.may_steer(headers, &format!("/tasks/{}/{action}", segment(&info.name)));
        (task_forms::actions(place, &task, &info, &may))
        section #why data-live { h2 { "Why" } (explanation(&task.explain())) }
        (around(place, &task))
        section #next data-live { h2 { "Next starts" } (next_starts(&next, now)) }
        section #runs data-live {
            h2 { "Runs" }
            @if ends.is_empty() { p.quiet { "The task has not run." } } @else { (durations(&ends, now, info.zone)) (runs(place, &ends, &params, now, info.zone)) }
            p { a href=(place.log(&format!("task:{}", quoted(&info.name)))) { "All its records" } }
        }
    })
}

/// The data of a task.
struct Found {
    /// The last ends of its runs, oldest first.
    ends: Vec<Record>,
    /// The parameters of the last runs, if the log has recorded them.
    params: HashMap<RunId, Json>,
    next: NextStarts,
}

fn find(api: &Api, task: &str) -> Result<Found, Problem> {
    let filter = NextFilter {
        of: task.to_owned(),
        ..NextFilter::default()
    };
    let starts = Query::new().task(task).action(Action::Run).last(RUNS);
    let params = api.session().log(&starts)?.into_iter().filter_map(|start| {
        let json = serde_json::from_str(start.params()?).ok()?;
        Some((start.run_id, json))
    });
    Ok(Found {
        ends: last_ends(api, task, RUNS)?,
        params: params.collect(),
        next: api.next(&filter)?,
    })
}

/// The last runs, the newest first.
fn runs(place: &Place, ends: &[Record], params: &HashMap<RunId, Json>, now: Timestamp, zone: Zone) -> Markup {
    html! {
        div.scroll { table {
            thead { tr {
                th { "Ended" } th { "How" } th.number title="from when it was due until it started, the time in the queue included" { "Late" }
                th.number { "Took" } @if !params.is_empty() { th { "Parameters" } } th { "Message" }
            } }
            tbody { @for end in ends.iter().rev().take(LISTED) {
                tr {
                    td { a href=(place.run(&end.run_id)) { (at(end.created, now, zone)) } }
                    td { (badge(Look::from(end.action), end.action.name())) }
                    td.number { (length(end.lateness())) }
                    td.number { (end.runtime().map(length).unwrap_or_default()) }
                    @if !params.is_empty() { td.message { @if let Some(params) = params.get(&end.run_id) { code { bdi { (params) } } } } }
                    td.message { bdi { (end.message.as_deref().unwrap_or_default()) } }
                }
            } }
        } }
    }
}

/// The tasks that this one refers to, and those that refer to it.
fn around(place: &Place, task: &Task) -> Markup {
    let (before, after) = (task.mentions(), task.mentioned_by());
    let list = |title: &str, tasks: &[Task]| {
        html! {
            @if !tasks.is_empty() {
                div { h3 { (title) } ul.chips { @for other in tasks.iter().take(NEIGHBOURS) {
                    @let status = other.status();
                    li { (badge(Look::from(status), &status.to_string())) " " a href=(place.task(other.name())) { bdi { (other.name()) } } }
                } }
                @if tasks.len() > NEIGHBOURS { p.quiet { "and " (tasks.len() - NEIGHBOURS) " more" } } }
            }
        }
    };
    html! {
        @if !before.is_empty() || !after.is_empty() {
            section #around data-live {
                h2 { "Tasks around it" }
                div.columns { (list("It refers to", &before)) (list("Refer to it", &after)) }
                p { a href=(format!("{}graph{}", place.root, query_text(&[("task", task.name())]))) { "Graph around it" } }
            }
        }
    }
}

fn state(place: &Place, task: &Task, info: &TaskInfo, now: Timestamp) -> Markup {
    html! {
        p { (badge(Look::from(info.status), &info.status.to_string())) @if info.disabled { " " span.badge.idle { "disabled" } } }
        dl.facts {
            dt { "Starts" } dd {
                @if let Some(start) = &info.start {
                    code { bdi { (start) } } " "
                    a href=(format!("{}try{}", place.root, query_text(&[("statement", start), ("zone", &info.zone.to_string())]))) { "What if it was another?" } (words(start))
                } @else { "on request only" }
            }
            @if let Some(end) = &info.end { dt { "Ends" } dd { code { bdi { (end) } } } }
            dt { "Next start" } dd { (next_start(info, now)) }
            @if !info.holds.is_empty() { dt { "Held by" } dd { ul { @for hold in &info.holds { li { (hold) } } } } }
            @if !info.running.is_empty() { dt { "Running" } dd { ul { @for run in &info.running {
                li { a href=(place.run(&run.run_id)) { (at(run.start, now, info.zone)) } }
            } } } }
            @if info.queued > 0 { dt { "Queued" } dd { (info.queued) } }
            dt { "Runs as" } dd { (info.execution) }
            dt { "Time zone" } dd { (info.zone) }
            @if let Some(timeout) = &info.timeout { dt { "Times out after" } dd { (timeout) } }
            dt { "Priority" } dd { (info.priority) }
            @if let Some(most) = info.max_running { dt { "At most" } dd { (most) " at a time" } }
            @if !info.pools.is_empty() { dt { "Pools" } dd { (info.pools.join(", ")) } }
            @if let Some(lane) = &info.lane { dt { "Lane" } dd { (lane) } }
            @if let Some(place) = task.location() { dt { "Declared" } dd { code { bdi { (place.file) ":" (place.line) } } } }
            @for (action, happened) in &info.actions {
                dt { (action) } dd { (happened.count) @if let Some(last) = happened.last { ", last " (at(last, now, info.zone)) } }
            }
            @for (reason, count) in &info.skipped { dt { "Skipped: " (reason) } dd { (count) } }
        }
    }
}
