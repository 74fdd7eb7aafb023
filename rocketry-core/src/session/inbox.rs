//! What has happened since the scheduler last looked.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::run::Ended;
use super::runner::{Runner, Runners};

/// For how many runs room is kept.
const SPARE: usize = 1024;

/// Runs that have ended, and the bell that wakes the scheduler.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Letters>);

#[derive(Default)]
struct Letters {
    ended: Vec<Ended>,
    /// Runners that rest since, and how many more may.
    resting: Vec<Arc<Runner>>,
    room: usize,
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

    /// Hands in a run that has ended, together with its runner, which rests from now on; tells whether it may. It is
    /// made when it first rests.
    pub(crate) fn push_and_rest(&self, ended: Ended, runner: &mut Option<Arc<Runner>>) -> bool {
        self.wake_after(|letters| {
            letters.ended.push(ended);
            let rests = letters.room > 0;
            if rests {
                letters.room -= 1;
                letters.resting.push(runner.get_or_insert_default().clone());
            }
            rests
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
    pub(crate) fn drain(&self, into: &mut Vec<Ended>, runners: &mut Runners) {
        into.shrink_to(SPARE);
        let mut letters = self.letters();
        letters.rung = false;
        std::mem::swap(&mut letters.ended, into);
        letters.room = runners.take_in(&mut letters.resting);
    }

    /// Lets no runner rest any more: nobody would give it a run.
    pub(crate) fn dismiss(&self, runners: &mut Runners) {
        let mut letters = self.letters();
        runners.take_in(&mut letters.resting);
        letters.room = 0;
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
