//! `run-task`: requests a run.

use clap::Args;
use rocketry_api::RunRequest;
use rocketry_api::client::Client;
use rocketry_core::{Action, Record};
use serde_json::Value as Json;

use super::context::Context;
use super::follow::followed;
use super::record::{self, FIELDS};
use super::steer::said;
use crate::exit::{Code, Failure, Outcome};
use crate::output::{Format, When};

/// Requests a run of a task, regardless of its condition, and can wait for its end
///
/// The run does not use up a period of the task's schedule. With a durable run log, it is made even if the
/// app crashes before, and it can be found by its parameters with `log param.KEY:VALUE`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  run-task report                              requests a run and returns
  run-task report --wait                       waits; exits with 1 if the run does not succeed
  run-task import -p day=2026-01-01 --follow   with a parameter, showing what happens to the task")]
pub(crate) struct RunTask {
    /// The task
    task: String,
    /// A parameter of the run; its text is parsed as the type of the parameter
    #[arg(long = "param", short, value_name = "KEY=VALUE", value_parser = parameter)]
    params: Vec<(String, String)>,
    /// Waits for the end of the run
    #[arg(long, short)]
    wait: bool,
    /// Waits, and meanwhile shows the events of the task and, if the run is a program, its output
    #[arg(long, short)]
    follow: bool,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("expected KEY=VALUE, such as `day=2026-01-01`")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl RunTask {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let params = self.params.iter().cloned();
        let request = RunRequest {
            params: params.map(|(key, value)| (key, Json::String(value))).collect(),
            wait: self.wait || self.follow,
            ..RunRequest::default()
        };
        if request.wait && context.out.format == Format::Csv {
            context.out.line(FIELDS.join(","))?;
        }
        let answer = if self.follow {
            followed(context, &client, &self.task, &request).await?
        } else {
            client.run_task(&self.task, &request).await?
        };
        match answer.end {
            Some(end) => ended(context, &client, &end).await,
            None => said(context, &format!("requested a run of task `{}`", answer.task)),
        }
    }
}

/// Shows the end of a run.
async fn ended(context: &mut Context<'_>, client: &Client, end: &Record) -> Outcome {
    let zone = client.task(&end.task).await?.zone;
    let when = When {
        now: end.created,
        zone,
    };
    context
        .out
        .item(end, FIELDS, |out| record::line(end, when, out))?;
    match end.action {
        Action::Success | Action::Inaction => Ok(()),
        action => {
            let why = end.message.as_deref().unwrap_or("for no known reason");
            Err(Failure::new(
                Code::Failed,
                format!("the run ended with {action}: {why}"),
            ))
        }
    }
}
