//! The page for trying out a statement before it is deployed: its parts, its starts and lints.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::graph::mentioned;
use rocketry_api::{Api, LONGEST_STATEMENT, NextFilter, NextStarts, Problem};
use rocketry_core::check::{Finding, Severity, check_statement};
use rocketry_core::explain::Explanation;
use rocketry_core::{Rocketry, Task, Timestamp, Zone};
use serde::Deserialize;

use super::Pages;
use crate::view::{Place, Tab, at, tree, words};

/// The number of starts to show.
const STARTS: usize = 20;

/// The name of the hypothetical task with the statement.
const TASK: &str = "the task";

/// The query parameters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    statement: String,
    zone: String,
}

/// The information about a statement.
struct Found {
    next: NextStarts,
    /// The parts of the statement, as a new task would see them now.
    parts: Option<Explanation>,
    /// The lints.
    findings: Vec<Finding>,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &asked).await;
    pages.show(&place, Tab::Try, "What if", Ok(content))
}

async fn content(pages: &Pages, asked: &Asked) -> Markup {
    let now = pages.api.now();
    let found = if asked.statement.trim().is_empty() {
        None
    } else {
        Some(find(pages, asked).await)
    };
    html! {
        h1 { "What if a task had this statement?" }
        (form(asked))
        div #found aria-live="polite" { @match found {
            None => p.quiet { "Write a statement, and see when it starts a task. Nothing is changed." },
            Some(Err(problem)) => p.mistake role="alert" { bdi { (problem.detail) } },
            Some(Ok(found)) => (show(&found, now)),
        } }
    }
}

fn show(found: &Found, now: Timestamp) -> Markup {
    html! {
        @if let Some(canonical) = &found.next.canonical { div.canonical { "Read as " code { bdi { (canonical) } } (words(canonical)) } }
        (odd(&found.findings))
        div.columns {
            section { h2 { "Starts in " (found.next.zone) } (next_starts(&found.next, now)) }
            @if let Some(parts) = &found.parts { section { h2 { "As a new task would see it" } (tree(parts)) } }
        }
    }
}

/// The lints, with suggested replacements.
fn odd(findings: &[Finding]) -> Markup {
    html! {
        @if !findings.is_empty() {
            ul.findings { @for finding in findings {
                @let (class, shape) = match finding.severity { Severity::Error => ("bad", "✕"), Severity::Warning => ("cut", "▲") };
                li {
                    span class={ "badge " (class) } { span aria-hidden="true" { (shape) } " " (finding.severity) } " "
                    bdi { (finding.message) } " " span.quiet { bdi { (finding.help) } }
                }
            } }
        }
    }
}

async fn find(pages: &Pages, asked: &Asked) -> Result<Found, Problem> {
    let filter = NextFilter {
        of: asked.statement.trim().to_owned(),
        count: Some(STARTS),
        zone: (!asked.zone.trim().is_empty()).then(|| asked.zone.trim().to_owned()),
    };
    pages.api.read(move |api| examine(api, &filter)).await
}

fn examine(api: &Api, filter: &NextFilter) -> Result<Found, Problem> {
    let next = api.next(filter)?;
    let parts = match api.task(&filter.of) {
        Ok(task) => Some(task.explain()),
        Err(_) => explained(&filter.of, next.zone),
    };
    let canonical = next.canonical.as_deref().unwrap_or_default();
    // The section of starts already shows a mistake in the statement.
    let findings = check_statement(canonical, next.zone, api.now()).unwrap_or_default();
    Ok(Found {
        next,
        parts,
        findings,
    })
}

/// The parts of a statement, from an app with one task that has it, and the tasks that it mentions. `None` if
/// such an app can't be built, for example because the statement has a condition that only the real app has.
fn explained(statement: &str, zone: Zone) -> Option<Explanation> {
    let idle = |name: String| Task::func(name, || async {});
    let others = mentioned(statement).into_iter().filter(|name| name != TASK);
    let app = others.fold(Rocketry::builder(), |app, name| app.task(idle(name)));
    let task = idle(TASK.to_owned()).start(statement).timezone(&zone.to_string());
    let session = app.task(task).inspect().ok()?;
    Some(session.task(TASK).ok()?.explain())
}

fn form(asked: &Asked) -> Markup {
    html! {
        form.filters data-typing {
            input.wide type="text" name="statement" value=(asked.statement) aria-label="Statement" spellcheck="false" autocomplete="off"
                maxlength=(LONGEST_STATEMENT) placeholder="daily at 09:30 on weekdays";
            input type="text" name="zone" value=(asked.zone) aria-label="Time zone" placeholder="Time zone, such as Europe/Helsinki";
            button { "Try" }
        }
    }
}

/// The next starts, with notes about changes of the clock, and the reason why there are no more.
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
