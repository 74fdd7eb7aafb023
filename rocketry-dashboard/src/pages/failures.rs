//! The page of failures: those of runs, grouped by similarity, and those outside of runs.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rocketry_api::{Api, Problem};
use rocketry_core::{Action, Failure, Query, Record, Timestamp, Zone};

use super::Pages;
use crate::view::{Place, Tab, at};

/// The maximum number of failed runs to consider.
const MOST: usize = 1000;

/// Similar failed runs.
struct Alike {
    newest: Record,
    first: Timestamp,
    times: usize,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place) -> Response {
    let content = content(&pages, &place).await;
    pages.show(&place, Tab::Failures, "Failures", content)
}

async fn content(pages: &Pages, place: &Place) -> Result<Markup, Problem> {
    let (alike, more) = pages.api.read(alike).await?;
    let session = pages.api.session();
    let (now, zone) = (session.now(), session.config().zone);
    Ok(html! {
        h1 { "Failures" }
        section #runs data-live {
            h2 { "Runs" }
            @if alike.is_empty() { p.quiet { "No run has failed." } } @else { (of_runs(place, &alike, now, zone)) }
            @if more { p.quiet { "Of the last " (MOST) " failed runs." } }
        }
        section #others data-live {
            h2 { "Outside runs" }
            (of_others(place, &session.failures(), now, zone))
        }
    })
}

/// The failed runs by task and message, the latest first.
fn alike(api: &Api) -> Result<(Vec<Alike>, bool), Problem> {
    let failed = Query::new().action(Action::Fail).action(Action::Crash);
    let page = api.session().log_page(failed.newest_first().limit(MOST))?;
    let mut groups: BTreeMap<_, Alike> = BTreeMap::new();
    for record in page.records {
        let key = (record.task.clone(), record.action, record.message.clone());
        let group = groups.entry(key).or_insert_with(|| Alike {
            first: record.created,
            newest: record.clone(),
            times: 0,
        });
        group.first = record.created;
        group.times += 1;
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.newest.created));
    Ok((groups, page.more))
}

fn of_runs(place: &Place, groups: &[Alike], now: Timestamp, zone: Zone) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Last" } th { "First" } th.number { "Times" } th { "Task" } th { "Message" } } }
            tbody { @for group in groups {
                tr {
                    td { a href=(place.run(&group.newest.run_id)) { (at(group.newest.created, now, zone)) } }
                    td { (at(group.first, now, zone)) }
                    td.number { (group.times) }
                    td { a href=(place.task(&group.newest.task)) { bdi { (group.newest.task) } } }
                    td.message { bdi { (group.newest.message.as_deref().unwrap_or(group.newest.action.name())) } }
                }
            } }
        } }
    }
}

fn of_others(place: &Place, failures: &[Failure], now: Timestamp, zone: Zone) -> Markup {
    html! {
        @if failures.is_empty() {
            p.quiet { "No condition, parameter, hook or log has failed." }
        } @else {
            div.scroll { table {
                thead { tr { th { "Last" } th { "First" } th.number { "Times" } th { "Part" } th { "Task" } th { "Message" } } }
                tbody { @for failure in failures.iter().rev() {
                    tr {
                        td { (at(failure.last, now, zone)) }
                        td { (at(failure.first, now, zone)) }
                        td.number { (failure.times) }
                        td { (failure.part) }
                        td { @if let Some(task) = &failure.task { a href=(place.task(task)) { bdi { (task) } } } }
                        td.message { bdi { (failure.message) } }
                    }
                } }
            } }
        }
    }
}
