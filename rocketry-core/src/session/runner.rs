//! Tasks of the runtime that have made a run and are ready for another.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use super::report::Report;

/// How many rest at the most.
const MOST: usize = 64;

/// A task of the runtime that makes one run after the other.
///
/// To wake one that rests costs a fraction of spawning another. It is given a run only while it rests, so that no run
/// ever waits for the end of another.
#[derive(Default)]
pub(crate) struct Runner {
    place: Mutex<Place>,
    /// Wakes its task. A task of the runtime has the same for all its life.
    waker: OnceLock<Waker>,
}

#[derive(Default)]
struct Place {
    /// The run that it is to make.
    next: Option<Report>,
    /// Whether there will be no other.
    over: bool,
}

impl Runner {
    /// Waits for a run; `None` if there will be none. Whoever gives it one wakes it.
    pub(crate) fn poll_next(&self, waking: &Context<'_>) -> Poll<Option<Report>> {
        // Before the look: either it is found there or whoever puts it there finds the waker.
        self.waker.get_or_init(|| waking.waker().clone());
        let mut place = self.place();
        let next = place.next.take();
        if next.is_some() || place.over {
            return Poll::Ready(next);
        }
        Poll::Pending
    }

    /// Gives it a run to make. If its task is gone, the run is cut off.
    fn give(&self, run: Report) {
        self.place().next = Some(run);
        self.wake();
    }

    /// Lets it end.
    fn dismiss(&self) {
        self.place().over = true;
        self.wake();
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}

/// The runners at rest, as the scheduler knows them.
#[derive(Default)]
pub(crate) struct Runners(Vec<Arc<Runner>>);

impl Runners {
    /// Gives a run to one of them; gives it back if there is none.
    pub(crate) fn give(&mut self, run: Report) -> Option<Report> {
        match self.0.pop() {
            Some(runner) => {
                runner.give(run);
                None
            }
            None => Some(run),
        }
    }

    /// Takes in those that rest by now; tells how many more may.
    pub(super) fn take_in(&mut self, resting: &mut Vec<Arc<Runner>>) -> usize {
        self.0.append(resting);
        MOST.saturating_sub(self.0.len())
    }
}

impl Drop for Runners {
    fn drop(&mut self) {
        self.0.iter().for_each(|runner| runner.dismiss());
    }
}
