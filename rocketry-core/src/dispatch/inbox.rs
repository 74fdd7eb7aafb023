//! The inbox of the scheduler: events since its last look, and the runs that it hands to the runtime.

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

/// Ends of runs, the wake-up of the scheduler, and the runs for the runtime. They share one lock, so that a
/// runner takes it once per run.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    ended: Vec<RunEnd>,
    runners: RunnerPool,
    rung: bool,
    /// The scheduler, while it sleeps.
    asleep: Option<Waker>,
    /// The seat of the scheduler, if it is a task of the runtime.
    seat: Weak<SchedulerSeat>,
}

/// What a runner does after its run has ended.
pub(crate) enum Next {
    Rest(Rest),
    /// Polls the scheduler, and then arrives as if it had been called: [`Call::Bound`].
    Schedule(Awakened),
}

impl Inbox {
    #[inline]
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the end of a run.
    pub(crate) fn push(&self, ended: RunEnd) {
        self.wake_after(|contents| contents.ended.push(ended));
    }

    /// Adds runs for the runtime. The caller makes the returned calls.
    #[inline]
    pub(crate) fn leave(&self, runs: &mut VecDeque<Arc<Run>>) -> Calls {
        self.contents().runners.add(runs)
    }

    /// Handles the arrival of a called runner: returns its run, or how it rests.
    #[inline]
    pub(crate) fn arrive(
        &self,
        call: Call,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> (Result<Arc<Run>, Rest>, Calls) {
        self.contents().runners.arrive(call, runner)
    }

    /// Cancels a call whose runner will not arrive.
    pub(crate) fn strike(&self, call: Call) {
        self.contents().runners.strike(call);
    }

    /// Adds the end of a run. Returns what its runner does next.
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

    /// Replaces a runner that polls the scheduler, because the scheduler has more to do and no run should
    /// wait for it. Returns how many runs wait.
    pub(crate) fn replace_lent_runner(&self) -> usize {
        self.replace_lent_and(|runners| runners.waiting())
    }

    /// Frees runs that would wait for the thread of the scheduler, because user code is about to be called
    /// there and may block it.
    pub(crate) fn free_runs(&self) {
        if self.replace_lent_and(RunnerPool::free_last) {
            free_last_woken();
        }
    }

    /// Replaces a runner that polls the scheduler, if a run waits for it. Returns what is then read from the pool.
    fn replace_lent_and<T>(&self, then: impl FnOnce(&mut RunnerPool) -> T) -> T {
        let mut contents = self.contents();
        let replacement = contents.runners.replace_lent();
        let read = then(&mut contents.runners);
        drop(contents);
        if let Some(runner) = replacement {
            runner.call(Call::Free);
        }
        read
    }

    /// Lets runners poll the scheduler that waits at this inbox.
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

    /// Moves the ends of runs, in order, into an empty vector. If the state is read after this, it reflects
    /// every change that has woken the scheduler so far.
    #[inline]
    pub(crate) fn drain(&self, into: &mut Vec<RunEnd>) {
        into.shrink_to(SPARE);
        let mut contents = self.contents();
        contents.rung = false;
        std::mem::swap(&mut contents.ended, into);
    }

    /// Lets runners rest, because a scheduler will call them. The caller spawns the first one; returns how it
    /// was called.
    pub(crate) fn engage(&self) -> Call {
        self.contents().runners.engage();
        Call::Free
    }

    /// Stops runners from resting, because there is no scheduler. Returns the runs that have not begun.
    pub(crate) fn dismiss(&self) -> VecDeque<Arc<Run>> {
        let (resting, runs) = self.contents().runners.dismiss();
        for runner in resting {
            runner.call(Call::Free);
        }
        runs
    }

    /// Returns true if something has happened since the last look.
    pub(crate) fn has_news(&self) -> bool {
        self.contents().has_news()
    }

    /// Waits until something happens. Returns immediately if something has happened since the last look.
    ///
    /// Cancel safe: dropping the future loses nothing.
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

/// Wakes a dummy task. A runtime keeps the task that a thread woke last for that thread; the dummy takes that
/// place, so that any thread can take the previous task.
fn free_last_woken() {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(async {});
    }
}

/// Wakes the scheduler, if it sleeps, outside of the lock.
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

    /// The scheduler for a runner to poll, if it sleeps in a task of the runtime and polling it delays no
    /// run.
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
