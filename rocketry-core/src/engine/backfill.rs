//! Backfills: runs for past instants at which a task was due.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::run::RunNumber;
use crate::log::{Action, Cause};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// How far a backfill has come: see [`Backfill`](crate::Backfill).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct BackfillProgress {
    /// How many runs it makes.
    pub total: usize,
    /// How many of them have begun.
    pub begun: usize,
    /// How many are under way.
    pub running: usize,
    /// How many have succeeded.
    pub succeeded: usize,
    /// How many have ended otherwise. A run that was cut off with its app counts as well.
    pub failed: usize,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

impl BackfillProgress {
    /// Whether all its runs have ended, or it was cancelled.
    pub fn is_over(&self) -> bool {
        self.cancelled || self.succeeded + self.failed == self.total
    }
}

/// A backfill that is under way, as the run log keeps it from its start on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BackfillOrder {
    /// Who asked for it.
    pub(crate) by: Option<Arc<str>>,
    /// How many of its runs are under way at a time.
    pub(crate) at_a_time: usize,
    /// The instants, in the order of the runs.
    pub(crate) instants: Arc<[Timestamp]>,
}

/// How far a backfill has come, as the run log keeps it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct BackfillPlace {
    pub(crate) begun: usize,
    pub(crate) succeeded: usize,
    pub(crate) failed: usize,
}

/// A backfill that is under way.
#[derive(Debug)]
pub(crate) struct OpenBackfill {
    pub(crate) number: u64,
    pub(crate) order: BackfillOrder,
    pub(crate) place: BackfillPlace,
    running: Vec<RunNumber>,
}

impl OpenBackfill {
    /// Whether its next run may begin.
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

/// The backfills of the app: at most one of each task is under way.
#[derive(Debug, Default)]
pub(crate) struct Backfills {
    open: HashMap<TaskId, OpenBackfill>,
    /// The last one of each task that is over.
    over: HashMap<TaskId, (u64, BackfillProgress)>,
    count: u64,
}

impl Backfills {
    /// The backfill of a task that is under way.
    pub(crate) fn of(&self, id: TaskId) -> Option<&OpenBackfill> {
        self.open.get(&id)
    }

    /// Starts a backfill, or goes on with one of an earlier life of the app. Returns its number.
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

    /// Goes on with the backfill of a task from a place. Runs that were under way have been cut off.
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

    /// Goes on with a run that was taken for cut off.
    pub(crate) fn adopt(&mut self, id: TaskId, run: RunNumber) {
        if let Some(open) = self.open.get_mut(&id) {
            open.place.failed = open.place.failed.saturating_sub(1);
            open.running.push(run);
        }
    }

    /// Whether the next run of a task's backfill may begin.
    #[inline]
    pub(crate) fn is_ready(&self, id: TaskId) -> bool {
        self.open.get(&id).is_some_and(OpenBackfill::is_ready)
    }

    /// The instant for which the next run of a task's backfill is made, and its cause.
    pub(crate) fn next(&self, id: TaskId) -> Option<(Timestamp, Cause)> {
        let OpenBackfill { order, place, .. } = self.open.get(&id)?;
        let by = order.by.clone();
        Some((*order.instants.get(place.begun)?, Cause::Backfill { by }))
    }

    /// Counts a run that begins.
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

    /// Ends the backfill of a task; returns how far it has come.
    pub(crate) fn close(&mut self, id: TaskId, cancelled: bool) -> Option<BackfillProgress> {
        let open = self.open.remove(&id)?;
        let progress = BackfillProgress {
            cancelled,
            ..open.progress()
        };
        self.over.insert(id, (open.number, progress));
        Some(progress)
    }

    /// How far a backfill has come; `None` if the task has had another one since.
    pub(crate) fn progress(&self, id: TaskId, number: u64) -> Option<BackfillProgress> {
        let open = self.open.get(&id).filter(|open| open.number == number);
        let over = self.over.get(&id).filter(|(last, _)| *last == number);
        open.map(OpenBackfill::progress)
            .or(over.map(|(_, progress)| *progress))
    }

    /// The backfills under way with their tasks.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskId, &OpenBackfill)> {
        self.open.iter().map(|(id, open)| (*id, open))
    }

    /// Forgets a task that was deleted.
    pub(crate) fn forget(&mut self, id: TaskId) {
        self.over.remove(&id);
    }
}
