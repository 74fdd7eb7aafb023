//! Prepares a run: resolves its parameters, and enters its span.

use super::report::Report;
use crate::engine::run::Run;
use crate::error::Error;
use crate::failure::Part;
use crate::param::{Context, Host};
use crate::session::{Session, spans};
use crate::task::{Outcome, Work};
use crate::time::Timestamp;

/// Prepares a run of a function, for every executor.
#[inline]
pub(super) fn prepare(report: &Report) -> Result<Work, Outcome> {
    let (run, session) = (report.run(), report.session());
    // A function without parameters does not need the time, and reading the clock would cost more than the
    // call.
    let handler = &run.spec.handler;
    let now = if handler.is_async() && handler.specs().is_empty() {
        run.start
    } else {
        session.now()
    };
    prepare_at(session, now, report)
}

/// Prepares a run that this node executes for the leader, with parameters from a host.
pub(super) fn prepare_with(host: &dyn Host, report: &Report) -> Result<Work, Outcome> {
    prepare_at(host, report.session().now(), report)
}

#[inline]
fn prepare_at(host: &dyn Host, now: Timestamp, report: &Report) -> Result<Work, Outcome> {
    let (run, span) = (report.run(), report.span());
    let context = Context::new(host, now, run.spec.zone, Some(&run.info));
    let handler = &run.spec.handler;
    let prepared = spans::within(span, || handler.prepare(&context));
    let prepared = prepared.map(|work| spans::instrumented(span, work));
    prepared.map_err(|error| not_set_up(run, report.session(), error))
}

/// Records the failure of a parameter, which ends the run.
pub(super) fn not_set_up(run: &Run, session: &Session, error: Error) -> Outcome {
    let outcome = Outcome::Fail(error.to_string().into());
    session.fail(Part::Parameter, Some(&run.spec.name), error);
    outcome
}

/// The outcome of a part of a run that panicked, such as the function of a parameter.
#[cfg(unix)]
pub(super) fn broken(cause: tokio::task::JoinError) -> Outcome {
    match cause.try_into_panic() {
        Ok(payload) => Outcome::caught(payload),
        Err(cause) => Outcome::Fail(cause.to_string().into()),
    }
}
