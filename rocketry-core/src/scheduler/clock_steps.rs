//! Clock checks of the scheduler: durations stay the same if the wall clock is set.

use super::main_loop::Scheduler;
use crate::time::Timestamp;

impl Scheduler {
    /// Returns the present. If the wall clock was set since the last call, moves everything that waits first.
    #[inline]
    pub(super) fn look_at_clock(&mut self) -> Timestamp {
        let (now, step) = self.steps.look(self.session.clock());
        if let Some(micros) = step {
            self.follow_step(micros, now);
        }
        now
    }

    fn follow_step(&mut self, micros: i64, now: Timestamp) {
        tracing::info!(microseconds = micros, "the wall clock was set");
        self.dispatcher
            .follow_step(&mut self.session.state(), micros, now);
        if let Some(retention) = &mut self.retention {
            retention.next = retention.next.shifted(micros);
        }
        if let Some(trouble) = self.journal.as_mut().and_then(|journal| journal.trouble.as_mut()) {
            trouble.retry = trouble.retry.shifted(micros);
        }
    }
}
