//! The spans of runs, and the trace context of requests.
//!
//! Spans are never opened, recorded or closed under the lock of the state, because the subscriber may be user
//! code.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

use tracing::field::Empty;
use tracing::{Instrument, Span, dispatcher};

use super::Session;
use super::messages::is_traced;
use crate::engine::request_trace::RequestTrace;
use crate::engine::run::{Run, StopReason};
use crate::engine::runs::how_it_ended;
use crate::log::{Action, Extra, RunRef};
use crate::param::RunContext;
use crate::task::{Outcome, UserFuture, Work};

thread_local! {
    /// Whether this thread is inside the span of a run.
    static IN_RUN: Cell<bool> = const { Cell::new(false) };
}

/// The trace context of a request; `None` if nothing listens.
pub(super) fn of_request(session: &Session) -> Option<Box<RequestTrace>> {
    let traceparent = || session.1.as_ref()?.traceparent.clone();
    is_traced().then(|| {
        Box::new(RequestTrace {
            caller: Span::current(),
            in_run: IN_RUN.get(),
            traceparent: traceparent(),
        })
    })
}

/// Opens the span of a run; `None` if nothing listens.
#[inline]
pub(crate) fn of_run(session: &Session, run: &Run) -> Option<Box<Span>> {
    is_traced().then(|| open(session, run)).flatten()
}

fn open(session: &Session, run: &Run) -> Option<Box<Span>> {
    let assigned = session.work().and_then(|work| work.origin_of(run.number));
    let origin = session
        .state()
        .running(run)
        .map_or(assigned, |running| running.origin.clone());
    let new = || with_origin(run, origin.as_deref());
    let caller = run.trace.as_ref().map(|trace| &trace.caller);
    // A span can only refer to spans of the same subscriber.
    let span = caller
        .and_then(|caller| {
            caller.with_subscriber(|(_, subscriber)| dispatcher::with_default(subscriber, new))
        })
        .unwrap_or_else(new);
    (!span.is_disabled()).then(|| Box::new(span))
}

/// The span of a run, with its cause and the runs that triggered it.
///
/// It is a child of the span of the caller that requested the run. If the caller is a run, it follows from
/// that span instead, because runs that keep requesting each other would otherwise nest without end.
fn with_origin(run: &Run, origin: Option<&Extra>) -> Span {
    let RunContext {
        task, run_id, due, ..
    } = &run.info;
    let cause = origin.and_then(|origin| origin.cause.clone()).unwrap_or_default();
    let upstream = origin
        .map(|origin| &*origin.upstream)
        .filter(|runs| !runs.is_empty());
    let upstream = upstream.map(|runs| runs.iter().map(RunRef::to_string).collect::<Vec<_>>().join(", "));
    let trace = run.trace.as_deref();
    let parent = trace
        .filter(|trace| !trace.in_run)
        .and_then(|trace| trace.caller.id());
    let span = tracing::info_span!(
        target: "rocketry::run", parent: parent, "run", task = &**task, %run_id, %due, %cause, upstream,
        traceparent = trace.and_then(|trace| trace.traceparent.as_deref()), outcome = Empty,
        otel.status_code = Empty, otel.status_description = Empty,
    );
    if let Some(trace) = trace.filter(|trace| trace.in_run) {
        span.follows_from(trace.caller.id());
    }
    span
}

/// Records the outcome of a run in its span, and closes the span. No outcome means that the run was
/// cancelled.
pub(crate) fn end(session: &Session, run: &Run, span: &Span, outcome: Option<&Outcome>) {
    let stopped = session.state().running(run).and_then(|running| running.stopped);
    let (action, message) = how_it_ended(stopped, outcome);
    span.record("outcome", tracing::field::display(action));
    let is_mistake = match action {
        Action::Fail | Action::Crash => true,
        Action::Terminate => stopped == Some(StopReason::Timeout),
        _ => false,
    };
    if is_mistake {
        span.record("otel.status_code", "ERROR");
        span.record("otel.status_description", message.as_deref());
    }
}

/// Calls a part of a run within its span.
#[inline]
pub(crate) fn within<T>(span: Option<&Span>, call: impl FnOnce() -> T) -> T {
    match span {
        Some(span) => span.in_scope(|| in_run(call)),
        None => call(),
    }
}

/// Wraps work in the span of its run.
#[inline]
pub(crate) fn instrumented(span: Option<&Span>, work: Work) -> Work {
    match span {
        Some(span) => instrument(span.clone(), work),
        None => work,
    }
}

fn instrument(span: Span, work: Work) -> Work {
    match work {
        Work::Async(future) => Work::Async(UserFuture::new(async move {
            let mut future = pin!(future.instrument(span));
            poll_fn(|waking| in_run(|| future.as_mut().poll(waking))).await
        })),
        Work::Blocking(function) => Work::Blocking(Box::new(move || within(Some(&span), function))),
    }
}

fn in_run<T>(call: impl FnOnce() -> T) -> T {
    /// Restores the previous state, even if the call panics.
    struct Before(bool);

    impl Drop for Before {
        fn drop(&mut self) {
            IN_RUN.set(self.0);
        }
    }

    let _before = Before(IN_RUN.replace(true));
    call()
}
