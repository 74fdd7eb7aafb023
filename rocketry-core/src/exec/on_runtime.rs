//! Runs on the runtime: futures that are called late and may be cut off.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::prepare;
use crate::session::report::{Finished, Report};
use crate::session::run::How;
use crate::session::runner::Runner;
use crate::task::{Outcome, Work};

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A task of the runtime that makes a run, and others after it as long as there are some for it.
///
/// It is moved several times before it begins, so it is small: what only some runs need is made when they need it.
pub(super) struct OnRuntime {
    /// The function, once it has been called. Dropped before the end is told.
    work: Option<Boxed<Outcome>>,
    /// Ready when the run is to end, once the function has waited for anything.
    raised: Option<Boxed<()>>,
    /// The run under way; none while it rests.
    report: Option<Report>,
    /// Where it finds its next run, once it has rested.
    runner: Option<Arc<Runner>>,
}

impl OnRuntime {
    pub(super) fn new(report: Report) -> Self {
        OnRuntime {
            work: None,
            raised: None,
            report: Some(report),
            runner: None,
        }
    }

    /// Goes on with the run under way, up to how it ends.
    fn poll_run(&mut self, waking: &mut Context<'_>) -> Poll<Finished> {
        let OnRuntime {
            work, raised, report, ..
        } = self;
        let report = report.as_ref().expect("there is a run under way");
        let ended = if report.run().info.flag.is_set() {
            None
        } else if let Poll::Ready(outcome) = poll_work(work, report, waking) {
            Some(outcome)
        } else {
            ready!(poll_raised(raised, report, waking));
            None
        };
        *raised = None;
        *work = None;
        Poll::Ready(ended.map_or(How::CutOff.into(), Finished::from))
    }

    /// Waits for the next run; none if there will be none.
    fn poll_next(&self, waking: &Context<'_>) -> Poll<Option<Report>> {
        let runner = self.runner.as_ref();
        runner.map_or(Poll::Ready(None), |runner| runner.poll_next(waking))
    }

    /// Tells the end of the run, and whether another is waited for.
    fn finish(&mut self, finished: Finished) -> bool {
        let report = self.report.take();
        report.is_some_and(|report| report.finish_and_rest(finished, &mut self.runner))
    }
}

fn poll_work(work: &mut Option<Boxed<Outcome>>, report: &Report, waking: &mut Context<'_>) -> Poll<Outcome> {
    let poll = || {
        if let Some(work) = work {
            return work.as_mut().poll(waking);
        }
        match prepare(report.run(), report.session()) {
            Ok(Work::Async(future)) => work.insert(future).as_mut().poll(waking),
            Ok(Work::Blocking(function)) => Poll::Ready(function()),
            Err(outcome) => Poll::Ready(outcome),
        }
    };
    report.session().0.polls.during(report.run().task(), poll)
}

fn poll_raised(raised: &mut Option<Boxed<()>>, report: &Report, waking: &mut Context<'_>) -> Poll<()> {
    let flag = &report.run().info.flag;
    let raised = raised.get_or_insert_with(|| {
        let flag = flag.get().clone();
        Box::pin(async move { flag.wait().await })
    });
    raised.as_mut().poll(waking)
}

impl Future for OnRuntime {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<()> {
        if self.report.is_none() {
            match ready!(self.poll_next(waking)) {
                Some(next) => self.report = Some(next),
                None => return Poll::Ready(()),
            }
        }
        let finished = ready!(self.poll_run(waking));
        let has_rested = self.runner.is_some();
        if !self.finish(finished) {
            return Poll::Ready(());
        }
        if has_rested {
            // Whoever gives it a run wakes it.
            return Poll::Pending;
        }
        if let Some(next) = ready!(self.poll_next(waking)) {
            // It is there already. Others on this thread have their turn first.
            self.report = Some(next);
            waking.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}
