//! Detects user code that blocks a thread of the runtime: runs, and calls by the scheduler.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::user_calls::{Called, CurrentCall};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The number of threads that are told apart. If there are more, some share a slot, and only the last poll in
/// it is visible.
const SLOTS: usize = 64;

thread_local! {
    /// The slot of the thread, and the number of polls that it has begun.
    static SLOT: (usize, Cell<u32>) = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        (NEXT.fetch_add(1, Ordering::Relaxed) % SLOTS, Cell::new(0))
    };
}

/// The current poll of each thread. A poll costs two stores; reading the clock would cost more than many
/// runs.
pub(crate) struct Watchdog {
    /// How long a run may continue without an `await` before it is reported; `None` reports none. A run is
    /// reported at the second look, so after at most twice this time.
    patience: Option<Duration>,
    slots: [Slot; SLOTS],
    /// The calls by the scheduler.
    pub(crate) calls: CurrentCall,
    looked: Mutex<Looked>,
}

/// The current poll of a thread: its task and its number, or zero. It has its own cache line.
#[derive(Default)]
#[repr(align(64))]
struct Slot(AtomicU64);

/// The result and the time of the last look.
struct Looked {
    at: Timestamp,
    seen: [u64; SLOTS],
    call: u64,
}

/// Code that blocks its thread.
#[derive(Clone, Debug)]
pub(crate) enum Blocked {
    /// A run of a task on the runtime.
    Run(TaskId),
    /// A call by the scheduler.
    Scheduler(Called),
}

impl Watchdog {
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        Watchdog {
            patience,
            slots: std::array::from_fn(|_| Slot::default()),
            calls: CurrentCall::default(),
            looked: Mutex::new(Looked {
                at: Timestamp::MIN,
                seen: [0; SLOTS],
                call: 0,
            }),
        }
    }

    /// Polls a run of a task.
    #[inline]
    pub(crate) fn during<T>(&self, task: TaskId, poll: impl FnOnce() -> T) -> T {
        let slot = SLOT.with(|(slot, watchdog)| {
            // Never zero, for any task.
            watchdog.set(watchdog.get().wrapping_add(1).max(1));
            let slot = &self.slots[*slot].0;
            slot.store(
                u64::from(task.0) << 32 | u64::from(watchdog.get()),
                Ordering::Relaxed,
            );
            slot
        });
        let polled = poll();
        slot.store(0, Ordering::Relaxed);
        polled
    }

    /// The runs that were already at the same poll at the last look, and at no look before it; likewise for
    /// calls by the scheduler.
    pub(crate) fn look(&self, now: Timestamp) -> Vec<Blocked> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if self
            .patience
            .is_none_or(|patience| now.since(looked.at) < patience)
        {
            return Vec::new();
        }
        looked.at = now;
        let mut blocked = Vec::new();
        for (slot, seen) in self.slots.iter().zip(&mut looked.seen) {
            let poll = slot.0.load(Ordering::Relaxed);
            if poll == 0 || poll != *seen {
                *seen = poll;
                continue;
            }
            // Reports each such poll once.
            *seen = 0;
            blocked.extend(u32::try_from(poll >> 32).map(|task| Blocked::Run(TaskId::new(task))));
        }
        let call = self.calls.number();
        if call > 0 && call == looked.call {
            looked.call = 0;
            blocked.extend(self.calls.get().map(Blocked::Scheduler));
        } else {
            looked.call = call;
        }
        blocked
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Blocked, Watchdog};
    use crate::dispatch::user_calls::Called;
    use crate::task_id::TaskId;
    use crate::time::Timestamp;

    const PATIENCE: Duration = Duration::from_millis(200);

    fn after(looks: i64) -> Timestamp {
        let patience = i64::try_from(PATIENCE.as_micros()).unwrap();
        Timestamp::from_micros(looks * patience)
    }

    /// The tasks that a look finds.
    fn found(watchdog: &Watchdog, now: Timestamp) -> Vec<TaskId> {
        let tasks = watchdog.look(now).into_iter().map(|blocked| match blocked {
            Blocked::Run(task) | Blocked::Scheduler(Called::Main(task)) => task,
            Blocked::Scheduler(other) => panic!("{other:?}"),
        });
        tasks.collect()
    }

    #[test]
    fn a_poll_that_is_there_at_two_looks_blocks_and_is_reported_once() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        let told = watchdog.during(TaskId::new(7), || {
            [1, 2, 3].map(|looks| found(&watchdog, after(looks)))
        });
        assert_eq!(told, [vec![], vec![TaskId::new(7)], vec![]]);
    }

    #[test]
    fn a_call_of_the_scheduler_that_is_there_at_two_looks_blocks() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        let called = || Called::Main(TaskId::new(7));
        let told = watchdog
            .calls
            .during(called(), || [1, 2, 3].map(|looks| found(&watchdog, after(looks))));
        assert_eq!(told, [vec![], vec![TaskId::new(7)], vec![]]);
        for looks in 4..10 {
            let told = watchdog.calls.during(called(), || found(&watchdog, after(looks)));
            assert_eq!(told, [], "another call each time");
        }
        assert_eq!(found(&watchdog, after(10)), []);
    }

    #[test]
    fn many_short_polls_of_one_task_do_not_block() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        for looks in 1..10 {
            let told = watchdog.during(TaskId::new(7), || found(&watchdog, after(looks)));
            assert_eq!(told, []);
        }
        assert_eq!(found(&watchdog, after(10)), []);
    }

    #[test]
    fn a_call_without_a_time_limit_is_never_reported() {
        let watchdog = Watchdog::new(None);
        let told = watchdog.during(TaskId::new(7), || {
            [1, 2, 3].map(|looks| found(&watchdog, after(looks)))
        });
        assert_eq!(told, [vec![], vec![], vec![]]);
    }

    #[test]
    fn looks_that_follow_at_once_count_as_one() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        let told = watchdog.during(TaskId::new(0), || {
            let almost = Timestamp::from_micros(after(2).as_micros() - 1);
            [after(1), after(1), almost, after(2)].map(|now| watchdog.look(now).len())
        });
        assert_eq!(told, [0, 0, 0, 1]);
    }
}
