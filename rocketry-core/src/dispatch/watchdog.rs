//! Finds runs on the runtime that block their thread.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::task_id::TaskId;
use crate::time::Timestamp;

/// How many threads are told apart. Where there are more, some share a slot, and the last poll in it is seen.
const SLOTS: usize = 64;

thread_local! {
    /// The thread's slot, and how many watchdog it has begun.
    static SLOT: (usize, Cell<u32>) = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        (NEXT.fetch_add(1, Ordering::Relaxed) % SLOTS, Cell::new(0))
    };
}

/// The poll that each thread is at. A poll costs two stores; reading the clock would cost more than many a run.
pub(crate) struct Watchdog {
    /// How long a run may go on without an `await` before it is reported; `None` reports none. A run is reported at the
    /// second look, so after twice this at the latest.
    patience: Option<Duration>,
    slots: [Slot; SLOTS],
    looked: Mutex<Looked>,
}

/// The poll under way on a thread: its task and its number, or zero. It has a cache line of its own.
#[derive(Default)]
#[repr(align(64))]
struct Slot(AtomicU64);

/// What the last look saw, and when it was.
struct Looked {
    at: Timestamp,
    seen: [u64; SLOTS],
}

impl Watchdog {
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        Watchdog {
            patience,
            slots: std::array::from_fn(|_| Slot::default()),
            looked: Mutex::new(Looked {
                at: Timestamp::MIN,
                seen: [0; SLOTS],
            }),
        }
    }

    /// Watchdog a run of a task.
    pub(crate) fn during<T>(&self, task: TaskId, poll: impl FnOnce() -> T) -> T {
        let slot = SLOT.with(|(slot, watchdog)| {
            // Never zero, whatever the task is.
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

    /// The tasks whose runs were at the same poll at the last look already, and at none of the looks before it.
    pub(crate) fn look(&self, now: Timestamp) -> Vec<TaskId> {
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
            // Answer once for each such poll.
            *seen = 0;
            blocked.extend(u32::try_from(poll >> 32).map(TaskId::new));
        }
        blocked
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Watchdog;
    use crate::task_id::TaskId;
    use crate::time::Timestamp;

    const PATIENCE: Duration = Duration::from_millis(200);

    fn after(looks: i64) -> Timestamp {
        let patience = i64::try_from(PATIENCE.as_micros()).unwrap();
        Timestamp::from_micros(looks * patience)
    }

    #[test]
    fn a_poll_that_is_there_at_two_looks_blocks_and_is_told_once() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        let told = watchdog.during(TaskId::new(7), || {
            [1, 2, 3].map(|looks| watchdog.look(after(looks)))
        });
        assert_eq!(told, [vec![], vec![TaskId::new(7)], vec![]]);
    }

    #[test]
    fn many_short_polls_of_one_task_do_not_block() {
        let watchdog = Watchdog::new(Some(PATIENCE));
        for looks in 1..10 {
            let told = watchdog.during(TaskId::new(7), || watchdog.look(after(looks)));
            assert_eq!(told, []);
        }
        assert_eq!(watchdog.look(after(10)), []);
    }

    #[test]
    fn whoever_is_never_to_be_told_is_not() {
        let watchdog = Watchdog::new(None);
        let told = watchdog.during(TaskId::new(7), || {
            [1, 2, 3].map(|looks| watchdog.look(after(looks)))
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
