//! The page of a week or a month, with past and future starts by day and by hour.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use maud::{Markup, html};
use rocketry_api::{Api, Problem};
use rocketry_core::Zone;
use rocketry_core::export::{self, Entry};
use rocketry_syntax::Delta;
use serde::Deserialize;

use super::Pages;
use crate::calendar::{Found, Range, Span, Start, find};
use crate::view::{Place, Tab, at, by_day, by_hour, query_text};

/// The period that the iCalendar file covers.
const FILE: Delta = Delta(31 * 86_400_000_000);

/// The maximum number of tasks to name that start too often.
const NAMED: usize = 20;

/// The maximum number of task zones to offer.
const ZONES: usize = 20;

/// The query parameters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    view: String,
    on: String,
    task: String,
    zone: String,
}

pub(crate) async fn page(State(pages): State<Pages>, place: Place, Query(asked): Query<Asked>) -> Response {
    let content = content(&pages, &place, &asked).await;
    pages.show(&place, Tab::Calendar, "Calendar", content)
}

/// The starts of the next month as an iCalendar file.
pub(crate) async fn ics(State(pages): State<Pages>, Query(asked): Query<Asked>) -> Response {
    let found = pages.api.read(move |api| {
        let now = api.now();
        find(api, &asked.task, (now, now.saturating_add(FILE)))
    });
    match found.await {
        Ok(found) => {
            let entries: Vec<Entry> = found.starts.iter().filter_map(Start::entry).collect();
            let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
            (kind, export::ics(&entries)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn content(pages: &Pages, place: &Place, asked: &Asked) -> Result<Markup, Problem> {
    let range = asked.range(&pages.api)?;
    let task = asked.task.trim().to_owned();
    let found = pages.api.read(move |api| find(api, &task, range.span())).await?;
    let now = pages.api.now();
    let today = range.zone.local(now).date();
    Ok(html! {
        h1 { (range.title()) }
        (form(&pages.api, asked, range))
        (steps(asked, range, today))
        @let task_of = |task: &str| place.task(task);
        @let week_of = |day: NaiveDate| asked.address(Span::Week, Some(day));
        section #days data-live { (by_day(range, &found, today, &task_of, &week_of)) }
        (remarks(place, &found, asked, range, now))
        section #hours data-live { h2 { "By hour" } (by_hour(range, &found)) }
    })
}

impl Asked {
    fn range(&self, api: &Api) -> Result<Range, Problem> {
        let zone = match self.zone.trim() {
            "" => self.zone_of_task(api),
            name => name
                .parse()
                .map_err(|unknown: rocketry_core::time::UnknownZone| Problem::invalid(unknown.to_string()))?,
        };
        let day = match self.on.trim() {
            "" => zone.local(api.now()).date(),
            text => text.parse().map_err(|_| {
                Problem::invalid(format!(
                    "`{text}` is not a day: expected one such as `2026-01-31`"
                ))
            })?,
        };
        let span = match &*self.view {
            "" | "month" => Span::Month,
            "week" => Span::Week,
            other => {
                return Err(Problem::invalid(format!(
                    "`{other}` is not a view: expected `month` or `week`"
                )));
            }
        };
        Ok(Range::around(span, day, zone))
    }

    /// The zone of the task, if one is selected, otherwise that of the app.
    fn zone_of_task(&self, api: &Api) -> Zone {
        let task = (!self.task.is_empty()).then(|| api.task(self.task.trim()).ok());
        let of_task = task.flatten().map(|task| task.info().zone);
        of_task.unwrap_or_else(|| api.session().config().zone)
    }

    /// The address of another period; without a day, that of today.
    fn address(&self, span: Span, day: Option<NaiveDate>) -> String {
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        let pairs = [
            ("view", span.name()),
            ("on", &*day),
            ("task", &*self.task),
            ("zone", &*self.zone),
        ];
        format!("calendar{}", query_text(&pairs))
    }
}

fn form(api: &Api, asked: &Asked, range: Range) -> Markup {
    let zones = zones(api, range.zone);
    html! {
        form.filters role="search" {
            input type="hidden" name="view" value=(range.shown.name());
            input type="hidden" name="on" value=(asked.on);
            input type="search" name="task" value=(asked.task) placeholder="All tasks" aria-label="Task";
            select name="zone" aria-label="Time zone" data-zones {
                @for zone in zones { option value=(zone) selected[*zone == range.zone.to_string()] { (zone) } }
            }
            button { "Show" }
            a href=(format!("calendar.ics{}", query_text(&[("task", &asked.task)]))) { "As iCalendar" }
        }
    }
}

/// The selectable zones: that of the app, those of tasks, and UTC. A script adds that of the visitor.
fn zones(api: &Api, chosen: Zone) -> BTreeSet<String> {
    let of_app = api.session().config().zone;
    let tasks = api.session().tasks();
    let of_tasks = tasks.iter().take(200).map(|task| task.info().zone.to_string());
    let mut zones: BTreeSet<String> = of_tasks.collect();
    while zones.len() > ZONES {
        zones.pop_last();
    }
    zones.extend([of_app.to_string(), chosen.to_string(), "UTC".to_owned()]);
    zones
}

fn steps(asked: &Asked, range: Range, today: NaiveDate) -> Markup {
    let (before, after) = range.neighbours();
    let other = match range.shown {
        Span::Month => Span::Week,
        Span::Week => Span::Month,
    };
    // The switch from a month leads to the week of today if the month contains it.
    let day = if range.contains(today) { today } else { range.first };
    html! {
        nav.pages aria-label="Days" {
            @if let Some(before) = before { a rel="prev" href=(asked.address(range.shown, Some(before))) { "← Before" } }
            a href=(asked.address(range.shown, None)) { "Today" }
            a rel="next" href=(asked.address(range.shown, Some(after))) { "After →" }
            a href=(asked.address(other, Some(day))) { "By " (other.name()) }
        }
    }
}

fn remarks(
    place: &Place,
    found: &Found,
    asked: &Asked,
    range: Range,
    now: rocketry_core::Timestamp,
) -> Markup {
    let alone = |task: &Arc<str>| {
        let on = range.first.to_string();
        let pairs = [("view", range.shown.name()), ("on", &*on), ("task", &**task)];
        format!("{}calendar{}", place.root, query_text(&pairs))
    };
    html! {
        @if !found.often.is_empty() {
            p.quiet { "Too often for this page, unless alone: "
                @for (index, task) in found.often.iter().take(NAMED).enumerate() {
                    @if index > 0 { ", " } a href=(alone(task)) { bdi { (task) } }
                }
                @if found.often.len() > NAMED { " and " (found.often.len() - NAMED) " more" }
            }
        }
        @if found.unseen > 0 {
            p.held { "There are too many starts: those of " (found.unseen) " more tasks are not counted. Choose one task." }
        }
        @if let Some(since) = found.since {
            p.held { "There are too many runs: those before " (at(since, now, range.zone)) " are not counted." }
        }
        @if asked.task.is_empty() { p.quiet { "Tasks that start after others show only what they have done: see the " a href=(format!("{}graph", place.root)) { "graph" } "." } }
    }
}
