//! `audit`: shows the audit log.

use std::sync::Arc;

use clap::Args;
use rocketry_api::AuditFilter;
use rocketry_core::AuditEntry;

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Cell, Table, When};

/// Shows the audit log: what was done to the app, when and by whom, newest first
///
/// It contains all actions of people and programs through the command line, the dashboard and the API. The
/// newest 1,000 entries are kept; a durable run log keeps them across restarts. Secrets are `***`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  audit                                    the last twenty entries
  audit --task report -n 100               what was done to a task
  audit --by ann                           what one person did
  audit --action run                       the runs that were requested
  audit -n 1000 -o csv > audit.csv         all that is kept")]
pub(crate) struct Audit {
    /// Only actions on this task
    #[arg(long)]
    task: Option<String>,
    /// Only actions of this person or program
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Only this action, such as `set-start`
    #[arg(long)]
    action: Option<String>,
    /// The number of entries to show, newest first
    #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 20)]
    lines: usize,
}

/// The fields in CSV.
const FIELDS: &[&str] = &[
    "number", "at", "by", "via", "action", "task", "what", "before", "after",
];

impl Audit {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let mut filter = AuditFilter {
            task: self.task,
            by: self.by,
            action: self.action,
            ..AuditFilter::default()
        };
        let mut entries: Vec<AuditEntry> = Vec::new();
        while entries.len() < self.lines {
            filter.limit = Some(self.lines - entries.len());
            let page = client.audit(&filter).await?;
            entries.extend(page.items);
            match page.next {
                Some(next) => filter.cursor = Some(next),
                None => break,
            }
        }
        let app = client.app().await?;
        let when = When {
            now: app.now,
            zone: app.zone,
        };
        context.out.list(&entries, FIELDS, |_| table(&entries, when))
    }
}

fn table(entries: &[AuditEntry], when: When) -> Table {
    let heads = ["TIME", "ACTION", "OF", "BEFORE", "AFTER", "BY", "VIA"];
    let mut table = Table::new(&heads, "no entry matches").flexible(&["AFTER", "BEFORE", "VIA", "OF"]);
    for entry in entries {
        // Such an action describes the previous state itself.
        let told = !matches!(&*entry.action, "enable" | "disable");
        let value = |value: &Option<Arc<str>>| Cell::of(value.as_deref().filter(|_| told));
        table.row([
            Cell::new(when.short(entry.at)),
            Cell::new(&*entry.action),
            Cell::of(object(entry)),
            value(&entry.before),
            value(&entry.after),
            Cell::of(entry.by.as_deref()),
            Cell::of(entry.via.as_deref()),
        ]);
    }
    table
}

/// The object of the action: a task, a part of one, or something else in the app.
fn object(entry: &AuditEntry) -> Option<String> {
    match (&entry.task, &entry.what) {
        (Some(task), Some(what)) => Some(format!("{task}: {what}")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_string()),
        (None, None) => None,
    }
}
