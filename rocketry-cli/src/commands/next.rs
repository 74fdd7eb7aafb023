//! `next`: the next starts of a task or of a statement.

use clap::Args;
use rocketry_api::{NextFilter, NextStart, NextStarts};
use rocketry_core::Timestamp;
use rocketry_core::export::{self, Entry};

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Format, Lines, Table, When};

/// Shows when a task, or any statement, starts next
///
/// For a task, its history, its jitter and its holds are taken into account; for a statement, nothing has run
/// before.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  next report                                   the next start of a task
  next report -n 10                             the next ten
  next 'monthly on last business day of \"nyse\"'   what a statement means, before it is used
  next 'daily at 02:30' --zone Europe/Paris -n 400 -o csv
  next report -n 30 -o ics > report.ics         for a calendar")]
pub(crate) struct Next {
    /// The task, or a statement
    #[arg(id = "task", value_name = "TASK|STATEMENT")]
    of: String,
    /// The number of starts to show
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 1)]
    lines: usize,
    /// The time zone of a statement; the default is that of the app
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

/// The fields of a start in CSV.
const FIELDS: &[&str] = &["at", "due", "clock_change"];

impl Next {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let filter = NextFilter {
            of: self.of,
            count: Some(self.lines),
            zone: self.zone,
        };
        let next = client.next(&filter).await?;
        let now = client.app().await?.now;
        match context.out.format {
            Format::Csv | Format::Jsonl => context.out.list(&next.starts, FIELDS, |_| Table::new(&[], "")),
            Format::Ics => context.out.text(&export::ics(&entries(&next))),
            Format::Table | Format::Json | Format::Svg => {
                context.out.value(&next, &[], |_| shown(&next, now))
            }
        }
    }
}

fn entries(next: &NextStarts) -> Vec<Entry> {
    let entry = |start: &NextStart| {
        let mut entry = Entry::new(&*next.original, start.at);
        entry.note.clone_from(&start.clock_change);
        entry
    };
    next.starts.iter().map(entry).collect()
}

fn shown(next: &NextStarts, now: Timestamp) -> Lines {
    let when = When { now, zone: next.zone };
    let mut lines = Lines::default();
    lines.add("Original", &*next.original);
    lines.add_some("Canonical", next.canonical.as_deref());
    for (index, start) in next.starts.iter().enumerate() {
        let change = start.clock_change.as_deref();
        let change = change.map_or_else(String::new, |change| format!(" ({change})"));
        let label = if index == 0 { "Next" } else { "Then" };
        lines.add(label, format!("{}{change}", when.full(start.at)));
        lines.add("From now", when.relative(start.at));
    }
    lines.add_some("End", next.end.as_deref());
    lines
}
