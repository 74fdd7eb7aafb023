//! Finds runs on the runtime that block their thread, which others have to share.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Part, Session};
use crate::cond::TaskId;
use crate::error::{Error, Kind};
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// How many threads are told apart. Where there are more, some share a place, and the last to enter it is seen.
const PLACES: usize = 64;

thread_local! {
    /// The thread's place, and how many polls it has begun.
    static PLACE: (usize, Cell<u32>) = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        (NEXT.fetch_add(1, Ordering::Relaxed) % PLACES, Cell::new(0))
    };
}

/// What each thread is at: two stores a poll, since the clock would cost more than many a run.
pub(crate) struct Polls {
    /// How long a run may go on without an `await` before it is told of, if it ever is. It is seen at the second look,
    /// so at twice this at the latest.
    patience: Option<Duration>,
    places: [Place; PLACES],
    looked: Mutex<Looked>,
}

/// The poll under way on a thread: its task and its number, or zero. On a cache line of its own.
#[derive(Default)]
#[repr(align(64))]
struct Place(AtomicU64);

/// What was seen at the last look, and when that was.
struct Looked {
    at: Timestamp,
    seen: [u64; PLACES],
}

impl Polls {
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        Polls {
            patience,
            places: std::array::from_fn(|_| Place::default()),
            looked: Mutex::new(Looked {
                at: Timestamp::MIN,
                seen: [0; PLACES],
            }),
        }
    }

    /// Polls a run of a task.
    pub(crate) fn during<T>(&self, task: TaskId, poll: impl FnOnce() -> T) -> T {
        let place = PLACE.with(|(place, polls)| {
            // Never zero, whatever the task is.
            polls.set(polls.get().wrapping_add(1).max(1));
            let place = &self.places[*place].0;
            place.store(
                u64::from(task.0) << 32 | u64::from(polls.get()),
                Ordering::Relaxed,
            );
            place
        });
        let polled = poll();
        place.store(0, Ordering::Relaxed);
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
        for (place, seen) in self.places.iter().zip(&mut looked.seen) {
            let poll = place.0.load(Ordering::Relaxed);
            if poll == 0 || poll != *seen {
                *seen = poll;
                continue;
            }
            // Told once for each such poll.
            *seen = 0;
            blocked.extend(u32::try_from(poll >> 32).map(TaskId::new));
        }
        blocked
    }
}

impl Session {
    /// Tells of tasks whose runs block their threads.
    pub(crate) fn tell_of_blocked(&self, tasks: &[TaskId]) {
        let patience = Delta::from(self.config().blocking_after.unwrap_or_default());
        for task in tasks {
            let name = self.state().task(*task).spec.name.clone();
            let message = format!(
                "a run blocks its thread, which others wait for: it has gone on for over {patience} without an `await`; \
                 run it with `execution = \"thread\"`, or let it `await` now and then"
            );
            self.fail(Part::Blocking, Some(&name), Error::new(Kind::State, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Polls;
    use crate::cond::TaskId;
    use crate::time::Timestamp;

    const PATIENCE: Duration = Duration::from_millis(200);

    fn after(looks: i64) -> Timestamp {
        let patience = i64::try_from(PATIENCE.as_micros()).unwrap();
        Timestamp::from_micros(looks * patience)
    }

    #[test]
    fn a_poll_that_is_there_at_two_looks_blocks_and_is_told_once() {
        let polls = Polls::new(Some(PATIENCE));
        let told = polls.during(TaskId::new(7), || [1, 2, 3].map(|looks| polls.look(after(looks))));
        assert_eq!(told, [vec![], vec![TaskId::new(7)], vec![]]);
    }

    #[test]
    fn many_short_polls_of_one_task_do_not_block() {
        let polls = Polls::new(Some(PATIENCE));
        for looks in 1..10 {
            let told = polls.during(TaskId::new(7), || polls.look(after(looks)));
            assert_eq!(told, []);
        }
        assert_eq!(polls.look(after(10)), []);
    }

    #[test]
    fn whoever_is_never_to_be_told_is_not() {
        let polls = Polls::new(None);
        let told = polls.during(TaskId::new(7), || [1, 2, 3].map(|looks| polls.look(after(looks))));
        assert_eq!(told, [vec![], vec![], vec![]]);
    }

    #[test]
    fn looks_that_follow_at_once_count_as_one() {
        let polls = Polls::new(Some(PATIENCE));
        let told = polls.during(TaskId::new(0), || {
            let almost = Timestamp::from_micros(after(2).as_micros() - 1);
            [after(1), after(1), almost, after(2)].map(|now| polls.look(now).len())
        });
        assert_eq!(told, [0, 0, 0, 1]);
    }
}
