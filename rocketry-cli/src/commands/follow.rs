//! Follows a requested run until it has ended.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use rocketry_api::client::{Client, EventStream, OutputStream};
use rocketry_api::{Requested, RunRequest};
use rocketry_core::{Cause, Event, Record, RunId, Zone};

use super::context::Context;
use super::either::{Either, either};
use super::record::{self, FIELDS};
use crate::exit::Outcome;
use crate::output::{Format, When};
use crate::task_name::is_of;

/// How long to wait for the event of a known end. Events arrive together, up to 50 ms late.
const PATIENCE: Duration = Duration::from_secs(2);

/// Requests a run and waits for its end. Meanwhile, shows the events of the task, and the output of the run.
pub(super) async fn followed(
    context: &mut Context<'_>,
    client: &Client,
    task: &str,
    request: &RunRequest,
) -> Outcome<Requested> {
    let mut following = Following {
        zone: client.task(task).await?.zone,
        events: client.events().await?,
        output: None,
        told: None,
        context,
        client,
        task,
    };
    let mut answer = pin!(client.run_task(task, request));
    let answer = loop {
        match either(answer.as_mut(), pin!(following.step())).await {
            Either::Left(answer) => break answer?,
            Either::Right(Ok(Step::Over)) => break answer.await?,
            Either::Right(step) => drop(step?),
        }
    };
    if let Some(end) = &answer.end {
        // Details that the end does not contain are printed first.
        let rest = following.until_end_of(&end.run_id);
        tokio::time::timeout(PATIENCE, rest).await.unwrap_or(Ok(()))?;
        following.rest_of_output(end).await?;
    }
    Ok(answer)
}

/// What is shown about a task.
struct Following<'a, 'b> {
    context: &'a mut Context<'b>,
    client: &'a Client,
    task: &'a str,
    zone: Zone,
    events: EventStream,
    /// The output of the run, if it is a program.
    output: Option<OutputStream>,
    /// The run whose output is or was followed.
    told: Option<RunId>,
}

/// The last step.
enum Step {
    /// A run has ended.
    Ended(RunId),
    /// Any other event.
    Other,
    /// There are no more events.
    Over,
}

impl Following<'_, '_> {
    /// Waits for the next step, and shows it.
    async fn step(&mut self) -> Outcome<Step> {
        let printed = next_part(self.output.as_mut());
        let next = either(pin!(self.events.next()), pin!(printed)).await;
        let event = match next {
            Either::Left(event) => event?,
            Either::Right(Some(text)) => {
                self.context.out.part(&text)?;
                return Ok(Step::Other);
            }
            Either::Right(None) => {
                self.output = None;
                return Ok(Step::Other);
            }
        };
        match event {
            Some(Event::Started(record)) if is_of(&record.task, self.task) => self.started(&record).await?,
            Some(Event::Ended(record)) => return Ok(Step::Ended(record.run_id)),
            Some(Event::Held { task, hold }) if is_of(&task, self.task) => {
                eprintln!("the run waits for {hold}");
            }
            Some(Event::Lagged { .. }) | None => return Ok(Step::Over),
            Some(_) => {}
        }
        Ok(Step::Other)
    }

    /// Shows the start of a run. The output of a requested run is followed; in other formats, the final
    /// record contains it.
    async fn started(&mut self, record: &Record) -> Outcome {
        let when = When {
            now: record.created,
            zone: self.zone,
        };
        let out = &mut self.context.out;
        if out.format == Format::Json {
            // The result is a single value: the end of the run.
            return Ok(());
        }
        out.item(record, FIELDS, |out| record::line(record, when, out))?;
        let is_requested = matches!(record.cause(), Some(Cause::Request { .. }));
        if out.format == Format::Table && is_requested && self.told.is_none() {
            // A run that is not a program has none.
            self.output = self.client.follow_output(&record.run_id.to_string()).await.ok();
            self.told = self.output.as_ref().map(|_| record.run_id.clone());
        }
        Ok(())
    }

    async fn until_end_of(&mut self, run_id: &RunId) -> Outcome {
        loop {
            match self.step().await? {
                Step::Ended(run) if run == *run_id => return Ok(()),
                Step::Over => return Ok(()),
                _ => {}
            }
        }
    }

    /// Shows the remaining output of the run.
    async fn rest_of_output(&mut self, end: &Record) -> Outcome {
        if let Some(mut output) = self.output.take() {
            while let Ok(Some(text)) = output.next().await {
                self.context.out.part(&text)?;
            }
        }
        let process = end.process().filter(|_| self.context.out.format == Format::Table);
        match process {
            Some(process) if self.told.as_ref() != Some(&end.run_id) => {
                self.context.out.part(&process.output)
            }
            _ => Ok(()),
        }
    }
}

/// Waits for further output of a run; `None` at its end, or if the connection breaks. Without a run, it waits
/// forever.
async fn next_part(output: Option<&mut OutputStream>) -> Option<String> {
    match output {
        Some(output) => output.next().await.ok().flatten(),
        None => pending().await,
    }
}
