//! `param`: parameters of the app and of tasks.

use clap::Args;
use rocketry_api::client::Client;
use serde::Serialize;
use serde_json::Value as Json;

use super::context::Context;
use super::steer::said;
use crate::exit::{Code, Failure, Outcome};
use crate::output::{Cell, Table};

/// Lists parameters of the app or of a task, and sets or removes one
///
/// A text is parsed as the type of the parameter. For the parameters of a single run, use `run-task -p`.
/// Secrets are `***`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  param                                    the parameters of the app
  param day                                one of them
  param day=2026-01-01                     sets it for the runs from now on
  param --task import                      the parameters of a task
  param --task import limit=10             sets one of a task
  param --task import limit --remove       removes it")]
pub(crate) struct Param {
    /// The parameter, optionally with a value to set
    #[arg(value_name = "KEY[=VALUE]", required_if_eq("remove", "true"))]
    key: Option<String>,
    /// Uses the parameters of this task instead of those of the app
    #[arg(long)]
    task: Option<String>,
    /// Removes the parameter
    #[arg(long)]
    remove: bool,
}

/// A parameter and its value.
#[derive(Debug, Serialize)]
struct Shown {
    name: String,
    value: Json,
}

/// The fields in CSV.
const FIELDS: &[&str] = &["name", "value"];

impl Param {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let task = self.task.as_deref();
        let done = match self.key.as_deref() {
            Some(param) if self.remove => context.reach.steerer().await?.remove_param(task, param).await?,
            Some(param) => match param.split_once('=') {
                None => return show(context, task, Some(param)).await,
                Some((name, value)) => {
                    let value = Json::String(value.to_owned());
                    context
                        .reach
                        .steerer()
                        .await?
                        .set_param(task, name, value)
                        .await?
                }
            },
            None => return show(context, task, None).await,
        };
        said(context, &done.message)
    }
}

async fn show(context: &mut Context<'_>, task: Option<&str>, only: Option<&str>) -> Outcome {
    let client = context.reach.reader().await?;
    let mut params = params(&client, task).await?;
    if let Some(name) = only {
        let names: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
        params.retain(|param| param.name == name);
        if params.is_empty() {
            return Err(unknown(name, &names));
        }
    }
    context.out.list(&params, FIELDS, |_| table(&params))
}

async fn params(client: &Client, task: Option<&str>) -> Outcome<Vec<Shown>> {
    let params = client.params(task).await?.into_iter();
    Ok(params.map(|(name, value)| Shown { name, value }).collect())
}

fn unknown(name: &str, names: &[String]) -> Failure {
    let known = if names.is_empty() {
        "there are none".to_owned()
    } else {
        format!("there are `{}`", names.join("`, `"))
    };
    Failure::new(
        Code::NotFound,
        format!("there is no parameter `{name}` with a plain value; {known}"),
    )
}

fn table(params: &[Shown]) -> Table {
    let mut table = Table::new(
        &["PARAMETER", "VALUE"],
        "there are no parameters with a plain value",
    );
    table = table.flexible(&["VALUE"]);
    for param in params {
        table.row([Cell::new(&*param.name), Cell::new(text(&param.value))]);
    }
    table
}

/// A value as a user would type it.
fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
