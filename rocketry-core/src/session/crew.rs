//! Runs that are to be made on the runtime, and the tasks of the runtime that make them.

use std::collections::VecDeque;
use std::mem::{swap, take};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Waker;

use super::run::Run;

/// How many runners rest at the most.
const MOST: usize = 64;

/// For how many runs room is kept.
const SPARE: usize = 1024;

/// A task of the runtime that makes one run after the other, while it rests. To wake it costs a fraction of spawning
/// another.
pub(crate) struct Runner {
    waker: Waker,
    called: AtomicU8,
}

/// How a runner was called that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Any thread of the runtime that has nothing to do takes it.
    Free = 1,
    /// The thread that called it last may have to come to it. A runtime keeps one such task a thread, so that a second
    /// call sets the first one free.
    Bound = 2,
}

impl Runner {
    /// The runner whose task this wakes. A task of the runtime has the same waker for all its life.
    pub(crate) fn new(waker: &Waker) -> Self {
        Runner {
            waker: waker.clone(),
            called: AtomicU8::new(0),
        }
    }

    /// The call that it comes after; none if something else has woken it, such as a timer of a run that is over.
    pub(crate) fn take_call(&self) -> Option<Call> {
        match self.called.swap(0, Ordering::Acquire) {
            0 => None,
            1 => Some(Call::Free),
            _ => Some(Call::Bound),
        }
    }

    pub(super) fn call(&self, call: Call) {
        self.called.store(call as u8, Ordering::Release);
        self.waker.wake_by_ref();
    }
}

/// Who is to be called, in this order, once the lock is free.
#[derive(Default)]
#[must_use = "runs are left to those who are called"]
pub(crate) struct Calls {
    first: Option<Callee>,
    second: Option<(Call, Callee)>,
}

enum Callee {
    Resting(Arc<Runner>),
    New,
}

impl Calls {
    /// Wakes those that rest, and has the others spawned.
    #[inline]
    pub(crate) fn make(self, spawn: impl Fn(Call)) {
        if let Some(callee) = self.first {
            callee.call(Call::Free, &spawn);
        }
        if let Some((call, callee)) = self.second {
            callee.call(call, &spawn);
        }
    }
}

impl Callee {
    #[inline]
    fn call(self, call: Call, spawn: impl Fn(Call)) {
        match self {
            Callee::Resting(runner) => runner.call(call),
            Callee::New => spawn(call),
        }
    }
}

/// How a runner rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Until it is called.
    UntilCalled,
    /// Until others on its thread have had their turn.
    ForATurn,
    /// There is nobody to call it.
    ForEver,
}

/// The runs that are to be made, in their order, and the runners.
///
/// Whatever a run does to its thread, it holds up no other: before a runner makes one it sees to it that others are
/// waiting for a thread, where there are more. As long as each run soon returns, the same few runners take turns.
#[derive(Default)]
pub(crate) struct Crew {
    runs: VecDeque<Arc<Run>>,
    resting: Vec<Arc<Runner>>,
    /// How many have been called and have not come yet, and how many of them are free.
    coming: usize,
    free: usize,
    /// Whether nobody rests any more, because nobody would call.
    dismissed: bool,
}

impl Crew {
    /// Adds runs, on behalf of the scheduler.
    pub(super) fn add(&mut self, runs: &mut VecDeque<Arc<Run>>) -> Calls {
        if self.runs.is_empty() {
            swap(&mut self.runs, runs);
        } else {
            self.runs.append(runs);
        }
        // One in any case: others may be bound to a thread that is blocked. Its own thread soon is the scheduler's no more.
        let count = self.runs.len().saturating_sub(self.coming).clamp(1, 2);
        Calls {
            first: Some(self.call(Call::Free)),
            second: (count > 1).then(|| (Call::Free, self.call(Call::Free))),
        }
    }

    /// A runner has come that was called: gives the run that it makes, or how it rests.
    pub(super) fn arrive(
        &mut self,
        call: Call,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> (Result<Arc<Run>, Rest>, Calls) {
        self.strike(call);
        let Some(run) = self.runs.pop_front() else {
            return (Err(self.rest(runner)), Calls::default());
        };
        let mut calls = Calls::default();
        if self.free == 0 && !self.runs.is_empty() {
            calls.first = Some(self.call(Call::Free));
            calls.second = Some((Call::Bound, self.call(Call::Bound)));
        }
        (Ok(run), calls)
    }

    /// A runner is to come.
    fn expect(&mut self, call: Call) {
        self.coming += 1;
        if call == Call::Free {
            self.free += 1;
        }
    }

    /// A runner that was called has come, or is not to come any more.
    pub(super) fn strike(&mut self, call: Call) {
        self.coming -= 1;
        if call == Call::Free {
            self.free -= 1;
        }
    }

    /// How a runner rests that has nothing to do.
    pub(super) fn rest(&mut self, runner: impl FnOnce() -> Arc<Runner>) -> Rest {
        if !self.runs.is_empty() {
            self.expect(Call::Free);
            return Rest::ForATurn;
        }
        if self.runs.capacity() > SPARE {
            self.runs.shrink_to(SPARE);
        }
        if self.dismissed || self.resting.len() == MOST {
            return Rest::ForEver;
        }
        self.resting.push(runner());
        Rest::UntilCalled
    }

    /// Lets runners rest.
    pub(super) fn engage(&mut self) {
        self.dismissed = false;
    }

    /// Lets no runner rest from here on: gives those that do, who are to be called, and the runs that nobody makes.
    pub(super) fn dismiss(&mut self) -> (Vec<Arc<Runner>>, VecDeque<Arc<Run>>) {
        self.dismissed = true;
        let resting = take(&mut self.resting);
        for _ in &resting {
            self.expect(Call::Free);
        }
        (resting, take(&mut self.runs))
    }

    fn call(&mut self, call: Call) -> Callee {
        self.expect(call);
        self.resting.pop().map_or(Callee::New, Callee::Resting)
    }
}
