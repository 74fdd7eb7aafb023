//! Finds and counts starts that were due and are not made.

use super::decide::Start;
use super::event::{Event, SkipReason};
use super::hold::HeldBy;
use super::run::RunEnd;
use super::standing::starts_that_came;
use super::state::State;
use crate::task::Overlap;
use crate::task_id::TaskId;
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// How long a run takes before overlapping starts are looked for: a start that comes and goes within less goes unnoticed.
const NOTICEABLE: Delta = Delta(100_000);

impl State {
    /// Counts the starts of a task that came while a run was under way, and are not made because of it. The run ends now.
    #[inline]
    pub(crate) fn skip_overlapped(&mut self, ended: &RunEnd, now: Timestamp) {
        if ended.start.saturating_add(NOTICEABLE) <= now {
            self.count_overlapped(ended, now);
        }
    }

    fn count_overlapped(&mut self, ended: &RunEnd, now: Timestamp) {
        let entry = self.task(ended.task);
        let mut running = entry.running.iter();
        let is_open = running.any(|running| running.run.number == ended.number);
        if is_open
            && entry.spec.overlap == Overlap::Skip
            && !entry.disabled
            && entry.is_full()
            && self.longest_pause(ended.task, now).is_none()
        {
            let count = starts_that_came(self, ended.task, (ended.start, now));
            self.skip(ended.task, SkipReason::Overlap, count);
        }
    }

    /// Reports that something else, or nothing, holds a task back now; counts a start that was held until it was no longer
    /// due.
    pub(crate) fn hold_changed(&mut self, id: TaskId, before: Option<HeldBy>, start: Start, now: Timestamp) {
        match before {
            Some(HeldBy::Pool) if start == Start::No => self.skip(id, SkipReason::Pool, 1),
            Some(HeldBy::Log) if start == Start::No => self.skip(id, SkipReason::Log, 1),
            _ => {}
        }
        if self.events.is_wanted()
            && let Some(hold) = self.waits_for(id, now)
        {
            let task = self.task(id).spec.name.clone();
            self.events.push(|| Event::Held { task, hold });
        }
    }

    /// Counts starts of a task that are not made.
    pub(crate) fn skip(&mut self, id: TaskId, reason: SkipReason, count: u64) {
        if count == 0 {
            return;
        }
        self.skips.add(id, reason, count);
        let task = self.tasks[id.index()].spec.name.clone();
        self.events.push(|| Event::Skipped { task, reason, count });
    }
}
