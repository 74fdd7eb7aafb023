//! The page of the audit log.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{AuditFilter, all_routes};
use rocketry_core::{AuditEntry, Timestamp, Zone};
use serde::Deserialize;

use super::Pages;
use crate::view::{Place, Tab, at, query_text};

/// The number of entries per page.
const ROWS: usize = 100;

/// The query parameters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    by: String,
    action: String,
    task: String,
    cursor: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &place, &asked);
    pages.show(&place, Tab::Audit, "Audit", Ok(content))
}

fn content(pages: &Pages, place: &Place, asked: &Asked) -> Markup {
    let session = pages.api.session();
    let (now, zone) = (session.now(), session.config().zone);
    // A mistake in the filter is shown below it, so that it can be corrected.
    html! {
        h1 { "Audit" }
        p.quiet { "What people and programs have done to the app. Its own code leaves no entries." }
        (form(asked))
        div #found { @match pages.api.audit(&asked.filter()) {
            Err(problem) => p.mistake role="alert" { bdi { (problem.detail) } },
            Ok(found) => section #entries data-live[asked.cursor.is_empty()] {
                @if found.items.is_empty() { p.quiet { "No entry fits." } } @else { (table(place, &found.items, now, zone)) }
                nav.pages aria-label="Pages" {
                    @if !asked.cursor.is_empty() { a href=(asked.address("")) { "Newest" } }
                    @if let Some(next) = &found.next { a rel="next" href=(asked.address(next)) { "Older" } }
                }
            }
        } }
    }
}

impl Asked {
    fn filter(&self) -> AuditFilter {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        AuditFilter {
            task: given(&self.task),
            by: given(&self.by),
            action: given(&self.action),
            cursor: given(&self.cursor),
            limit: Some(ROWS),
        }
    }

    /// The address of another page of the same entries.
    fn address(&self, cursor: &str) -> String {
        let pairs = [
            ("by", &*self.by),
            ("action", &*self.action),
            ("task", &*self.task),
            ("cursor", cursor),
        ];
        format!("audit{}", query_text(&pairs))
    }
}

fn form(asked: &Asked) -> Markup {
    let routes = all_routes();
    let actions: BTreeSet<&str> = routes.iter().filter_map(|route| route.action).collect();
    html! {
        form.filters role="search" data-typing {
            input type="search" name="by" value=(asked.by) placeholder="Who" aria-label="Who";
            select name="action" aria-label="Action" {
                option value="" { "any action" }
                @for action in actions { option value=(action) selected[action == asked.action] { (action) } }
            }
            input type="search" name="task" value=(asked.task) placeholder="Task" aria-label="Task";
            button { "Filter" }
        }
    }
}

fn table(place: &Place, entries: &[AuditEntry], now: Timestamp, zone: Zone) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "When" } th { "Who" } th { "By" } th { "Action" } th { "Of" } th { "Before" } th { "After" } } }
            tbody { @for entry in entries {
                tr {
                    td { (at(entry.at, now, zone)) }
                    td.short { @match &entry.by { Some(by) => bdi { (by) }, None => span.quiet { "not known" } } }
                    td { bdi { (entry.via.as_deref().unwrap_or("code")) } }
                    th.short scope="row" { (entry.action) }
                    td { (object(place, entry)) }
                    td.message { @if let Some(before) = &entry.before { code { bdi { (before) } } } }
                    td.message { @if let Some(after) = &entry.after { code { bdi { (after) } } } }
                }
            } }
        } }
    }
}

/// The object of an action: a task, a part of one, something else, or the app.
fn object(place: &Place, entry: &AuditEntry) -> Markup {
    html! {
        @if let Some(what) = &entry.what { bdi { (what) } @if entry.task.is_some() { " of " } }
        @if let Some(task) = &entry.task { a href=(place.task(task)) { bdi { (task) } } }
        @if entry.what.is_none() && entry.task.is_none() { span.quiet { "the app" } }
    }
}
