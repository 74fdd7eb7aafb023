//! `set`, `reset`, `overrides`: options of tasks that differ from the code.

use std::str::FromStr;

use clap::{Args, ValueEnum};
use rocketry_core::{Execution, Override};

use super::context::Context;
use super::steer::said;
use crate::exit::{Failure, Outcome};
use crate::output::{Cell, Table, When};

/// Changes an option of a task while the app runs
///
/// A durable run log keeps the change across restarts, until the code changes the option or the task is
/// reset.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  set report start 'daily after 06:00'     when it starts
  set report end 'daily after 08:00'       when its runs have to end
  set report priority 5                    the greater goes first
  set report timeout '10 minutes'          how long its runs may take; `never` for as long as they need
  set report max-running 2                 how many of them may be under way at a time
  set report execution thread              where they execute: async, thread, process or main
  overrides                                what was changed
  reset report                             back to the value in the code")]
pub(crate) struct Set {
    /// The task
    task: String,
    /// The option
    #[arg(value_enum)]
    option: TaskOption,
    /// The value: a statement, a number, a duration or the name of an execution
    #[arg(allow_hyphen_values = true)]
    value: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TaskOption {
    /// The statement that starts the task
    Start,
    /// The statement that ends its runs
    End,
    /// The priority; tasks with a higher priority start first
    Priority,
    /// The timeout
    Timeout,
    /// The maximum number of concurrent runs
    MaxRunning,
    /// Where the task runs
    Execution,
}

/// An option with its new value.
enum Change {
    Start(String),
    End(String),
    Priority(i64),
    Timeout(String),
    MaxRunning(u64),
    Execution(Execution),
}

impl TaskOption {
    /// Parses the value.
    fn to(self, value: String) -> Outcome<Change> {
        Ok(match self {
            TaskOption::Start => Change::Start(value),
            TaskOption::End => Change::End(value),
            TaskOption::Timeout => Change::Timeout(value),
            TaskOption::Priority => Change::Priority(number(&value, "priority")?),
            TaskOption::MaxRunning => Change::MaxRunning(number(&value, "number of runs")?),
            TaskOption::Execution => Change::Execution(value.parse().map_err(Failure::usage)?),
        })
    }
}

fn number<N: FromStr>(value: &str, what: &str) -> Outcome<N> {
    let wrong = format!("`{value}` is not a valid {what}: expected a whole number such as `5`");
    value.parse().map_err(|_| Failure::usage(wrong))
}

/// Resets the options of a task to the values in the code
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  reset report                     undoes every `set` of a task")]
pub(crate) struct Reset {
    /// The task
    task: String,
}

/// Lists the options of tasks that differ from the code
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  overrides                                all of them
  overrides report                         those of one task")]
pub(crate) struct Overrides {
    /// Only this task
    task: Option<String>,
}

/// The fields in CSV.
const FIELDS: &[&str] = &["task", "option", "value", "declared", "replaced", "by", "at"];

impl Set {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let (task, change) = (self.task, self.option.to(self.value)?);
        let client = context.reach.steerer().await?;
        let done = match change {
            Change::Start(statement) => client.set_start(&task, &statement).await?,
            Change::End(statement) => client.set_end(&task, &statement).await?,
            Change::Priority(priority) => client.set_priority(&task, priority).await?,
            Change::Timeout(timeout) => client.set_timeout(&task, &timeout).await?,
            Change::MaxRunning(count) => client.set_max_running(&task, count).await?,
            Change::Execution(execution) => client.set_execution(&task, execution).await?,
        };
        said(context, &done.message)
    }
}

impl Reset {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let done = context.reach.steerer().await?.reset(&self.task).await?;
        said(context, &done.message)
    }
}

impl Overrides {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let mut overrides = client.overrides().await?;
        if let Some(task) = &self.task {
            let name = client.task(task).await?.name;
            overrides.retain(|one| one.task == name);
        }
        let app = client.app().await?;
        let when = When {
            now: app.now,
            zone: app.zone,
        };
        context.out.list(&overrides, FIELDS, |_| table(&overrides, when))
    }
}

fn table(overrides: &[Override], when: When) -> Table {
    let heads = ["TASK", "OPTION", "VALUE", "IN THE CODE", "BY", "SINCE"];
    let empty = "every option has the value in the code";
    let mut table = Table::new(&heads, empty).flexible(&["IN THE CODE", "VALUE", "BY"]);
    for one in overrides {
        table.row([
            Cell::new(&*one.task),
            Cell::new(one.option.to_string()),
            Cell::of(one.value.clone()),
            Cell::of(one.declared.clone()),
            Cell::of(one.by.as_deref()),
            Cell::new(when.short(one.at)),
        ]);
    }
    table
}
