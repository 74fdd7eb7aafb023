//! `enable`, `disable`, `cancel-catch-up`: control whether the condition of a task starts it, and whether
//! missed starts are made up for.

use clap::Args;
use rocketry_api::Done;

use super::context::Context;
use crate::exit::Outcome;
use crate::output::Lines;

/// Enables a task: its condition starts it again
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enable report                    its schedule starts it again")]
pub(crate) struct Enable {
    /// The task
    task: String,
}

/// Disables a task: its condition does not start it until it is enabled
///
/// Runs in progress continue, and requested runs are made. A durable run log keeps the task disabled across
/// restarts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  disable report                   until `enable report`; `run-task report` still runs it")]
pub(crate) struct Disable {
    /// The task
    task: String,
}

/// Cancels the catch-up of a task: its remaining missed starts are dropped
///
/// With the option `catch_up = all`, a task makes up for each start that it missed while the app was down.
/// `explain` shows how many are left. A run in progress continues, and so does the schedule.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  explain report                   how many missed starts are left
  cancel-catch-up report           makes none of them")]
pub(crate) struct CancelCatchUp {
    /// The task
    task: String,
}

impl CancelCatchUp {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let done = context.reach.steerer().await?.cancel_catch_up(&self.task).await?;
        said(context, &done.message)
    }
}

impl Enable {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let done = context.reach.steerer().await?.enable(&self.task).await?;
        said(context, &done.message)
    }
}

impl Disable {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let done = context.reach.steerer().await?.disable(&self.task).await?;
        said(context, &done.message)
    }
}

/// Prints what was done.
pub(super) fn said(context: &mut Context<'_>, message: &str) -> Outcome {
    let done = Done {
        message: message.to_owned(),
    };
    context
        .out
        .value(&done, &["message"], |_| Lines::from(done.message.clone()))
}
