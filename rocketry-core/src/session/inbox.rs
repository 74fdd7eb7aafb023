//! What has happened since the scheduler last looked, and what it leaves to others to do.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::crew::{Call, Calls, Crew, Rest, Runner};
use super::run::{Ended, Run};

/// For how many runs room is kept.
const SPARE: usize = 1024;

/// Runs that have ended, the bell that wakes the scheduler, and the runs that it leaves to the runtime: one lock for
/// all, so that a runner takes it once a run.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Letters>);

#[derive(Default)]
struct Letters {
    ended: Vec<Ended>,
    crew: Crew,
    rung: bool,
    /// The scheduler, while it sleeps.
    asleep: Option<Waker>,
}

impl Inbox {
    fn letters(&self) -> MutexGuard<'_, Letters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in a run that has ended.
    pub(crate) fn push(&self, ended: Ended) {
        self.wake_after(|letters| letters.ended.push(ended));
    }

    /// Leaves runs to the runtime; whoever is to be called for that must be.
    pub(crate) fn leave(&self, runs: &mut VecDeque<Arc<Run>>) -> Calls {
        self.letters().crew.add(runs)
    }

    /// A runner has come that was called: gives the run that it makes, or how it rests.
    pub(crate) fn arrive(
        &self,
        call: Call,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> (Result<Arc<Run>, Rest>, Calls) {
        self.letters().crew.arrive(call, runner)
    }

    /// A runner is gone that was called.
    pub(crate) fn strike(&self, call: Call) {
        self.letters().crew.strike(call);
    }

    /// Hands in the end of a run; gives how its runner rests.
    pub(crate) fn push_and_rest(&self, ended: Ended, runner: impl FnOnce() -> Arc<Runner>) -> Rest {
        self.wake_after(|letters| {
            letters.ended.push(ended);
            letters.crew.rest(runner)
        })
    }

    /// Wakes the scheduler.
    pub(crate) fn ring(&self) {
        self.wake_after(|letters| letters.rung = true);
    }

    fn wake_after<T>(&self, change: impl FnOnce(&mut Letters) -> T) -> T {
        let mut letters = self.letters();
        let changed = change(&mut letters);
        let asleep = letters.asleep.take();
        drop(letters);
        if let Some(scheduler) = asleep {
            scheduler.wake();
        }
        changed
    }

    /// Takes the runs that have ended, in the order in which they did, into an empty row. Whatever the bell was rung
    /// for so far is seen by whoever looks at the state after this.
    pub(crate) fn drain(&self, into: &mut Vec<Ended>) {
        into.shrink_to(SPARE);
        let mut letters = self.letters();
        letters.rung = false;
        std::mem::swap(&mut letters.ended, into);
    }

    /// Lets runners rest: there is a scheduler.
    pub(crate) fn engage(&self) {
        self.letters().crew.engage();
    }

    /// Lets runners rest no more, since there is no scheduler; gives the runs that nobody makes.
    pub(crate) fn dismiss(&self) -> VecDeque<Arc<Run>> {
        let (resting, runs) = self.letters().crew.dismiss();
        for runner in resting {
            runner.call(Call::Free);
        }
        runs
    }

    /// Whether something has happened since the last look.
    pub(crate) fn has_news(&self) -> bool {
        self.letters().has_news()
    }

    /// Waits until something happens; returns at once if something has since the last look.
    ///
    /// Cancel safe: nothing is lost by dropping the future.
    pub(crate) async fn wait(&self) {
        poll_fn(|waking| {
            let mut letters = self.letters();
            if letters.has_news() {
                return Poll::Ready(());
            }
            letters.asleep = Some(waking.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Letters {
    fn has_news(&self) -> bool {
        self.rung || !self.ended.is_empty()
    }
}
