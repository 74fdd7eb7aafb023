//! A run on the runtime: a future that is called late and may be cut off.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{Finished, Report, prepare};
use crate::task::{Outcome, Work};

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A run on the runtime.
///
/// It is moved several times before it begins, so it is small: what only some runs need is made when they need it.
pub(super) struct OnRuntime {
    /// The function, once it has been called. Dropped before the end is told.
    work: Option<Boxed<Outcome>>,
    /// Ready when the run is to end, once the function has waited for anything.
    raised: Option<Boxed<()>>,
    report: Report,
}

impl OnRuntime {
    pub(super) fn new(report: Report) -> Self {
        OnRuntime {
            work: None,
            raised: None,
            report,
        }
    }

    fn poll_work(&mut self, waking: &mut Context<'_>) -> Poll<Outcome> {
        let OnRuntime { work, report, .. } = self;
        let poll = || {
            if let Some(work) = work {
                return work.as_mut().poll(waking);
            }
            match prepare(report.run(), &report.session) {
                Ok(Work::Async(future)) => work.insert(future).as_mut().poll(waking),
                Ok(Work::Blocking(function)) => Poll::Ready(function()),
                Err(outcome) => Poll::Ready(outcome),
            }
        };
        report.session.0.polls.during(report.run().task(), poll)
    }

    fn poll_raised(&mut self, waking: &mut Context<'_>) -> Poll<()> {
        let flag = &self.report.run().info.flag;
        let raised = self.raised.get_or_insert_with(|| {
            let flag = flag.get().clone();
            Box::pin(async move { flag.wait().await })
        });
        raised.as_mut().poll(waking)
    }
}

impl Future for OnRuntime {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<()> {
        if !self.report.run().info.flag.is_set() {
            if let Poll::Ready(outcome) = self.poll_work(waking) {
                self.work = None;
                self.report.tell(Finished::from(outcome));
                return Poll::Ready(());
            }
            ready!(self.poll_raised(waking));
        }
        // It is not polled any more; that it was cut off is told when the report is dropped.
        self.work = None;
        Poll::Ready(())
    }
}
