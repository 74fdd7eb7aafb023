//! The page with the list of tasks.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Page, Problem, TaskFilter};
use rocketry_core::{Action, Record, TaskInfo, Timestamp};
use serde::Deserialize;

use super::Pages;
use crate::view::{Look, Place, Tab, at, badge, length, median, micros, query_text, strip, words};

/// The number of tasks per page.
const ROWS: usize = 50;

/// The number of runs in the strip.
const STRIP: usize = 20;

/// The statuses of the filter.
const STATUSES: [(&str, &str); 8] = [
    ("", "any status"),
    ("running", "running"),
    ("fail", "failed"),
    ("crash", "crashed"),
    ("success", "succeeded"),
    ("terminate", "terminated"),
    ("never", "never run"),
    ("disabled", "disabled"),
];

/// The query parameters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    name: String,
    status: String,
    due_within: String,
    sort: String,
    cursor: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &place, &asked).await;
    pages.show(&place, Tab::Tasks, "Tasks", content)
}

async fn content(pages: &Pages, place: &Place, asked: &Asked) -> Result<Markup, Problem> {
    let filter = asked.filter();
    let (found, ends) = pages.api.read(move |api| find(api, &filter)).await?;
    let now = pages.api.now();
    Ok(html! {
        h1 { "Tasks" }
        (form(asked))
        div #found { section #tasks data-live {
            @if found.items.is_empty() { p.quiet { "No task fits." } } @else { (table(place, asked, &found.items, &ends, now)) }
            nav.pages aria-label="Pages" {
                @if !asked.cursor.is_empty() { a href=(asked.address("")) { "First" } }
                @if let Some(next) = &found.next { a rel="next" href=(asked.address(next)) { "More" } }
            }
        } }
    })
}

impl Asked {
    fn filter(&self) -> TaskFilter {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        TaskFilter {
            status: given(&self.status),
            due_within: given(&self.due_within),
            name: given(&self.name),
            sort: given(&self.sort),
            cursor: given(&self.cursor),
            limit: Some(ROWS),
            ..TaskFilter::default()
        }
    }

    /// The address of another page of the same tasks.
    fn address(&self, cursor: &str) -> String {
        self.address_sorted(&self.sort, cursor)
    }

    fn address_sorted(&self, sort: &str, cursor: &str) -> String {
        let pairs = [
            ("name", &*self.name),
            ("status", &*self.status),
            ("due_within", &*self.due_within),
            ("sort", sort),
            ("cursor", cursor),
        ];
        format!("tasks{}", query_text(&pairs))
    }
}

/// A page of tasks, and the last ends of each, oldest first.
fn find(api: &Api, filter: &TaskFilter) -> Result<(Page<TaskInfo>, Vec<Vec<Record>>), Problem> {
    let found = api.tasks(filter)?;
    let ends = found.items.iter().map(|task| last_ends(api, &task.name, STRIP));
    let ends = ends.collect::<Result<_, _>>()?;
    Ok((found, ends))
}

/// The last ends of runs of a task, oldest first.
pub(super) fn last_ends(api: &Api, task: &str, count: usize) -> Result<Vec<Record>, Problem> {
    let ends = Action::ALL.into_iter().filter(|action| action.is_end());
    let query = ends.fold(
        rocketry_core::Query::new().task(task),
        rocketry_core::Query::action,
    );
    Ok(api.session().log(&query.last(count))?)
}

fn form(asked: &Asked) -> Markup {
    html! {
        form.filters role="search" data-typing {
            input type="search" name="name" value=(asked.name) placeholder="Name" aria-label="Name";
            select name="status" aria-label="Status" {
                @for (value, word) in STATUSES { option value=(value) selected[value == asked.status] { (word) } }
            }
            input type="text" name="due_within" value=(asked.due_within) placeholder="Due within, such as 1h" aria-label="Due within";
            @if !asked.sort.is_empty() { input type="hidden" name="sort" value=(asked.sort); }
            button { "Filter" }
        }
    }
}

fn table(place: &Place, asked: &Asked, tasks: &[TaskInfo], ends: &[Vec<Record>], now: Timestamp) -> Markup {
    html! {
        div.scroll { table {
            thead { tr {
                (heading(asked, "Task", "name")) (heading(asked, "Status", "status")) th { "Statement" }
                (heading(asked, "Last runs", "-last")) th.number { "Took" } th.number { "Usually" } (heading(asked, "Next start", "next_due"))
            } }
            tbody { @for (task, ends) in tasks.iter().zip(ends) {
                tr {
                    th scope="row" { a href=(place.task(&task.name)) { bdi { (task.name) } } }
                    td { (badge(Look::from(task.status), &task.status.to_string())) @if task.disabled { " " span.badge.idle { "disabled" } } }
                    td.statement { code { bdi { (task.start.as_deref().unwrap_or("–")) } } (words(task.start.as_deref().unwrap_or_default())) }
                    td { (strip(place, ends, now)) }
                    td.number { (ends.last().and_then(Record::runtime).map(length).unwrap_or_default()) }
                    td.number { (usual(ends).map(micros).unwrap_or_default()) }
                    td { (next_start(task, now)) }
                }
            } }
        } }
    }
}

/// The heading of a sortable column. Clicks switch between its order, the reverse order, and none.
fn heading(asked: &Asked, title: &str, order: &str) -> Markup {
    let key = order.trim_start_matches('-');
    let reverse = if order == key {
        format!("-{key}")
    } else {
        key.to_owned()
    };
    let is_sorted = asked.sort.trim_start_matches('-') == key;
    let is_descending = asked.sort.starts_with('-');
    let next = match &*asked.sort {
        sort if sort == order => &*reverse,
        sort if sort == reverse => "",
        _ => order,
    };
    let direction = is_sorted.then_some(if is_descending { "descending" } else { "ascending" });
    html! {
        th aria-sort=[direction] {
            a.sort href=(asked.address_sorted(next, "")) {
                (title) @if is_sorted { span aria-hidden="true" { @if is_descending { " ▼" } @else { " ▲" } } }
            }
        }
    }
}

/// The usual duration of runs, in microseconds.
fn usual(ends: &[Record]) -> Option<u64> {
    let lengths = ends.iter().filter_map(Record::runtime);
    let lengths: Vec<u64> = lengths
        .filter_map(|took| took.as_micros().try_into().ok())
        .collect();
    (!lengths.is_empty()).then(|| median(&lengths))
}

/// When a task starts next, or what it waits for.
pub(super) fn next_start(task: &TaskInfo, now: Timestamp) -> Markup {
    let waits = task.holds.iter().find(|hold| hold.has_run());
    html! {
        @if task.paused { span.badge.idle { "paused" } " " }
        @if task.skips_next { span.badge.idle { "skips its next start" } " " }
        @if let Some(hold) = waits {
            span.held { "waits for " (hold) }
        } @else if task.finished {
            span.quiet { "finished" }
        } @else if task.disabled {
            span.quiet { "disabled" }
        } @else if let Some(due) = task.next_due {
            (at(due, now, task.zone))
        } @else {
            span.quiet { "not by time alone" }
        }
    }
}
