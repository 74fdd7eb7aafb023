//! `calendar`: the starts of a month, by day and hour.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use clap::Args;
use rocketry_api::client::Client;
use rocketry_api::{AppInfo, Hour, HoursFilter, SimulateFilter, SimulatedRun};
use rocketry_core::export::{self, Entry};

use super::context::Context;
use super::simulate;
use crate::exit::{Failure, Outcome};
use crate::output::{Colour, Format, Paint, Progress, Table};

/// Shows how many runs start in each hour of a month
///
/// Simulates the app, so tasks that follow others are included. For the current month, only the future is
/// shown.
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

/// The fields in CSV.
const FIELDS: &[&str] = &["day", "hour", "starts"];

/// The number of starts from which on a cell has no room for it.
const MANY: u64 = 100;

/// The starts by day and hour.
type Counts = BTreeMap<(NaiveDate, u32), u64>;

impl Calendar {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let app = client.app().await?;
        let mut task = None;
        if let Some(name) = &self.task {
            task = Some(client.task(name).await?.name);
        }
        let today = app.zone.local(app.now).date();
        let first = self.month.or(today.with_day(1)).unwrap_or(today);
        let after = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        let instant = |day: NaiveDate| app.zone.first(day.and_time(NaiveTime::MIN));
        let (from, to) = (instant(first).max(app.now), instant(after));
        if to <= from {
            let message = format!("{} is over: its runs are in `log`", first.format("%B %Y"));
            return Err(Failure::usage(message));
        }
        let (from, to) = (from.to_string(), to.to_string());
        if context.out.format == Format::Ics {
            return ics(context, &client, (from, to), task.as_deref()).await;
        }
        let filter = HoursFilter {
            from: Some(from),
            to: Some(to),
            task: task.map(|task| task.to_string()),
        };
        let progress = Progress::endless("simulating");
        let hours = client.hours(&filter).await?;
        drop(progress);
        match context.out.format {
            Format::Svg => svg(context, &hours, first, &app),
            Format::Table => {
                let days = (first.max(today), after);
                let text = drawn(&counted(&hours), days, &app, context.out.paint);
                context.out.text(&text)
            }
            _ => context.out.list(&hours, FIELDS, |_| Table::new(&[], "")),
        }
    }
}

/// The individual starts.
async fn ics(
    context: &mut Context<'_>,
    client: &Client,
    (from, to): (String, String),
    task: Option<&str>,
) -> Outcome {
    let filter = SimulateFilter {
        from: Some(from),
        to: Some(to),
        seed: None,
    };
    let _progress = Progress::beside_output("simulating");
    let is_wanted = |run: &SimulatedRun| task.is_none_or(|task| *task == *run.task);
    simulate::calendar(context, client, &filter, is_wanted).await
}

/// The numbers of starts as a picture.
fn svg(context: &mut Context<'_>, hours: &[Hour], month: NaiveDate, app: &AppInfo) -> Outcome {
    let counts = counted(hours);
    let one_each: Vec<(Entry, u64)> = counts
        .iter()
        .map(|((day, hour), starts)| {
            let at = day.and_time(NaiveTime::from_hms_opt(*hour, 0, 0).unwrap_or_default());
            (Entry::new("", app.zone.first(at)), *starts)
        })
        .collect();
    let entries = one_each.iter().flat_map(|(entry, starts)| {
        std::iter::repeat_n(entry, usize::try_from(*starts).unwrap_or(usize::MAX))
    });
    let map = export::heat_map(entries, month.year(), month.month(), app.zone);
    context.out.text(&map.unwrap_or_default())
}

/// The numbers of starts as a map.
fn counted(hours: &[Hour]) -> Counts {
    let count = |hour: &Hour| Some(((hour.day.parse().ok()?, hour.hour), hour.starts));
    hours.iter().filter_map(count).collect()
}

/// A row per day, a column per hour.
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
    if most >= MANY {
        text.push_str("\n++ is a hundred starts or more; `calendar -o csv` has the numbers\n");
    }
    text
}

/// The number of starts in an hour: the more, the redder.
fn cell(starts: u64, most: u64, paint: Paint) -> String {
    let colour = match starts {
        0 => Colour::Dim,
        starts if starts * 3 > most * 2 => Colour::Red,
        starts if starts * 3 > most => Colour::Yellow,
        _ => Colour::Green,
    };
    let shown = match starts {
        0 => "·".to_owned(),
        1..MANY => starts.to_string(),
        _ => "++".to_owned(),
    };
    paint.with(colour, &format!("{shown:>3}"))
}
