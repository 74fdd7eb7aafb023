//! `tasks`: the tasks of the app.

use clap::Args;
use rocketry_api::{AppInfo, TaskFilter};
use rocketry_core::{Action, Status, TaskInfo, Timestamp};

use super::context::Context;
use crate::exit::Outcome;
use crate::output::{Cell, Colour, Table, When, length};

/// Lists the tasks: when each is due next, when it last ran, and how that run ended
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tasks                     all tasks, in the order in which they are due
  tasks report              those with `report` in their names
  tasks --due-within 1h     those that are due within an hour
  tasks --status fail       those whose last run failed
  tasks -o json             every field, for programs")]
pub(crate) struct Tasks {
    /// Only tasks whose name contains this text
    name: Option<String>,
    /// Only tasks that are due within a duration, or before an instant
    #[arg(long, value_name = "TIME")]
    due_within: Option<String>,
    /// Only tasks with a status: running, never, disabled, paused, success, fail, terminate, inaction, crash
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
}

/// The fields in CSV.
pub(super) const FIELDS: &[&str] = &[
    "name",
    "status",
    "next_due",
    "start",
    "end",
    "execution",
    "zone",
    "priority",
    "disabled",
    "paused",
    "queued",
    "finished",
    "holds",
    "actions",
    "skipped",
    "description",
];

impl Tasks {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let filter = TaskFilter {
            name: self.name,
            due_within: self.due_within,
            status: self.status,
            ..TaskFilter::default()
        };
        let app = client.app().await?;
        let mut tasks = client.tasks(&filter).await?;
        tasks.sort_by_key(|task| task.next_due.unwrap_or(Timestamp::MAX));
        context.out.list(&tasks, FIELDS, |_| table(&tasks, &app))
    }
}

fn table(tasks: &[TaskInfo], app: &AppInfo) -> Table {
    let now = app.now;
    let heads = ["NEXT", "LEFT", "LAST", "PASSED", "TASK", "STATEMENT", "STATUS"];
    let mut table = Table::new(&heads, "no task matches").flexible(&["STATEMENT", "TASK"]);
    for task in tasks {
        let when = When { now, zone: task.zone };
        let last = last_start(task);
        let status = status(task);
        let colour = Colour::of_status(&status);
        table.row([
            Cell::of(task.next_due.map(|due| when.short_in(due, app.zone))),
            Cell::of(task.next_due.map(|due| left(due, now))),
            Cell::of(last.map(|last| when.short_in(last, app.zone))),
            Cell::of(last.map(|last| length(now.since(last)))),
            Cell::new(&*task.name),
            Cell::of(task.start.clone()),
            Cell::new(status).coloured(colour),
        ]);
    }
    table
}

fn left(due: Timestamp, now: Timestamp) -> String {
    let left = due.since(now);
    if left.as_secs() == 0 {
        "now".to_owned()
    } else {
        length(left)
    }
}

/// When a task last started.
pub(super) fn last_start(task: &TaskInfo) -> Option<Timestamp> {
    task.actions.get(&Action::Run).and_then(|run| run.last)
}

/// The status of a task, in a word.
fn status(task: &TaskInfo) -> String {
    match task.status {
        Status::Running => "running".to_owned(),
        _ if task.disabled => "disabled".to_owned(),
        _ if task.paused => "paused".to_owned(),
        Status::Never => "never run".to_owned(),
        Status::Ended(action) => action.name().to_owned(),
    }
}
