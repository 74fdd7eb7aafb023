//! `simulate`: simulates the app.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use rocketry_api::client::Client;
use rocketry_api::instant::{Reading, Side};
use rocketry_api::{AppInfo, SimulateFilter, SimulatedRun, Summary};
use rocketry_core::export::{self, Entry, IcsFile};
use rocketry_core::{Action, Timestamp};

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Cell, Format, Listing, Progress, Table, When, length};

/// Simulates the app: what would start when, how late, and how full pools would be
///
/// No task runs. The durations and outcomes of runs come from the run log: the median of each task, or random
/// samples.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simulate                                        the next day
  simulate --from 2026-01-01 --to 2026-02-01      a month
  simulate --to 7d --seed 1                       a week, with lengths of runs as they vary
  simulate --to 7d -o csv > runs.csv              every run of it, in the order of their ends
  simulate --to 7d -o ics > runs.ics              the same for a calendar
  simulate -o svg > day.svg                       a timeline of the next day")]
pub(crate) struct Simulate {
    /// The start of the period
    #[arg(long, value_name = "TIME", default_value = "now")]
    from: String,
    /// The end of the period, exclusive
    #[arg(long, value_name = "TIME", default_value = "1d")]
    to: String,
    /// Draws durations and outcomes from the run log at random; the same seed draws the same ones
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// The fields of a run in CSV.
const FIELDS: &[&str] = &["task", "due", "start", "end", "action"];

/// The number of runs to print at a time.
const PAGE: usize = 1000;

impl Simulate {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let app = client.app().await?;
        let to = asked_end(&app, &self.to);
        let filter = SimulateFilter {
            from: Some(self.from),
            to: Some(self.to),
            seed: self.seed,
        };
        let _progress = Progress::beside_output("simulating");
        match context.out.format {
            Format::Csv | Format::Jsonl => listed(context, &client, &filter).await,
            Format::Ics => calendar(context, &client, &filter, |_| true).await,
            Format::Json => {
                let found = client.simulate(&filter).await?;
                tell_end(found.summary.to, to);
                context.out.json(&found)
            }
            Format::Table => {
                let summary = client.simulate_summary(&filter).await?;
                let when = When {
                    now: app.now,
                    zone: app.zone,
                };
                show(context, &summary, to, when)
            }
            Format::Svg => {
                let found = client.simulate(&filter).await?;
                tell_end(found.summary.to, to);
                let range = found.summary.from..found.summary.to;
                let entries: Vec<Entry> = found.runs.iter().map(Entry::from).collect();
                context.out.text(&export::timeline(&entries, range, app.zone))
            }
        }
    }
}

/// The requested end, or slightly before it. A mistake in it is reported by the request.
fn asked_end(app: &AppInfo, to: &str) -> Timestamp {
    let reading = Reading {
        now: app.now,
        zone: app.zone,
        side: Side::Future,
    };
    reading.instant(to).unwrap_or(Timestamp::MIN)
}

/// The note for people if the simulation ends early.
const EARLY: &str = "It ends early: the app shuts down then, or has too many runs for an answer.";

/// Prints a note beside the result if the simulation ends early.
fn tell_end(end: Timestamp, asked: Timestamp) {
    if end < asked {
        eprintln!("note: {EARLY} `-o csv` lists all.");
    }
}

/// Prints the runs as they arrive, because a long simulation may have more runs than fit into memory.
async fn listed(context: &mut Context<'_>, client: &Client, filter: &SimulateFilter) -> Outcome {
    let mut runs = client.simulate_runs(filter).await?;
    let mut listing = Listing::new(FIELDS);
    let mut page = Vec::new();
    loop {
        let run = runs.next().await?;
        let is_last = run.is_none();
        page.extend(run);
        if is_last || page.len() == PAGE {
            listing.page(&mut context.out, &page, |_| Table::new(&[], ""))?;
            page.clear();
        }
        if is_last {
            return listing.end(&mut context.out);
        }
    }
}

/// Prints the matching runs as a calendar, as they arrive.
pub(super) async fn calendar(
    context: &mut Context<'_>,
    client: &Client,
    filter: &SimulateFilter,
    is_wanted: impl Fn(&SimulatedRun) -> bool,
) -> Outcome {
    let mut runs = client.simulate_runs(filter).await?;
    let mut file = IcsFile::new();
    let mut added = 0;
    while let Some(run) = runs.next().await? {
        if is_wanted(&run) {
            file.add(&Entry::from(&run));
            added += 1;
            if added % PAGE == 0 {
                context.out.text(&file.take())?;
            }
        }
    }
    context.out.text(&file.end())
}

fn show(context: &mut Context<'_>, summary: &Summary, asked: Timestamp, when: When) -> Outcome {
    let starts: u64 = summary.tasks.iter().map(|task| task.starts).sum();
    let starts = if starts == 1 {
        "1 start".to_owned()
    } else {
        format!("{starts} starts")
    };
    let (from, to) = (when.full(summary.from), when.full(summary.to));
    context.out.line(format!("{from} to {to}: {starts}"))?;
    if summary.to < asked {
        context.out.line(EARLY)?;
    }
    context.out.line("")?;
    context.out.list(&summary.tasks, &[], |_| tasks(summary))?;
    if !summary.pools.is_empty() {
        context.out.line("")?;
        context.out.list(&summary.pools, &[], |_| pools(summary))?;
    }
    if !summary.assumed.is_empty() {
        context.out.line("")?;
        let assumed = summary.assumed.join("`, `");
        context
            .out
            .line(format!("Custom conditions are taken to be true: `{assumed}`"))?;
    }
    Ok(())
}

fn tasks(summary: &Summary) -> Table {
    let heads = ["TASK", "STARTS", "FAILED", "LATE", "LATEST", "BUSY", "SKIPPED"];
    let mut table = Table::new(&heads, "the app has no tasks").flexible(&["SKIPPED", "TASK"]);
    for task in &summary.tasks {
        let failed = [Action::Fail, Action::Crash, Action::Terminate].iter();
        let failed: u64 = failed.filter_map(|action| task.ends.get(action)).sum();
        table.row([
            Cell::new(&*task.task),
            Cell::new(task.starts.to_string()),
            some(failed),
            some(task.late),
            Cell::of((task.late > 0).then(|| seconds(task.max_lateness))),
            Cell::new(seconds(task.busy)),
            Cell::of(skipped(&task.skipped)),
        ]);
    }
    table
}

/// `overlap 3, pool 1`; empty if no start is skipped.
fn skipped<R: std::fmt::Display>(reasons: &BTreeMap<R, u64>) -> Option<String> {
    let words: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn pools(summary: &Summary) -> Table {
    let time = summary.to.since(summary.from).as_secs_f64();
    let mut table = Table::new(&["POOL", "SIZE", "PEAK", "USE", "FULL FOR", "LATE"], "");
    for pool in &summary.pools {
        #[expect(clippy::cast_precision_loss, reason = "a pool has far fewer places than that")]
        let usage = 100.0 * pool.busy / (time * pool.size as f64);
        table.row([
            Cell::new(&*pool.pool),
            Cell::new(pool.size.to_string()),
            Cell::new(pool.peak.to_string()),
            Cell::new(format!("{usage:.0} %")),
            Cell::new(seconds(pool.full)),
            some(pool.late),
        ]);
    }
    table
}

/// A number, or a dash for none.
fn some(number: u64) -> Cell {
    Cell::of((number > 0).then(|| number.to_string()))
}

fn seconds(seconds: f64) -> String {
    length(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}
