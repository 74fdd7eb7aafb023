//! `pause`, `resume`, `skip-next`: hold starts back.

use clap::Args;
use rocketry_api::PauseRequest;
use rocketry_core::PauseScope;

use super::context::Context;
use super::steer::said;
use crate::exit::Outcome;

/// The affected tasks.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The task
    task: Option<String>,
    /// All tasks of a group
    #[arg(long)]
    group: Option<String>,
    /// All tasks
    #[arg(long)]
    all: bool,
}

/// Pauses tasks: none of their runs start until they are resumed
///
/// Runs in progress continue, and requested runs wait. A durable run log keeps the pause across restarts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pause report                      until `resume report`
  pause report --until 2h           for two hours
  pause --group database            all tasks of a group
  pause --all --until \"2026-01-02 07:00\"")]
pub(crate) struct Pause {
    #[command(flatten)]
    which: Which,
    /// When the pause ends by itself
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// Ends a pause
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  resume report                    ends the pause of a task
  resume --group database          that of a group
  resume --all                     that of the whole app; tasks that were paused one by one stay so")]
pub(crate) struct Resume {
    #[command(flatten)]
    which: Which,
}

/// Skips the next scheduled start of a task
///
/// Requested runs are not affected.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  skip-next report                 the next start of a task
  skip-next --group database       that of each task of a group")]
pub(crate) struct SkipNext {
    #[command(flatten)]
    which: Which,
}

impl Which {
    fn scope(self) -> PauseScope {
        match self {
            Which { task: Some(task), .. } => PauseScope::Task(task.into()),
            Which {
                group: Some(group), ..
            } => PauseScope::Group(group.into()),
            _ => PauseScope::App,
        }
    }
}

impl Pause {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let request = PauseRequest { until: self.until };
        let done = client.pause(&self.which.scope(), &request).await?;
        said(context, &done.message)
    }
}

impl Resume {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let done = client.resume(&self.which.scope()).await?;
        said(context, &done.message)
    }
}

impl SkipNext {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let done = client.skip_next(&self.which.scope()).await?;
        said(context, &done.message)
    }
}
