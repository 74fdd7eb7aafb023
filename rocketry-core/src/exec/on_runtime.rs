//! Runs on the runtime: futures that are created late and may be cut off.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;

use super::executor::{Executor, OnScheduler};
use super::prepare::prepare;
use super::report::{Report, cut_off};
use crate::dispatch::inbox::{Inbox, Next};
use crate::dispatch::runner_pool::{Call, Rest, Runner};
use crate::drops::hold;
use crate::engine::run::Run;
use crate::session::{Session, Shared};
use crate::task::{Outcome, UserFuture, Work};

/// The number of short runs that a runner executes in a row, polling the scheduler after each, before other
/// tasks on its thread have their turn.
const RUNS_IN_ONE_GO: usize = 16;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Executes runs on the runtime. They are handed over together, at the next flush.
pub(super) struct RuntimeExecutor {
    session: Session,
    runtime: Handle,
    ready: VecDeque<Arc<Run>>,
}

impl RuntimeExecutor {
    pub(super) fn new(session: Session, runtime: Handle) -> Self {
        let call = session.0.inbox.engage();
        runtime.spawn(OnRuntime::new(&session, call));
        RuntimeExecutor {
            session,
            runtime,
            ready: VecDeque::new(),
        }
    }
}

impl Executor for RuntimeExecutor {
    #[inline]
    fn begin(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        self.ready.push_back(run);
        None
    }

    #[inline]
    fn flush(&mut self) {
        if !self.ready.is_empty() {
            let calls = self.session.0.inbox.leave(&mut self.ready);
            calls.make(|call| drop(self.runtime.spawn(OnRuntime::new(&self.session, call))));
        }
    }
}

impl Drop for RuntimeExecutor {
    /// Runs that the runtime has not started will never start.
    fn drop(&mut self) {
        let left = self.session.0.inbox.dismiss();
        let never = self.ready.drain(..).chain(left);
        never.for_each(|run| cut_off(&self.session, run));
    }
}

/// A task of the runtime that executes a run, and further runs as long as there are any.
struct OnRuntime {
    /// The future of the function, once it has been called. Dropped before the end is reported.
    work: Option<UserFuture>,
    /// Ready when the run has to end. Created once the function has waited for anything.
    raised: Option<Boxed<()>>,
    /// The run in progress, while it waits.
    report: Option<Report>,
    /// The app. A resting runner does not keep it alive.
    app: Weak<Shared>,
    inbox: Arc<Inbox>,
    /// How it was called, if it was.
    called: Option<Call>,
    /// Its entry for calls, once it has rested.
    runner: Option<Arc<Runner>>,
}

impl OnRuntime {
    fn new(session: &Session, called: Call) -> Self {
        OnRuntime {
            work: None,
            raised: None,
            report: None,
            app: Arc::downgrade(&session.0),
            inbox: session.0.inbox.clone(),
            called: Some(called),
            runner: None,
        }
    }

    /// The run in progress, or the next one; otherwise what to return to the runtime.
    fn come(&mut self, waking: &Context<'_>) -> Result<Report, Poll<()>> {
        if let Some(report) = self.report.take() {
            return Ok(report);
        }
        let call = self.take_call().ok_or(Poll::Pending)?;
        let session = self.app.upgrade().map(Session::of).ok_or(Poll::Ready(()))?;
        let OnRuntime { inbox, runner, .. } = &mut *self;
        let (next, calls) = inbox.arrive(call, || resting(runner, waking));
        calls.make(|call| drop(tokio::spawn(OnRuntime::new(&session, call))));
        match next {
            Ok(run) => Ok(Report::begin(session, run)),
            Err(rest) => Err(self.leave_off(rest, waking)),
        }
    }

    /// Polls the run in progress until it waits or ends.
    fn poll_run(&mut self, report: &Report, waking: &mut Context<'_>) -> Poll<Option<Outcome>> {
        let OnRuntime { work, raised, .. } = self;
        let ended = if report.run().info.flag.is_set() {
            None
        } else if let Poll::Ready(outcome) = poll_work(work, report, waking) {
            Some(outcome)
        } else {
            ready!(poll_raised(raised, report, waking));
            None
        };
        *raised = None;
        if ended.is_none() {
            // Dropping a run that is cut off may block like the run itself.
            let task = report.run().task();
            report.session().0.watchdog.during(task, || *work = None);
        }
        *work = None;
        Poll::Ready(ended)
    }

    /// Reports the end of a run and lets the scheduler continue. Returns how to rest, unless another run may
    /// follow immediately.
    fn end_run(
        &mut self,
        report: Report,
        outcome: Option<Outcome>,
        may_schedule: bool,
        waking: &Context<'_>,
    ) -> Option<Rest> {
        let _hold = hold();
        let OnRuntime { inbox, runner, .. } = self;
        match report.finish_and_go_on(outcome, inbox, may_schedule, || resting(runner, waking)) {
            Next::Rest(rest) => Some(rest),
            Next::Schedule(awakened) => {
                awakened.poll();
                self.called = Some(Call::Bound);
                None
            }
        }
    }

    fn leave_off(&mut self, rest: Rest, waking: &Context<'_>) -> Poll<()> {
        match rest {
            Rest::UntilCalled => Poll::Pending,
            Rest::ForATurn => {
                self.called = Some(Call::Free);
                waking.waker().wake_by_ref();
                Poll::Pending
            }
            Rest::ForEver => Poll::Ready(()),
        }
    }

    fn take_call(&mut self) -> Option<Call> {
        let called = self.called.take();
        called.or_else(|| self.runner.as_ref()?.take_call())
    }
}

/// The entry through which a resting runner is called.
fn resting(runner: &mut Option<Arc<Runner>>, waking: &Context<'_>) -> Arc<Runner> {
    let runner = runner.get_or_insert_with(|| Runner::new(waking.waker()).into());
    runner.clone()
}

impl Future for OnRuntime {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<()> {
        let mut made = 0;
        loop {
            let report = match self.come(waking) {
                Ok(report) => report,
                Err(told) => return told,
            };
            let Poll::Ready(outcome) = self.poll_run(&report, waking) else {
                self.report = Some(report);
                return Poll::Pending;
            };
            made += 1;
            if let Some(rest) = self.end_run(report, outcome, made < RUNS_IN_ONE_GO, waking) {
                return self.leave_off(rest, waking);
            }
        }
    }
}

impl Drop for OnRuntime {
    /// A runtime that ends lets no runner arrive.
    fn drop(&mut self) {
        if let Some(call) = self.take_call() {
            self.inbox.strike(call);
        }
    }
}

fn poll_work(work: &mut Option<UserFuture>, report: &Report, waking: &mut Context<'_>) -> Poll<Outcome> {
    let poll = || {
        if let Some(work) = work {
            return Pin::new(work).poll(waking);
        }
        match prepare(report) {
            Ok(Work::Async(future)) => Pin::new(work.insert(future)).poll(waking),
            Ok(Work::Blocking(function)) => Poll::Ready(function()),
            Err(outcome) => Poll::Ready(outcome),
        }
    };
    report.session().0.watchdog.during(report.run().task(), poll)
}

fn poll_raised(raised: &mut Option<Boxed<()>>, report: &Report, waking: &mut Context<'_>) -> Poll<()> {
    let flag = &report.run().info.flag;
    let raised = raised.get_or_insert_with(|| {
        let flag = flag.get().clone();
        Box::pin(async move { flag.wait().await })
    });
    raised.as_mut().poll(waking)
}
