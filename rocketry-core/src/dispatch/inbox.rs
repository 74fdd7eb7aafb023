//! The inbox of the scheduler: what has happened since it last looked; and the runs that it leaves to the runtime.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Waker};

use tokio::runtime::Handle;

use super::runner_pool::{Call, Calls, Rest, Runner, RunnerPool};
use super::scheduler_task::{Awakened, SchedulerSeat, SchedulerTask};
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
    /// Where the scheduler is, if it is a task of the runtime.
    seat: Weak<SchedulerSeat>,
}

/// How a runner goes on whose run has ended.
pub(crate) enum Next {
    Rest(Rest),
    /// It polls the scheduler, and then arrives as if it was called: [`Call::Bound`].
    Schedule(Awakened),
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

    /// Hands in the end of a run; returns how its runner goes on.
    #[inline]
    pub(crate) fn push_and_go_on(
        &self,
        ended: RunEnd,
        may_schedule: bool,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> Next {
        let mut contents = self.contents();
        contents.ended.push(ended);
        if may_schedule && let Some(awakened) = contents.lend_runner() {
            return Next::Schedule(awakened);
        }
        let rest = contents.runners.rest(runner);
        wake(contents);
        Next::Rest(rest)
    }

    /// Lets no run wait for a runner that polls the scheduler, since the scheduler has more to do. Returns how many runs
    /// wait.
    pub(crate) fn replace_lent_runner(&self) -> usize {
        let mut contents = self.contents();
        let replacement = contents.runners.replace_lent();
        let waiting = contents.runners.waiting();
        drop(contents);
        if let Some(runner) = replacement {
            runner.call(Call::Free);
        }
        waiting
    }

    /// Lets no run wait for the thread of the scheduler, since code of the user's is called there, which may block it.
    pub(crate) fn free_runs(&self) {
        let mut contents = self.contents();
        let replacement = contents.runners.replace_lent();
        let frees_last = contents.runners.free_last();
        drop(contents);
        if let Some(runner) = replacement {
            runner.call(Call::Free);
        }
        if frees_last {
            free_last_woken();
        }
    }

    /// Lets runners poll the scheduler that waits here.
    pub(crate) fn lend_runners(&self, scheduler: &SchedulerTask) {
        self.contents().seat = scheduler.seat();
    }

    /// Wakes the scheduler.
    pub(crate) fn ring(&self) {
        self.wake_after(|contents| contents.rung = true);
    }

    #[inline]
    fn wake_after(&self, change: impl FnOnce(&mut Contents)) {
        let mut contents = self.contents();
        change(&mut contents);
        wake(contents);
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

    /// Lets runners rest, since a scheduler will call them. The caller spawns the first one, which is called: returns how.
    pub(crate) fn engage(&self) -> Call {
        self.contents().runners.engage();
        Call::Free
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

/// A runtime keeps the task that a thread woke last for that thread. Another one takes that place here, so that any thread
/// can take the first.
fn free_last_woken() {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(async {});
    }
}

/// Wakes the scheduler, if it sleeps, without the lock.
#[inline]
fn wake(mut contents: MutexGuard<'_, Contents>) {
    let asleep = contents.asleep.take();
    drop(contents);
    if let Some(scheduler) = asleep {
        scheduler.wake();
    }
}

impl Contents {
    fn has_news(&self) -> bool {
        self.rung || !self.ended.is_empty()
    }

    /// The scheduler, for a runner to poll, if it sleeps in a task of the runtime and the runner holds up no run by that.
    fn lend_runner(&mut self) -> Option<Awakened> {
        if self.asleep.is_none() || !self.runners.can_lend() {
            return None;
        }
        let seat = self.seat.upgrade()?;
        let waker = self.asleep.take()?;
        self.runners.lend();
        Some(Awakened::new(seat, waker))
    }
}
