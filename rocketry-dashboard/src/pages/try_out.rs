//! A place to try a statement before it is deployed.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{NextFilter, NextStarts, Problem};
use rocketry_core::Timestamp;
use serde::Deserialize;

use super::Pages;
use crate::view::{Place, Tab, at};

/// How many starts are shown.
const STARTS: usize = 20;

/// The longest statement that is read.
const LONGEST: usize = 2000;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    statement: String,
    zone: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &asked).await;
    pages.show(&place, Tab::Try, "Try a statement", Ok(content))
}

async fn content(pages: &Pages, asked: &Asked) -> Markup {
    let now = pages.api.now();
    let found = if asked.statement.trim().is_empty() {
        None
    } else {
        Some(find(pages, asked).await)
    };
    html! {
        h1 { "Try a statement" }
        (form(asked))
        @match found {
            None => p.quiet { "Write a statement, and see when it starts a task. Nothing is changed." },
            Some(Err(problem)) => p.mistake role="alert" { bdi { (problem.detail) } },
            Some(Ok(found)) => section {
                @if let Some(canonical) = &found.canonical { p { "Read as " code { bdi { (canonical) } } } }
                h2 { "Starts in " (found.zone) }
                (next_starts(&found, now))
            }
        }
    }
}

async fn find(pages: &Pages, asked: &Asked) -> Result<NextStarts, Problem> {
    if asked.statement.len() > LONGEST {
        return Err(Problem::invalid(format!(
            "the statement is longer than {LONGEST} bytes"
        )));
    }
    let filter = NextFilter {
        of: asked.statement.trim().to_owned(),
        count: Some(STARTS),
        zone: (!asked.zone.trim().is_empty()).then(|| asked.zone.trim().to_owned()),
    };
    pages.api.read(move |api| api.next(&filter)).await
}

fn form(asked: &Asked) -> Markup {
    html! {
        form.filters {
            input.wide type="text" name="statement" value=(asked.statement) aria-label="Statement" spellcheck="false"
                placeholder="daily at 09:30 on weekdays";
            input type="text" name="zone" value=(asked.zone) aria-label="Time zone" placeholder="Time zone, such as Europe/Helsinki";
            button { "Try" }
        }
    }
}

/// The next starts, with remarks on changes of the clock, and why there are no more.
pub(super) fn next_starts(found: &NextStarts, now: Timestamp) -> Markup {
    html! {
        @if !found.starts.is_empty() {
            ol.starts { @for start in &found.starts {
                li { (at(start.at, now, found.zone)) @if let Some(remark) = &start.clock_change { " " span.held { (remark) } } }
            } }
        }
        @if let Some(end) = &found.end { p.quiet { (end) } }
    }
}
