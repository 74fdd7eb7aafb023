//! The page of a run: its timeline, parameters, result and output.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Problem, Run};
use rocketry_core::{Action, Cause, Query, Record, Timestamp, Zone};
use serde_json::Value as Json;

use super::Pages;
use crate::view::{Look, Named, Place, Tab, at, badge, micros, passage};

/// The maximum number of attempts to find in each direction.
const ATTEMPTS: usize = 10;

pub(crate) async fn page(
    State(pages): State<Pages>,
    place: Place,
    headers: HeaderMap,
    Named(run_id): Named,
) -> Response {
    let wanted = run_id.clone();
    let found = pages.api.read(move |api| find(api, &wanted)).await;
    let content = found.map(|found| content(&pages, &place, &headers, &found));
    pages.show(&place, Tab::None, &format!("Run {run_id}"), content)
}

/// A run and its neighbours.
struct Found {
    run: Run,
    /// The attempts that it belongs to, in order; empty if it is the only one.
    attempts: Vec<Run>,
}

fn find(api: &Api, run_id: &str) -> Result<Found, Problem> {
    let run = api.run(run_id)?;
    Ok(Found {
        attempts: attempts(api, &run)?,
        run,
    })
}

/// The run, the attempts before it and the retries after it.
fn attempts(api: &Api, run: &Run) -> Result<Vec<Run>, Problem> {
    let starts = || Query::new().task(&*run.task).action(Action::Run);
    let before = starts().created(..=run.start).newest_first().limit(ATTEMPTS);
    let after = starts().created(run.start..).limit(ATTEMPTS);
    let before = api.session().log_page(before)?.records;
    let after = api.session().log_page(after)?.records;
    let later = after.into_iter().filter(|start| start.start > run.start);
    let mut all: Vec<_> = later.take_while(|start| retry(start) > 0).collect();
    all.reverse();
    for start in before {
        let is_first = retry(&start) == 0;
        all.push(start);
        if is_first {
            break;
        }
    }
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    let runs = all.iter().rev().map(|start| api.run(&start.run_id.to_string()));
    runs.collect()
}

/// The number of a retry; 0 if it is not a retry.
fn retry(start: &Record) -> u32 {
    match start.cause() {
        Some(Cause::Retry { number }) => *number,
        _ => 0,
    }
}

fn content(pages: &Pages, place: &Place, headers: &HeaderMap, found: &Found) -> Markup {
    let run = &found.run;
    let session = pages.api.session();
    let now = session.now();
    let zone = session
        .task(&*run.task)
        .map_or_else(|_| session.config().zone, |task| task.info().zone);
    let is_running = run.under_way.is_some();
    let action = format!("/runs/{}/terminate", run.run_id);
    html! {
        h1 { "Run of " a href=(place.task(&run.task)) { bdi { (run.task) } } }
        section #run data-live {
            p { (badge(Look::from(run.status), run.status.name())) " " code { (run.run_id) } }
            @if let Some(message) = &run.message { pre.message { bdi { (message) } } }
            (passage(run, now, zone))
            (facts(place, run, now, zone))
        }
        @if is_running && pages.may_steer(headers, &action) {
            form method="post" action=(format!("{}/terminate", place.run(&run.run_id))) data-confirm="Terminate this run?" {
                button.risky { "Terminate" }
            }
        }
        (printed(pages, place, run))
        section #details data-live { (details(place, found, now, zone)) }
        p { a href=(place.log(&format!("run:{}", run.run_id))) { "Its records" } }
    }
}

/// The output of a running program so far. A script follows it.
fn printed(pages: &Pages, place: &Place, run: &Run) -> Markup {
    let output = pages.api.session().output(&run.run_id);
    let address = format!("{}output?follow=true", place.api_run(&run.run_id));
    html! {
        @if let Some(mut output) = output {
            section #output {
                h2 { "Output so far" }
                pre.output tabindex="0" data-follow=(address) { (output.so_far()) }
            }
        }
    }
}

/// The parameters and the result of the run, and its neighbours.
fn details(place: &Place, found: &Found, now: Timestamp, zone: Zone) -> Markup {
    let Found { run, attempts } = found;
    let let_start = run.downstream.as_deref().unwrap_or_default();
    html! {
        @if !let_start.is_empty() {
            h2 { "Let start" }
            ul { @for of in let_start { li { a href=(place.run(&of.run_id)) { bdi { (of.task) } } } } }
        }
        @if !attempts.is_empty() { (attempts_of(place, attempts, run, now, zone)) }
        @if let Some(params) = &run.params { (json("Parameters", params)) }
        @if let Some(result) = &run.result { (json("Result", result)) }
        @if let Some(process) = &run.process {
            h2 { "Process" }
            p { (process.exit) }
            pre.output tabindex="0" { (process.output) }
        }
    }
}

fn attempts_of(place: &Place, attempts: &[Run], this: &Run, now: Timestamp, zone: Zone) -> Markup {
    html! {
        h2 { "Attempts" }
        ol.attempts { @for run in attempts {
            li {
                (badge(Look::from(run.status), run.status.name())) " "
                @if run.run_id == this.run_id { strong { "this run" } } @else { a href=(place.run(&run.run_id)) { (at(run.start, now, zone)) } }
                @if let Some(message) = &run.message { " " span.quiet { bdi { (message) } } }
            }
        } }
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
