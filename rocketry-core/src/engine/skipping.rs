//! Finds and counts starts that were due and are not made.

use super::decide::Start;
use super::event::{Event, SkipReason};
use super::hold::HeldBy;
use super::run::RunEnd;
use super::standing::{starts_that_came, walk};
use super::state::State;
use crate::task::Overlap;
use crate::task_id::TaskId;
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// The shortest run for which overlapping starts are searched: a start that comes and goes within less time
/// is not noticed.
const NOTICEABLE: Delta = Delta(100_000);

impl State {
    /// Counts the starts of a task that came while a run was in progress, and are not made because of it. The run ends now.
    #[inline]
    pub(crate) fn skip_overlapped(&mut self, ended: &RunEnd, now: Timestamp) {
        if ended.start.saturating_add(NOTICEABLE) <= now {
            self.count_overlapped(ended, now);
        }
    }

    fn count_overlapped(&mut self, ended: &RunEnd, now: Timestamp) {
        let entry = self.task(ended.task);
        let mut running = entry.runs.running.iter();
        let is_open = running.any(|running| running.run.number == ended.number);
        if is_open
            && entry.spec.overlap == Overlap::Skip
            && !entry.disabled
            && entry.is_full()
            && self.longest_pause(ended.task, now).is_none()
        {
            let (due, late) = starts_that_came(self, ended.task, (ended.start, now));
            if self.makes_up_for_all(ended.task) {
                self.catch_up_as_well(ended.task, &due, late, now);
            } else {
                self.skip(ended.task, SkipReason::Overlap, &due);
            }
        }
    }

    /// Counts a start that was held until it was no longer due, and those that came meanwhile.
    pub(crate) fn skip_held(&mut self, id: TaskId, before: Option<HeldBy>, start: Start, now: Timestamp) {
        let reason = match before {
            Some(HeldBy::Pool) if start == Start::No => SkipReason::Pool,
            Some(HeldBy::Log) if start == Start::No => SkipReason::Log,
            _ => return,
        };
        let waiting = self.pools.wait_of(id);
        let since = waiting.map_or_else(|| self.due_at(id, now), |waiting| waiting.position.1);
        let mut due = lost_starts(self, id, (since, now));
        if due.is_empty() {
            due.push(since);
        }
        self.skip(id, reason, &due);
    }

    /// Counts the starts of a task that came while the app was late, from an instant to another, and are not due any more.
    pub(crate) fn skip_misfires(&mut self, id: TaskId, (from, to): (Timestamp, Timestamp)) {
        let entry = self.task(id);
        let is_counted_otherwise = entry.is_full() && entry.spec.overlap == Overlap::Skip;
        if !is_counted_otherwise {
            let due = lost_starts(self, id, (from, to));
            self.skip(id, SkipReason::Misfire, &due);
        }
    }

    /// Reports that something else, or nothing, holds a task back now.
    pub(crate) fn hold_changed(&mut self, id: TaskId, now: Timestamp) {
        if self.events.is_wanted()
            && let Some(hold) = self.waits_for(id, now)
        {
            let task = self.task(id).spec.name.clone();
            self.events.push(|| Event::Held { task, hold });
        }
    }

    /// Counts starts of a task that are not made, given when each was due.
    pub(crate) fn skip(&mut self, id: TaskId, reason: SkipReason, due: &[Timestamp]) {
        if due.is_empty() {
            return;
        }
        let task = self.tasks[id].spec.name.clone();
        self.skips.add(id, &task, reason, due);
        let count = due.len() as u64;
        self.events.push(|| Event::Skipped { task, reason, count });
    }
}

/// Returns the starts of a task that came and went between two instants. The results of custom conditions in
/// between are unknown.
fn lost_starts(state: &State, id: TaskId, (from, to): (Timestamp, Timestamp)) -> Vec<Timestamp> {
    let start = state.task(id).spec.start.as_ref();
    if start.is_none_or(|start| !start.plan.customs().is_empty()) {
        return Vec::new();
    }
    let (mut lost, mut since) = (Vec::new(), None);
    walk(state, id, (from, to), |at, holds| {
        match since {
            Some(due) if !holds => lost.push(due),
            _ => {}
        }
        since = holds.then(|| since.unwrap_or(at));
        None::<()>
    });
    lost
}
