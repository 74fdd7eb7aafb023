//! `export`: everything about the app and its tasks, as JSON.

use clap::Args;
use rocketry_api::{AppInfo, TaskFilter};
use rocketry_core::TaskInfo;
use serde::Serialize;

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Format, Table};

/// Prints the app and all its tasks as JSON
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  export > tasks.json                              to compare two versions of an app
  export | jq -r '.tasks[] | [.name, .start] | @tsv'")]
pub(crate) struct Export {}

#[derive(Serialize)]
struct Exported {
    app: AppInfo,
    tasks: Vec<TaskInfo>,
}

impl Export {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let app = client.app().await?;
        let tasks = client.tasks(&TaskFilter::default()).await?;
        match context.out.format {
            Format::Csv => context
                .out
                .list(&tasks, super::tasks::FIELDS, |_| Table::new(&[], "")),
            Format::Jsonl => context.out.list(&tasks, &[], |_| Table::new(&[], "")),
            Format::Table | Format::Json | Format::Ics | Format::Svg => {
                context.out.json(&Exported { app, tasks })
            }
        }
    }
}
