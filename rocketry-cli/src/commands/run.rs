//! `run`: runs the app, or shows a run.

use std::time::Duration;

use clap::Args;
use rocketry_api::client::{Client, ClientError};
use rocketry_api::{ProblemKind, Run as RunView};
use rocketry_core::{Action, App, RunRef, Session, StopReason};

use super::context::Context;
use super::idle;
use super::runs::{FIELDS, both, status};
use crate::common::Common;
use crate::exit::{Code, Failure, Outcome};
use crate::log_lines::{self, LogFormat};
use crate::output::{Colour, Lines, When, length};
use crate::reach::Reach;

/// Runs the app; with the id of a run, shows everything that is known about that run
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  run                          runs the app until Ctrl-C, as it does without a command
  run --only report            runs a task once, whatever its condition, and ends
  run --until-idle             runs what is due, and what follows from it, and ends
  run --log json               what happens as JSON, for a log collector
  run 1767225600000000         everything that is known of a run (`runs TASK` has the ids)")]
pub(crate) struct Run {
    /// The id of a run to show
    #[arg(id = "run_id", value_name = "RUN-ID", conflicts_with_all = ["only", "log", "until_idle"])]
    shown: Option<String>,
    /// Runs only these tasks, once each, and ends
    #[arg(long, value_name = "TASK", num_args = 1.., conflicts_with = "until_idle")]
    only: Vec<String>,
    /// The format of log lines on standard error
    #[arg(long, value_name = "FORMAT", value_enum)]
    log: Option<LogFormat>,
    /// Ends once nothing runs, waits or is due
    #[arg(long)]
    until_idle: bool,
}

impl Run {
    /// Returns true if the app should run, rather than show a run.
    pub(crate) fn is_of_the_app(&self) -> bool {
        self.shown.is_none()
    }

    /// Runs the app until it ends.
    pub(crate) fn run_app(self, mut reach: Reach, common: &Common) -> Outcome {
        log_lines::install(self.log.unwrap_or_default(), common.no_color);
        let app = reach.take_app().build().map_err(Failure::failed)?;
        if app.is_empty() {
            return app.run().map_err(Failure::failed);
        }
        let session = app.session();
        log_lines::follow_zone(session.config().zone);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::failed)?;
        let done = runtime.block_on(async {
            let serving = serve(&reach, &session)?;
            let done = self.serve_app(app, &session).await;
            drop(serving);
            done
        });
        drop(session);
        runtime.shutdown_timeout(LAST_WAIT);
        done
    }

    async fn serve_app(self, app: App, session: &Session) -> Outcome {
        if !self.only.is_empty() {
            let records = app.only(self.only).serve().await?;
            let failed = records
                .iter()
                .find(|end| !matches!(end.action, Action::Success | Action::Inaction));
            return failed.map_or(Ok(()), |end| {
                Err(Failure::failed(format!(
                    "task `{}` ended with {}",
                    end.task, end.action
                )))
            });
        }
        if self.until_idle {
            tokio::spawn(idle::shut_down_when_idle(session.clone()));
        }
        app.serve().await.map_err(Failure::failed)
    }

    /// Shows a run.
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let run = find(&client, &self.shown.unwrap_or_default()).await?;
        let app = client.app().await?;
        let task = client.task(&run.task).await;
        let zone = task.map_or(app.zone, |task| task.zone);
        context
            .out
            .value(&run, FIELDS, |_| shown(&run, When { now: app.now, zone }))
    }
}

/// Finds a run. If the id is the name of a task, the error suggests another command.
async fn find(client: &Client, id: &str) -> Outcome<RunView> {
    match client.run(id).await {
        Err(ClientError::Problem(problem))
            if problem.kind == ProblemKind::NotFound && client.task(id).await.is_ok() =>
        {
            let message = format!("{}; to run task `{id}`, use `run-task {id}`", problem.detail);
            Err(Failure::new(Code::NotFound, message))
        }
        found => Ok(found?),
    }
}

/// Everything that is known about a run.
fn shown(run: &RunView, when: When) -> Lines {
    let mut lines = Lines::default();
    let status_word = status(run);
    lines
        .add("Task", &*run.task)
        .add("Run", run.run_id.to_string())
        .add_coloured("Status", status_word, Colour::of_status(status_word))
        .add_some("Message", run.message.as_deref())
        .add("Cause", run.cause.to_string())
        .add_some("After", listed(&run.upstream))
        .add("Due", when.both(run.due))
        .add("Start", when.both(run.start))
        .add_some(
            "Late by",
            (run.lateness() >= LATE).then(|| length(run.lateness())),
        )
        .add_some("End", both(when, run.end))
        .add("Took", length(run.runtime()))
        .add_some("Let start", listed(run.downstream.as_deref().unwrap_or_default()));
    if let Some(running) = &run.under_way {
        lines
            .add_some("Timeout", both(when, running.deadline))
            .add_some("Stopping", running.stopping.map(StopReason::message));
    }
    lines
        .add_some("Parameters", run.params.as_ref().map(ToString::to_string))
        .add_some("Result", run.result.as_ref().map(ToString::to_string))
        .add_some("Version", run.version.as_deref());
    if let Some(process) = &run.process {
        lines
            .add("Process", process.exit.to_string())
            .add("Output", &*process.output);
    }
    lines
}

/// A run that starts later than this is late.
const LATE: Duration = Duration::from_millis(1);

/// A list of runs in one line, if there are any.
fn listed(runs: &[RunRef]) -> Option<String> {
    let names: Vec<String> = runs.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// How long to wait for the last threads of the app.
const LAST_WAIT: Duration = Duration::from_millis(100);

/// Serves the API of the app until it is dropped.
#[cfg(unix)]
fn serve(reach: &Reach, session: &Session) -> Outcome<Option<Serving>> {
    use rocketry_api::Api;
    use rocketry_api::socket::ControlSocket;

    let socket = match reach.socket() {
        Some(path) => ControlSocket::bind(path).map_err(Failure::failed)?,
        None => match ControlSocket::bind_for(reach.name()) {
            Ok(socket) => socket,
            Err(why) => {
                tracing::warn!("the app has no control socket: {why}");
                return Ok(None);
            }
        },
    };
    tracing::debug!(target: "rocketry::app", socket = %socket.path().display(), "control socket");
    let api = Api::of_running(reach.name(), session.clone());
    Ok(Some(Serving(tokio::spawn(socket.serve(api)))))
}

#[cfg(not(unix))]
fn serve(_: &Reach, _: &Session) -> Outcome<Option<Serving>> {
    Ok(None)
}

/// The task that serves the API. It ends, and removes the socket, when this is dropped.
struct Serving(tokio::task::JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}
