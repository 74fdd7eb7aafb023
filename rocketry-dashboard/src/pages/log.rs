//! The page of the run log, with its query language.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{LogFilter, Problem};
use serde::Deserialize;

use super::Pages;
use crate::view::{Place, Tab, query_text, records};

/// The number of records per page.
const ROWS: usize = 100;

/// The query parameters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    cursor: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &place, &asked).await;
    pages.show(&place, Tab::Log, "Log", content)
}

async fn content(pages: &Pages, place: &Place, asked: &Asked) -> Result<Markup, Problem> {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let filter = LogFilter {
        q: given(&asked.q),
        newest_first: true,
        cursor: given(&asked.cursor),
        limit: Some(ROWS),
    };
    let found = pages.api.read(move |api| api.records(&filter)).await;
    let session = pages.api.session();
    let (now, zone) = (session.now(), session.config().zone);
    // A mistake in the query is shown below it, so that it can be corrected.
    Ok(html! {
        h1 { "Log" }
        (form(asked))
        div #found { @match found {
            Err(problem) => p.mistake role="alert" { (problem.detail) },
            Ok(found) => section #records data-live[asked.cursor.is_empty()] {
                @if found.items.is_empty() { p.quiet { @if found.next.is_some() { "No record fits among those that were looked at. There are older ones." } @else { "No record fits." } } } @else { (records(place, &found.items, now, zone)) }
                nav.pages aria-label="Pages" {
                    @if !asked.cursor.is_empty() { a href=(format!("log{}", query_text(&[("q", &asked.q)]))) { "Newest" } }
                    @if let Some(next) = &found.next {
                        a rel="next" href=(format!("log{}", query_text(&[("q", &asked.q), ("cursor", next)]))) { "Older" }
                    }
                }
            }
        } }
    })
}

/// The words that a query may begin with, as suggestions.
const WORDS: [&str; 18] = [
    "task:",
    "action:run",
    "action:success",
    "action:fail",
    "action:crash",
    "action:terminate",
    "action:inaction",
    "action:skip",
    "since:1h",
    "since:24h",
    "since:7d",
    "until:1h",
    "run:",
    "runtime:>1m",
    "lateness:>10s",
    "message:",
    "version:",
    "param.",
];

fn form(asked: &Asked) -> Markup {
    html! {
        form.filters role="search" data-typing {
            input.wide type="search" name="q" value=(asked.q) aria-label="Query" list="words" spellcheck="false" autocomplete="off"
                data-suggest=(WORDS.join(" ")) placeholder="task:fetch action:fail since:2h";
            datalist #words { @for word in WORDS { option value=(word) {} } }
            button { "Search" }
        }
        details.quiet {
            summary { "Words of the query" }
            p {
                code { "task:NAME" } ", " code { "action:run|success|fail|terminate|inaction|crash" } ", " code { "since:2h" } ", "
                code { "until:2026-01-31" } ", " code { "run:ID" } ", " code { "param.KEY:VALUE" }
                ". Words next to each other all have to fit."
            }
        }
    }
}
