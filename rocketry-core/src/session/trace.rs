//! Sends the events of an app to `tracing`.

use std::time::Duration;

use super::messages::is_of_shut_down;
use crate::engine::event::Event;
use crate::log::{Action, Record};

/// A run with at least this lateness is reported as late.
const LATE: Duration = Duration::from_secs(1);

/// Reports an event. The phases of the app, and failures other than those of runs, are reported where they occur.
pub(super) fn trace(event: &Event) {
    match event {
        Event::Started(record) | Event::Ended(record) => trace_record(record),
        Event::Held { task, hold } => {
            tracing::warn!(target: "rocketry::run", task = &**task, "held: the run waits for {hold}");
        }
        Event::Skipped { task, reason, count } => {
            tracing::warn!(target: "rocketry::run", task = &**task, %reason, count, "skipped: a start is not made");
        }
        Event::Requested { task } => tracing::debug!(target: "rocketry::run", task = &**task, "requested"),
        Event::Refused { task, reason } => {
            tracing::info!(target: "rocketry::run", task = &**task, reason, "a requested run is not made");
        }
        Event::TaskAdded { task } => tracing::debug!(target: "rocketry::app", task = &**task, "task added"),
        Event::TaskChanged { task } => {
            tracing::debug!(target: "rocketry::app", task = &**task, "task changed");
        }
        Event::TaskDeleted { task } => {
            tracing::debug!(target: "rocketry::app", task = &**task, "task deleted");
        }
        Event::TaskDisabled { .. }
        | Event::TaskEnabled { .. }
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::SkipsNext { .. }
        | Event::BackfillStarted { .. }
        | Event::CatchesUp { .. }
        | Event::BackfillEnded { .. }
        | Event::LeaderChanged { .. }
        | Event::Audited(_) => trace_steering(event),
        Event::LogResumed => tracing::info!(target: "rocketry::app", "the run log can be written again"),
        Event::Failed(_)
        | Event::Superseded(_)
        | Event::LogPaused { .. }
        | Event::PhaseChanged { .. }
        | Event::NodesChanged
        | Event::Lagged { .. } => {}
    }
}

/// Reports tasks that are disabled and enabled, pauses, requested skips, backfills, and changes of the
/// leader.
fn trace_steering(event: &Event) {
    match event {
        Event::TaskDisabled { task } => {
            tracing::debug!(target: "rocketry::app", task = &**task, "task disabled");
        }
        Event::TaskEnabled { task } => {
            tracing::debug!(target: "rocketry::app", task = &**task, "task enabled");
        }
        Event::Paused(pause) => tracing::info!(target: "rocketry::app", "paused: {pause}"),
        Event::Resumed(scope) => tracing::info!(target: "rocketry::app", "resumed: {scope}"),
        Event::SkipsNext { task } => {
            tracing::info!(target: "rocketry::app", task = &**task, "the next start of the task is to be skipped");
        }
        Event::BackfillStarted { task, progress } => {
            tracing::info!(target: "rocketry::app", task = &**task, runs = progress.total, "backfill started");
        }
        Event::CatchesUp { task, runs, left_out } => {
            tracing::info!(target: "rocketry::app", task = &**task, runs, left_out, "starts were missed and are made up for");
        }
        Event::BackfillEnded { task, progress } => {
            let (succeeded, failed, cancelled) = (progress.succeeded, progress.failed, progress.cancelled);
            tracing::info!(target: "rocketry::app", task = &**task, succeeded, failed, cancelled, "backfill ended");
        }
        Event::Audited(entry) => tracing::info!(target: "rocketry::app", "{entry}"),
        Event::LeaderChanged { leader } => {
            tracing::info!(target: "rocketry::app", leader = leader.as_deref(), "the leader has changed");
        }
        _ => {}
    }
}

/// Reports what has happened to a run.
pub(super) fn trace_record(record: &Record) {
    let (task, run_id) = (&*record.task, &record.run_id);
    let message = record.message.as_deref();
    let runtime = record.runtime().unwrap_or_default();
    match record.action {
        Action::Run => {
            let lateness = record.lateness();
            tracing::debug!(target: "rocketry::run", task, %run_id, due = %record.due, "run started");
            if lateness >= LATE {
                tracing::warn!(target: "rocketry::run", task, %run_id, ?lateness, "run started late");
            }
        }
        Action::Success => tracing::info!(target: "rocketry::run", task, %run_id, ?runtime, "run succeeded"),
        Action::Inaction => {
            tracing::info!(target: "rocketry::run", task, %run_id, reason = message, "run had nothing to do");
        }
        Action::Fail => {
            tracing::error!(target: "rocketry::run", task, %run_id, ?runtime, error = message, "run failed");
        }
        Action::Terminate if is_of_shut_down(record) => {
            tracing::info!(target: "rocketry::run", task, %run_id, ?runtime, reason = message, "run terminated");
        }
        Action::Terminate => {
            tracing::warn!(target: "rocketry::run", task, %run_id, ?runtime, reason = message, "run terminated");
        }
        Action::Crash => {
            tracing::error!(target: "rocketry::run", task, %run_id, error = message, "run crashed");
        }
        // Its event is traced.
        Action::Skip => {}
    }
}
