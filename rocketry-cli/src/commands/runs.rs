//! `runs`: the runs of a task.

use clap::Args;
use rocketry_api::{Run, RunFilter};
use rocketry_core::Timestamp;

use super::context::Context;
use super::log::joined;
use crate::exit::Outcome;
use crate::output::{Cell, Colour, Table, When, length};

/// Lists the runs of a task, newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  runs report                          its last twenty runs
  runs report -n 100 since:7d          up to a hundred of the last week
  runs import param.day:2026-01-01     those for one day's data")]
pub(crate) struct Runs {
    /// The task
    task: String,
    /// A query for the records of their starts: see `log --help`
    query: Vec<String>,
    /// The number of runs to show
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 20)]
    lines: usize,
}

/// The fields in CSV.
pub(super) const FIELDS: &[&str] = &[
    "task",
    "run_id",
    "status",
    "due",
    "start",
    "end",
    "runtime_micros",
    "lateness_micros",
    "message",
    "params",
    "result",
    "process",
    "version",
    "cause",
    "upstream",
    "downstream",
];

impl Runs {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let task = client.task(&self.task).await?;
        let query = format!("task:\"{}\" {}", task.name, joined(&self.query));
        let mut filter = RunFilter {
            q: Some(query),
            ..RunFilter::default()
        };
        let mut runs: Vec<Run> = Vec::new();
        while runs.len() < self.lines {
            filter.limit = Some(self.lines - runs.len());
            let page = client.runs(&filter).await?;
            runs.extend(page.items);
            match page.next {
                Some(next) => filter.cursor = Some(next),
                None => break,
            }
        }
        let now = client.app().await?.now;
        context
            .out
            .list(&runs, FIELDS, |_| table(&runs, When { now, zone: task.zone }))
    }
}

fn table(runs: &[Run], when: When) -> Table {
    let heads = ["RUN", "STATUS", "START", "AGO", "TOOK", "LATE", "MESSAGE"];
    let mut table = Table::new(&heads, "no run matches").flexible(&["MESSAGE"]);
    for run in runs {
        let status = status(run);
        table.row([
            Cell::new(run.run_id.to_string()),
            Cell::new(status).coloured(Colour::of_status(status)),
            Cell::new(when.short(run.start)),
            Cell::new(length(when.now.since(run.start))),
            Cell::new(length(run.runtime())),
            Cell::of(late(run)),
            Cell::of(message(run)),
        ]);
    }
    table
}

/// `running`, or how the run ended.
pub(super) fn status(run: &Run) -> &'static str {
    if run.end.is_none() {
        "running"
    } else {
        run.status.name()
    }
}

fn late(run: &Run) -> Option<String> {
    (run.lateness().as_secs() > 0).then(|| length(run.lateness()))
}

/// The error, or the parameters.
fn message(run: &Run) -> Option<String> {
    let params = || run.params.as_ref().map(ToString::to_string);
    run.message.as_deref().map(str::to_owned).or_else(params)
}

/// The distance of an instant from the present, if there is one.
pub(super) fn both(when: When, at: Option<Timestamp>) -> Option<String> {
    at.map(|at| when.both(at))
}
