//! `terminate`: ends runs.

use clap::Args;
use rocketry_api::ProblemKind;
use rocketry_api::client::ClientError;

use super::context::Context;
use super::steer::said;
use crate::exit::Outcome;

/// Terminates a run, or all runs of a task
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  terminate report             all runs of a task
  terminate 1767225600000000   one run")]
pub(crate) struct Terminate {
    /// The task, or the id of a run
    #[arg(value_name = "RUN-ID|TASK")]
    what: String,
}

impl Terminate {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let of_task = client.terminate_task(&self.what).await;
        let done = match of_task {
            // A run may have this name.
            Err(ClientError::Problem(no_task)) if no_task.kind == ProblemKind::NotFound => client
                .terminate_run(&self.what)
                .await
                .map_err(|error| no_run(error, &no_task.detail))?,
            done => done?,
        };
        said(context, &done.message)
    }
}

/// Adds to the error that there is no such task either.
fn no_run(error: ClientError, no_task: &str) -> ClientError {
    match error {
        ClientError::Problem(mut problem) if problem.kind == ProblemKind::NotFound => {
            problem.detail = format!("{}, and {no_task}", problem.detail);
            ClientError::Problem(problem)
        }
        other => other,
    }
}
