//! The days of a calendar, and a heat map of the hours.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, TimeDelta, Timelike as _};
use maud::{Markup, html};
use rocketry_core::Action;

use super::length::length;
use super::status::Look;
use crate::calendar::{Day, Found, Range, Span, Start};

/// How many lines a day of a month has.
const OF_MONTH: usize = 4;

/// How many lines a day of a week has.
const OF_WEEK: usize = 40;

/// How many shades the heat map has.
const SHADES: u64 = 5;

/// The days in rows of weeks, each with its first starts.
pub(crate) fn by_day(
    range: Range,
    found: &Found,
    today: NaiveDate,
    task: &dyn Fn(&str) -> String,
    week: &dyn Fn(NaiveDate) -> String,
) -> Markup {
    let mut starts: BTreeMap<NaiveDate, Vec<&Start>> = BTreeMap::new();
    for start in &found.starts {
        starts
            .entry(range.zone.local(start.at).date())
            .or_default()
            .push(start);
    }
    let days: Vec<Day> = range.days().collect();
    let blank = range.first.weekday().num_days_from_monday();
    let most = match range.shown {
        Span::Month => OF_MONTH,
        Span::Week => OF_WEEK,
    };
    html! {
        ol class={ "days " (range.shown.name()) } {
            @for _ in 0..blank { li.blank aria-hidden="true" {} }
            @for day in days {
                @let all = starts.get(&day.date).map(Vec::as_slice).unwrap_or_default();
                li.day.today[day.date == today].weekend[day.date.weekday().number_from_monday() > 5] {
                    h3 {
                        a href=(week(day.date)) { time datetime=(day.date) { (day.date.format("%a %-d")) } }
                        @if !all.is_empty() { " " span.count { (all.len()) span.hidden { " starts" } } }
                    }
                    (changed(day))
                    @let groups = alike(all);
                    (named(range, &groups[..groups.len().min(most)], task))
                    @if groups.len() > most { p.quiet { a href=(week(day.date)) { "+" (groups.len() - most) " more" } } }
                }
            }
        }
    }
}

/// The future starts of a task on a day, or its past starts with the same outcome.
struct Alike<'a> {
    first: &'a Start,
    times: usize,
}

/// The starts of a day by task and end, in the order of the first of each.
fn alike<'a>(all: &[&'a Start]) -> Vec<Alike<'a>> {
    let mut groups: Vec<Alike<'a>> = Vec::new();
    let mut places = BTreeMap::new();
    for start in all {
        let place = *places.entry((&start.task, start.ended())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.times += 1,
            None => groups.push(Alike {
                first: start,
                times: 1,
            }),
        }
    }
    groups
}

/// Lines for the starts of a day.
fn named(range: Range, groups: &[Alike<'_>], task: &dyn Fn(&str) -> String) -> Markup {
    html! {
        @if !groups.is_empty() {
            ul { @for Alike { first, times } in groups {
                @let look = first.ended().map(Look::from);
                li class=(look.map_or("planned", |look| look.class)) {
                    (range.zone.local(first.at).format("%H:%M")) " "
                    span aria-hidden="true" { (look.map_or("◦", |look| look.shape)) }
                    span.hidden { (first.ended().map_or("to come", Action::name)) } " "
                    a href=(task(&first.task)) { bdi { (first.task) } }
                    @if *times > 1 { span.count { " ×" (times) } }
                    @if let Some(note) = first.note() { " " span.held title=(note) { "⚠" span.hidden { (note) } } }
                }
            } }
        }
    }
}

/// The mark of a day on which the clocks change.
fn changed(day: Day) -> Markup {
    let by = day.change.abs().to_std().map(length).unwrap_or_default();
    html! {
        @if day.change > TimeDelta::zero() { p.held { "clocks go forward " (by) } }
        @if day.change < TimeDelta::zero() { p.held { "clocks go back " (by) } }
    }
}

/// How many starts there are in each hour of each day.
pub(crate) fn by_hour(range: Range, found: &Found) -> Markup {
    let mut counts: BTreeMap<NaiveDate, [u64; 24]> = BTreeMap::new();
    for start in &found.starts {
        let local = range.zone.local(start.at);
        counts.entry(local.date()).or_default()[local.hour() as usize] += 1;
    }
    let most = counts.values().flatten().copied().max().unwrap_or(0);
    let none = [0; 24];
    html! {
        div.scroll tabindex="0" role="region" aria-label="Starts by hour" { table.heat {
            thead { tr { th { "Day" } @for hour in 0..24 { th { (format!("{hour:02}")) } } th.number { "All" } } }
            tbody { @for day in range.days() {
                @let of_day = counts.get(&day.date).unwrap_or(&none);
                tr {
                    th scope="row" { (day.date.format("%a %-d %b")) @if day.change != TimeDelta::zero() { " " span.held title="The clocks change." { "⚠" span.hidden { " the clocks change" } } } }
                    @for count in of_day {
                        td class={ "shade" (shade(*count, most)) } { @if *count > 0 { (count) } }
                    }
                    td.number { (of_day.iter().sum::<u64>()) }
                }
            } }
        } }
    }
}

/// The shade of a number. The scale follows the square root, so small numbers stay visible.
fn shade(count: u64, most: u64) -> u64 {
    match (count, most) {
        (0, _) => 0,
        (_, 0..=1) => SHADES,
        _ => 1 + (SHADES - 1) * (count - 1).isqrt() / (most - 1).isqrt(),
    }
}
