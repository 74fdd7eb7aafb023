//! The inbox of the scheduler: what has happened since it last looked; and the runs that it leaves to the runtime.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::runner_pool::{Call, Calls, Rest, Runner, RunnerPool};
use crate::engine::run::{Run, RunEnd};

/// The capacity kept for runs.
const SPARE: usize = 1024;

/// Ends of runs, the wake-up of the scheduler, and the runs for the runtime: under one lock, so that a runner takes it once
/// a run.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    ended: Vec<RunEnd>,
    runners: RunnerPool,
    rung: bool,
    /// The scheduler, while it sleeps.
    asleep: Option<Waker>,
}

impl Inbox {
    #[inline]
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in the end of a run.
    pub(crate) fn push(&self, ended: RunEnd) {
        self.wake_after(|contents| contents.ended.push(ended));
    }

    /// Leaves runs to the runtime. The caller makes the calls that are returned.
    #[inline]
    pub(crate) fn leave(&self, runs: &mut VecDeque<Arc<Run>>) -> Calls {
        self.contents().runners.add(runs)
    }

    /// How many runs wait for the runtime.
    pub(crate) fn waiting_runs(&self) -> usize {
        self.contents().runners.waiting()
    }

    /// A called runner has arrived: returns the run that it makes, or how it rests.
    #[inline]
    pub(crate) fn arrive(
        &self,
        call: Call,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> (Result<Arc<Run>, Rest>, Calls) {
        self.contents().runners.arrive(call, runner)
    }

    /// A called runner will not arrive.
    pub(crate) fn strike(&self, call: Call) {
        self.contents().runners.strike(call);
    }

    /// Hands in the end of a run; returns how its runner rests.
    #[inline]
    pub(crate) fn push_and_rest(&self, ended: RunEnd, runner: impl FnOnce() -> Arc<Runner>) -> Rest {
        self.wake_after(|contents| {
            contents.ended.push(ended);
            contents.runners.rest(runner)
        })
    }

    /// Wakes the scheduler.
    pub(crate) fn ring(&self) {
        self.wake_after(|contents| contents.rung = true);
    }

    #[inline]
    fn wake_after<T>(&self, change: impl FnOnce(&mut Contents) -> T) -> T {
        let mut contents = self.contents();
        let changed = change(&mut contents);
        let asleep = contents.asleep.take();
        drop(contents);
        if let Some(scheduler) = asleep {
            scheduler.wake();
        }
        changed
    }

    /// Moves the ends of runs, in their order, into an empty vector. A look at the state after this sees every change that
    /// has rung the bell so far.
    #[inline]
    pub(crate) fn drain(&self, into: &mut Vec<RunEnd>) {
        into.shrink_to(SPARE);
        let mut contents = self.contents();
        contents.rung = false;
        std::mem::swap(&mut contents.ended, into);
    }

    /// Lets runners rest, since a scheduler will call them.
    pub(crate) fn engage(&self) {
        self.contents().runners.engage();
    }

    /// Lets runners rest no more, since there is no scheduler; returns the runs that have not begun.
    pub(crate) fn dismiss(&self) -> VecDeque<Arc<Run>> {
        let (resting, runs) = self.contents().runners.dismiss();
        for runner in resting {
            runner.call(Call::Free);
        }
        runs
    }

    /// Whether something has happened since the last look.
    pub(crate) fn has_news(&self) -> bool {
        self.contents().has_news()
    }

    /// Waits until something happens; returns at once if something has since the last look.
    ///
    /// Cancel safe: nothing is lost by dropping the future.
    pub(crate) async fn wait(&self) {
        poll_fn(|waking| {
            let mut contents = self.contents();
            if contents.has_news() {
                return Poll::Ready(());
            }
            contents.asleep = Some(waking.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Contents {
    fn has_news(&self) -> bool {
        self.rung || !self.ended.is_empty()
    }
}
