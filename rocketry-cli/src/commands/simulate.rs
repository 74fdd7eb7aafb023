//! `simulate`: what would happen.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use rocketry_api::{SimulateFilter, Simulation};
use rocketry_core::Action;
use rocketry_core::export::{self, Entry};

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Cell, Format, Progress, Table, When, length};

/// Simulates the app: what would start when, how late, and how full pools would be
///
/// No task runs. How long runs take and how they end comes from the run log: the median of each task, or a draw with a seed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simulate                                        the next day
  simulate --from 2026-01-01 --to 2026-02-01      a month
  simulate --to 7d --seed 1                       a week, with lengths of runs as they vary
  simulate --to 7d -o csv > runs.csv              every run of it
  simulate --to 7d -o ics > runs.ics              the same for a calendar
  simulate -o svg > day.svg                       a timeline of the next day")]
pub(crate) struct Simulate {
    /// The first instant
    #[arg(long, value_name = "TIME", default_value = "now")]
    from: String,
    /// The first instant that no longer belongs to it
    #[arg(long, value_name = "TIME", default_value = "1d")]
    to: String,
    /// Draws the lengths and ends of runs from the run log, the same ones for the same seed
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// The fields of a run in CSV.
const FIELDS: &[&str] = &["task", "due", "start", "end", "action"];

impl Simulate {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let filter = SimulateFilter {
            from: Some(self.from),
            to: Some(self.to),
            seed: self.seed,
        };
        let progress = Progress::endless("simulating");
        let found = client.simulate(&filter).await?;
        drop(progress);
        match context.out.format {
            Format::Csv | Format::Jsonl => context.out.list(&found.runs, FIELDS, |_| Table::new(&[], "")),
            Format::Json => context.out.json(&found),
            Format::Table => {
                let app = client.app().await?;
                let when = When {
                    now: app.now,
                    zone: app.zone,
                };
                show(context, &found, when)
            }
            Format::Ics => context.out.text(&export::ics(&entries(&found))),
            Format::Svg => {
                let zone = client.app().await?.zone;
                let range = found.summary.from..found.summary.to;
                context.out.text(&export::timeline(&entries(&found), range, zone))
            }
        }
    }
}

fn entries(found: &Simulation) -> Vec<Entry> {
    found.runs.iter().map(Entry::from).collect()
}

fn show(context: &mut Context<'_>, found: &Simulation, when: When) -> Outcome {
    let summary = &found.summary;
    let starts: u64 = summary.tasks.iter().map(|task| task.starts).sum();
    let starts = if starts == 1 {
        "1 start".to_owned()
    } else {
        format!("{starts} starts")
    };
    let (from, to) = (when.full(summary.from), when.full(summary.to));
    context.out.line(format!("{from} to {to}: {starts}"))?;
    context.out.line("")?;
    context.out.list(&found.summary.tasks, &[], |_| tasks(found))?;
    if !found.summary.pools.is_empty() {
        context.out.line("")?;
        context.out.list(&found.summary.pools, &[], |_| pools(found))?;
    }
    if !found.summary.assumed.is_empty() {
        context.out.line("")?;
        let assumed = found.summary.assumed.join("`, `");
        context
            .out
            .line(format!("Custom conditions are taken to be true: `{assumed}`"))?;
    }
    Ok(())
}

fn tasks(found: &Simulation) -> Table {
    let heads = ["TASK", "STARTS", "FAILED", "LATE", "LATEST", "BUSY", "SKIPPED"];
    let mut table = Table::new(&heads, "the app has no tasks").flexible(&["SKIPPED", "TASK"]);
    for task in &found.summary.tasks {
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

/// `overlap 3, pool 1`; nothing if no start is skipped.
fn skipped<R: std::fmt::Display>(reasons: &BTreeMap<R, u64>) -> Option<String> {
    let words: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn pools(found: &Simulation) -> Table {
    let time = found.summary.to.since(found.summary.from).as_secs_f64();
    let mut table = Table::new(&["POOL", "SIZE", "PEAK", "USE", "FULL FOR", "LATE"], "");
    for pool in &found.summary.pools {
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
