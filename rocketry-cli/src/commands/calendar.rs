//! `calendar`: the starts of a month, by day and hour.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime, Timelike as _};
use clap::Args;
use rocketry_api::{AppInfo, SimulateFilter, SimulatedRun};
use rocketry_core::export::{self, Entry};
use serde::Serialize;

use super::Context;
use crate::arguments::Format;
use crate::exit::{Failure, Outcome};
use crate::output::{Colour, Paint, Progress, Table};

/// Shows how many runs start in each hour of a month
///
/// The app is simulated, so tasks that come after others are part of it. Of the current month, it shows what is to come.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  calendar                       what is to come in this month
  calendar --month 2026-12       a whole month
  calendar report                one task
  calendar -o csv                day, hour and number of starts
  calendar -o svg > month.svg    a picture
  calendar -o ics > month.ics    the starts, for a calendar")]
pub(crate) struct Calendar {
    /// Only this task
    task: Option<String>,
    /// The month
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Option<NaiveDate>,
}

fn month(text: &str) -> Result<NaiveDate, String> {
    let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
    first.map_err(|_| "expected a month such as `2026-12`".to_owned())
}

/// An hour in which runs start.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the field of the output has this name")]
struct Hour {
    day: String,
    hour: u32,
    starts: u64,
}

/// The fields in CSV.
const FIELDS: &[&str] = &["day", "hour", "starts"];

/// The starts by day and hour.
type Counts = BTreeMap<(NaiveDate, u32), u64>;

impl Calendar {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let app = client.app().await?;
        let task = match &self.task {
            Some(name) => Some(client.task(name).await?.name),
            None => None,
        };
        let today = app.zone.local(app.now).date();
        let first = self.month.or(today.with_day(1)).unwrap_or(today);
        let after = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        let instant = |day: NaiveDate| app.zone.first(day.and_time(NaiveTime::MIN));
        let (from, to) = (instant(first).max(app.now), instant(after));
        if to <= from {
            let message = format!("{} is over: its runs are in `log`", first.format("%B %Y"));
            return Err(Failure::usage(message));
        }
        let filter = SimulateFilter {
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            seed: None,
        };
        let progress = Progress::endless("simulating");
        let found = client.simulate(&filter).await?;
        drop(progress);
        let wanted = found
            .runs
            .iter()
            .filter(|run| task.as_ref().is_none_or(|task| *task == run.task));
        if let Format::Ics | Format::Svg = context.out.format {
            let entries: Vec<Entry> = wanted.map(Entry::from).collect();
            return exported(context, &entries, first, &app);
        }
        let counts = counted(wanted, &app);
        if context.out.format != Format::Table {
            return context.out.list(&hours(&counts), FIELDS, |_| Table::new(&[], ""));
        }
        let text = drawn(&counts, (first.max(today), after), &app, context.out.paint);
        context.out.text(&text)
    }
}

fn exported(context: &mut Context<'_>, entries: &[Entry], month: NaiveDate, app: &AppInfo) -> Outcome {
    if context.out.format == Format::Ics {
        return context.out.text(&export::ics(entries));
    }
    let map = export::heat_map(entries, month.year(), month.month(), app.zone);
    context.out.text(&map.unwrap_or_default())
}

fn hours(counts: &Counts) -> Vec<Hour> {
    let hour = |((day, hour), starts): (&(NaiveDate, u32), &u64)| Hour {
        day: day.to_string(),
        hour: *hour,
        starts: *starts,
    };
    counts.iter().map(hour).collect()
}

fn counted<'a>(runs: impl Iterator<Item = &'a SimulatedRun>, app: &AppInfo) -> Counts {
    let mut counts = Counts::new();
    for run in runs {
        let local = app.zone.local(run.start);
        *counts.entry((local.date(), local.hour())).or_default() += 1;
    }
    counts
}

/// A row a day, a column an hour.
fn drawn(counts: &Counts, (first, after): (NaiveDate, NaiveDate), app: &AppInfo, paint: Paint) -> String {
    let total: u64 = counts.values().sum();
    let mut text = format!(
        "{}, {}: {total} starts\n\n       ",
        first.format("%B %Y"),
        app.zone
    );
    for hour in 0..24 {
        text.push_str(&paint.with(Colour::Dim, &format!(" {hour:02}")));
    }
    text.push('\n');
    let most = counts.values().max().copied().unwrap_or(0);
    let days = std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(1)));
    for day in days.take_while(|day| *day < after) {
        text.push_str(&paint.with(Colour::Dim, &day.format("%a %d ").to_string()));
        for hour in 0..24 {
            text.push_str(&cell(counts.get(&(day, hour)).copied().unwrap_or(0), most, paint));
        }
        text.push('\n');
    }
    text
}

/// The number of starts in an hour, the more the redder.
fn cell(starts: u64, most: u64, paint: Paint) -> String {
    let colour = match starts {
        0 => Colour::Dim,
        starts if starts * 3 > most * 2 => Colour::Red,
        starts if starts * 3 > most => Colour::Yellow,
        _ => Colour::Green,
    };
    let shown = match starts {
        0 => "·".to_owned(),
        1..100 => starts.to_string(),
        _ => "++".to_owned(),
    };
    paint.with(colour, &format!("{shown:>3}"))
}
