//! The runner pool: runs for the runtime, and the tasks of the runtime that execute them.

use std::collections::VecDeque;
use std::mem::{swap, take};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Waker;

use crate::engine::run::Run;

/// The maximum number of resting runners.
const MOST: usize = 64;

/// The capacity kept for runs.
const SPARE: usize = 1024;

/// A resting task of the runtime that executes one run after another. Waking it costs a fraction of spawning
/// a new one.
pub(crate) struct Runner {
    waker: Waker,
    called: AtomicU8,
}

/// How a runner was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Any idle thread of the runtime takes it.
    Free = 1,
    /// It may be bound to the thread that called it: a runtime keeps the task that a thread woke last for that thread. A
    /// second call frees the first.
    Bound = 2,
}

impl Runner {
    /// The runner that this waker wakes. A task of the runtime keeps its waker for life.
    pub(crate) fn new(waker: &Waker) -> Self {
        Runner {
            waker: waker.clone(),
            called: AtomicU8::new(0),
        }
    }

    /// The call that woke it; `None` if something else did, such as a timer of an earlier run.
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

/// The runners to call, in this order, once the lock is released.
#[derive(Default)]
#[must_use = "the runs wait for the runners that are called"]
pub(crate) struct Calls {
    first: Option<Callee>,
    second: Option<(Call, Callee)>,
}

enum Callee {
    Resting(Arc<Runner>),
    New,
}

impl Calls {
    /// Wakes resting runners, and spawns the others.
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
    /// Until other tasks on its thread have had their turn.
    ForATurn,
    /// Nothing will call it, so it ends.
    ForEver,
}

/// The runs to execute, in order, and the runners.
///
/// A run that blocks its thread delays no other run: before a runner executes a run, it ensures that another
/// runner waits for a thread if there are more runs. As long as each run returns soon, the same few runners
/// take turns.
#[derive(Default)]
pub(crate) struct RunnerPool {
    runs: VecDeque<Arc<Run>>,
    resting: Vec<Arc<Runner>>,
    /// The number of called runners that have not arrived, and how many of these calls are free.
    coming: usize,
    free: usize,
    /// Whether a runner that polls the scheduler will take a run afterwards. It is included in the called
    /// runners.
    is_lent: bool,
    /// Whether the thread of the scheduler may keep the runner that it called last.
    keeps_last: bool,
    /// Whether runners end instead of resting, since nothing would call them.
    dismissed: bool,
}

impl RunnerPool {
    /// Adds runs, on behalf of the scheduler.
    #[inline]
    pub(super) fn add(&mut self, runs: &mut VecDeque<Arc<Run>>) -> Calls {
        if self.runs.is_empty() {
            swap(&mut self.runs, runs);
        } else {
            self.runs.append(runs);
        }
        // At least one, because others may be bound to a blocked thread. A lent runner is not, and is
        // replaced before it would be.
        let awaits_lent = self.is_lent && self.runs.len() == 1 && !self.resting.is_empty();
        let least = usize::from(!awaits_lent);
        let count = self.runs.len().saturating_sub(self.coming).clamp(least, 2);
        self.keeps_last |= count > 0;
        Calls {
            first: (count > 0).then(|| self.call(Call::Free)),
            second: (count > 1).then(|| (Call::Free, self.call(Call::Free))),
        }
    }

    /// The number of runs that have not begun.
    pub(super) fn waiting(&self) -> usize {
        self.runs.len()
    }

    /// Handles the arrival of a called runner: returns its run, or how it rests.
    #[inline]
    pub(super) fn arrive(
        &mut self,
        call: Call,
        runner: impl FnOnce() -> Arc<Runner>,
    ) -> (Result<Arc<Run>, Rest>, Calls) {
        self.strike(call);
        self.is_lent &= call != Call::Bound;
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

    /// Counts a called runner.
    #[inline]
    fn expect(&mut self, call: Call) {
        self.coming += 1;
        if call == Call::Free {
            self.free += 1;
        }
    }

    /// Uncounts a runner that has arrived, or will not arrive.
    #[inline]
    pub(super) fn strike(&mut self, call: Call) {
        self.coming -= 1;
        if call == Call::Free {
            self.free -= 1;
        }
    }

    /// How an idle runner rests.
    #[inline]
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

    /// Returns true if a runner may poll the scheduler: no run waits, and another runner can replace it.
    #[inline]
    pub(super) fn can_lend(&self) -> bool {
        self.runs.is_empty() && !self.resting.is_empty()
    }

    /// Lends a runner to the scheduler. It arrives after that, with [`Call::Bound`].
    #[inline]
    pub(super) fn lend(&mut self) {
        self.is_lent = true;
        self.expect(Call::Bound);
    }

    /// Stops waiting for a lent runner. Returns the runner that replaces it, for the caller to wake, if a run
    /// waits.
    #[inline]
    pub(super) fn replace_lent(&mut self) -> Option<Arc<Runner>> {
        if !take(&mut self.is_lent) || self.runs.is_empty() || self.free > 0 {
            return None;
        }
        let replacement = self.resting.pop()?;
        self.expect(Call::Free);
        self.keeps_last = true;
        Some(replacement)
    }

    /// Returns true if a run may wait for the thread of the scheduler, because that thread keeps the runner
    /// that it called last. The caller frees that runner.
    #[inline]
    pub(super) fn free_last(&mut self) -> bool {
        take(&mut self.keeps_last) && !self.runs.is_empty()
    }

    /// Lets runners rest. The caller spawns one with [`Call::Free`], so that there is a replacement.
    pub(super) fn engage(&mut self) {
        self.dismissed = false;
        self.expect(Call::Free);
    }

    /// Stops runners from resting. Returns those that do, for the caller to wake, and the runs that have not
    /// begun.
    pub(super) fn dismiss(&mut self) -> (Vec<Arc<Runner>>, VecDeque<Arc<Run>>) {
        self.dismissed = true;
        let resting = take(&mut self.resting);
        for _ in &resting {
            self.expect(Call::Free);
        }
        (resting, take(&mut self.runs))
    }

    #[inline]
    fn call(&mut self, call: Call) -> Callee {
        self.expect(call);
        // The last one stays as the replacement of a lent runner.
        let runner = if self.resting.len() > 1 {
            self.resting.pop()
        } else {
            None
        };
        runner.map_or(Callee::New, Callee::Resting)
    }
}
