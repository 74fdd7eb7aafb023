//! `backfill`: runs a task for past instants at which it was due.

use std::pin::pin;
use std::time::Duration;

use clap::Args;
use rocketry_api::client::Client;
use rocketry_api::{BackfillAnswer, BackfillRequest};

use super::context::Context;
use super::either::{Either, either};
use super::steer::said;
use crate::exit::{Failure, Outcome};
use crate::output::{Lines, Progress, When};

/// The interval at which the progress is requested.
const PACE: Duration = Duration::from_millis(200);

/// The maximum number of instants listed in a plan.
const LISTED: usize = 20;

/// Makes up for past instants at which a task was due: starts one run for each
///
/// Prints a plan first. The runs have the past instants as their due times, are made in order, and do not use
/// up the periods of the schedule.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "\
Examples:
  backfill import --from 2026-01-01 --to 2026-02-01 --dry-run    what it would do
  backfill import --from 2026-01-01 --to 2026-02-01 --missed     only what was not run
  backfill import --from 7d --at-a-time 4 --wait                 waits; exits with 1 if a run fails
  backfill import --cancel                                       makes no more runs")]
pub(crate) struct Backfill {
    /// The task
    task: String,
    /// The start of the range; `7d` is seven days ago
    #[arg(long, value_name = "TIME", required_unless_present = "cancel")]
    from: Option<String>,
    /// The end of the range, exclusive; the default is now
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Omits the instants for which the run log has a run
    #[arg(long)]
    missed: bool,
    /// The maximum number of concurrent runs
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    at_a_time: usize,
    /// Only prints the plan
    #[arg(long)]
    dry_run: bool,
    /// Waits until all runs have ended
    #[arg(long, short, conflicts_with = "dry_run")]
    wait: bool,
    /// Cancels the backfill that is in progress
    #[arg(long, conflicts_with_all = ["from", "to", "missed", "dry_run", "wait"])]
    cancel: bool,
}

/// The fields in CSV.
const FIELDS: &[&str] = &["message", "started", "instants", "progress"];

impl Backfill {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        if self.cancel {
            let done = context.reach.steerer().await?.cancel_backfill(&self.task).await?;
            return said(context, &done.message);
        }
        let client = if self.dry_run {
            context.reach.reader().await?
        } else {
            context.reach.steerer().await?
        };
        let request = BackfillRequest {
            from: self.from.unwrap_or_default(),
            to: self.to,
            missed: self.missed,
            at_a_time: Some(self.at_a_time),
            dry_run: self.dry_run,
            wait: self.wait,
            ..BackfillRequest::default()
        };
        let answer = watched(&client, &self.task, &request).await?;
        let zone = client.task(&self.task).await?.zone;
        let when = When {
            now: client.app().await?.now,
            zone,
        };
        let said = said_of(&answer, &self.task, self.at_a_time.max(1), when);
        context
            .out
            .value(&answer, FIELDS, |_| shown(&answer, said, when))?;
        match answer.progress.filter(|_| self.wait) {
            Some(progress) if progress.failed > 0 => Err(Failure::failed(format!(
                "{} of {} runs failed",
                progress.failed, progress.total
            ))),
            _ => Ok(()),
        }
    }
}

/// Waits for the response, and shows the progress meanwhile.
async fn watched(client: &Client, task: &str, request: &BackfillRequest) -> Outcome<BackfillAnswer> {
    let mut answer = pin!(client.backfill(task, request));
    let mut bar: Option<Progress> = None;
    loop {
        match either(answer.as_mut(), pin!(tokio::time::sleep(PACE))).await {
            Either::Left(answer) => return Ok(answer?),
            Either::Right(()) => {
                if let Ok(Some(progress)) = client.backfill_progress(task).await {
                    let bar = bar.get_or_insert_with(|| Progress::new("runs", progress.total as u64));
                    bar.reach(progress.succeeded + progress.failed);
                }
            }
        }
    }
}

/// A sentence about what is done, with times in the zone.
fn said_of(answer: &BackfillAnswer, task: &str, at_a_time: usize, when: When) -> String {
    let (Some(first), Some(last)) = (answer.instants.first(), answer.instants.last()) else {
        return answer.message.clone();
    };
    let (count, first, last) = (answer.instants.len(), when.full(*first), when.full(*last));
    let runs = if count == 1 { "run" } else { "runs" };
    format!("{count} {runs} of task `{task}`, from {first} to {last}, {at_a_time} at a time")
}

fn shown(answer: &BackfillAnswer, said: String, when: When) -> Lines {
    let Some(progress) = answer.progress else {
        let mut lines = Lines::from(said);
        for instant in answer.instants.iter().take(LISTED) {
            lines.add("", format!("  {}", when.full(*instant)));
        }
        if let Some(more) = answer.instants.len().checked_sub(LISTED).filter(|more| *more > 0) {
            lines.add("", format!("  and {more} more"));
        }
        return lines;
    };
    let how = format!(
        "{} of {} have begun, {} succeeded, {} failed",
        progress.begun, progress.total, progress.succeeded, progress.failed
    );
    let mut lines = Lines::from(said);
    lines.add("", how);
    lines
}
