//! Backfills: runs for past instants at which a task was due.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::run::RunNumber;
use crate::log::{Action, Cause};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The progress of a backfill: see [`Backfill`](crate::Backfill).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct BackfillProgress {
    /// The total number of runs.
    pub total: usize,
    /// The number of runs that have started.
    pub begun: usize,
    /// The number of runs in progress.
    pub running: usize,
    /// The number of runs that succeeded.
    pub succeeded: usize,
    /// The number of runs that ended in any other way, including runs that were interrupted by the end of the
    /// app.
    pub failed: usize,
    /// Whether the backfill was cancelled.
    pub cancelled: bool,
}

impl BackfillProgress {
    /// Returns whether all its runs have ended or it was cancelled.
    pub fn is_over(&self) -> bool {
        self.cancelled || self.succeeded + self.failed == self.total
    }
}

/// A backfill in progress, as stored in the run log from its start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BackfillOrder {
    /// The caller that requested it.
    pub(crate) by: Option<Arc<str>>,
    /// The maximum number of its concurrent runs.
    pub(crate) at_a_time: usize,
    /// The instants, in the order of the runs.
    pub(crate) instants: Arc<[Timestamp]>,
}

/// The progress of a backfill, as stored in the run log.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct BackfillPlace {
    pub(crate) begun: usize,
    pub(crate) succeeded: usize,
    pub(crate) failed: usize,
}

/// A backfill in progress.
#[derive(Debug)]
pub(crate) struct OpenBackfill {
    pub(crate) number: u64,
    pub(crate) order: BackfillOrder,
    pub(crate) place: BackfillPlace,
    running: Vec<RunNumber>,
}

impl OpenBackfill {
    /// Returns true if its next run may start.
    fn is_ready(&self) -> bool {
        self.running.len() < self.order.at_a_time && self.place.begun < self.order.instants.len()
    }

    pub(crate) fn progress(&self) -> BackfillProgress {
        BackfillProgress {
            total: self.order.instants.len(),
            begun: self.place.begun,
            running: self.running.len(),
            succeeded: self.place.succeeded,
            failed: self.place.failed,
            cancelled: false,
        }
    }
}

/// The backfills of the app. Each task has at most one in progress.
#[derive(Debug, Default)]
pub(crate) struct Backfills {
    open: HashMap<TaskId, OpenBackfill>,
    /// The last finished backfill of each task.
    over: HashMap<TaskId, (u64, BackfillProgress)>,
    count: u64,
}

impl Backfills {
    /// The backfill of a task that is in progress.
    pub(crate) fn of(&self, id: TaskId) -> Option<&OpenBackfill> {
        self.open.get(&id)
    }

    /// Starts a backfill, or continues one of an earlier life of the app. Returns its number.
    pub(crate) fn start(&mut self, id: TaskId, order: BackfillOrder) -> u64 {
        self.count += 1;
        self.over.remove(&id);
        let backfill = OpenBackfill {
            number: self.count,
            order,
            place: BackfillPlace::default(),
            running: Vec::new(),
        };
        self.open.insert(id, backfill);
        self.count
    }

    /// Continues the backfill of a task from a position. Runs that were in progress have been interrupted.
    pub(crate) fn go_on_from(&mut self, id: TaskId, place: BackfillPlace) {
        if let Some(open) = self.open.get_mut(&id) {
            let begun = place.begun.min(open.order.instants.len());
            let failed = begun.saturating_sub(place.succeeded);
            open.place = BackfillPlace {
                begun,
                failed,
                ..place
            };
        }
    }

    /// Adopts a run that was considered interrupted.
    pub(crate) fn adopt(&mut self, id: TaskId, run: RunNumber) {
        if let Some(open) = self.open.get_mut(&id) {
            open.place.failed = open.place.failed.saturating_sub(1);
            open.running.push(run);
        }
    }

    /// Returns true if the next run of a task's backfill may start.
    #[inline]
    pub(crate) fn is_ready(&self, id: TaskId) -> bool {
        self.open.get(&id).is_some_and(OpenBackfill::is_ready)
    }

    /// The instant and the cause of the next run of a task's backfill.
    pub(crate) fn next(&self, id: TaskId) -> Option<(Timestamp, Cause)> {
        let OpenBackfill { order, place, .. } = self.open.get(&id)?;
        let by = order.by.clone();
        Some((*order.instants.get(place.begun)?, Cause::Backfill { by }))
    }

    /// Counts a run that starts.
    pub(crate) fn begin(&mut self, id: TaskId, run: RunNumber) -> Option<BackfillPlace> {
        let open = self.open.get_mut(&id)?;
        open.running.push(run);
        open.place.begun += 1;
        Some(open.place)
    }

    /// Counts the end of a run, if it belongs to the backfill.
    #[inline]
    pub(crate) fn end(&mut self, id: TaskId, run: RunNumber, action: Action) -> Option<BackfillPlace> {
        let open = self.open.get_mut(&id)?;
        let index = open.running.iter().position(|running| *running == run)?;
        open.running.swap_remove(index);
        if action == Action::Success {
            open.place.succeeded += 1;
        } else {
            open.place.failed += 1;
        }
        Some(open.place)
    }

    /// Ends the backfill of a task. Returns its progress.
    pub(crate) fn close(&mut self, id: TaskId, cancelled: bool) -> Option<BackfillProgress> {
        let open = self.open.remove(&id)?;
        let progress = BackfillProgress {
            cancelled,
            ..open.progress()
        };
        self.over.insert(id, (open.number, progress));
        Some(progress)
    }

    /// The progress of a backfill; `None` if the task has had another one since.
    pub(crate) fn progress(&self, id: TaskId, number: u64) -> Option<BackfillProgress> {
        let open = self.open.get(&id).filter(|open| open.number == number);
        let over = self.over.get(&id).filter(|(last, _)| *last == number);
        open.map(OpenBackfill::progress)
            .or(over.map(|(_, progress)| *progress))
    }

    /// The backfills in progress with their tasks.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskId, &OpenBackfill)> {
        self.open.iter().map(|(id, open)| (*id, open))
    }

    /// Forgets a task that was deleted.
    pub(crate) fn forget(&mut self, id: TaskId) {
        self.over.remove(&id);
    }
}
