//! Catch-ups: the missed starts that a task still makes.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::run::RunNumber;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The maximum number of missed starts of a task in a catch-up.
pub(crate) const MOST: usize = 10_000;

/// A catch-up as the run log stores it: the missed starts to make, and the instant up to which starts were
/// checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CatchUpOrder {
    until: Timestamp,
    instants: Vec<Timestamp>,
}

/// The progress of a catch-up, as the run log stores it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CatchUpPlace {
    /// The number of instants whose runs have started.
    begun: usize,
    /// The instants whose runs are in progress.
    running: Vec<Timestamp>,
}

/// The catch-up of a task.
#[derive(Clone, Debug)]
pub(crate) struct CatchUpStarts {
    /// The instant up to which starts were checked.
    until: Timestamp,
    instants: VecDeque<Timestamp>,
    /// The number of runs that have started since the order was last written.
    begun: usize,
    running: Vec<(RunNumber, Timestamp)>,
}

impl CatchUpStarts {
    pub(crate) fn order(&self) -> CatchUpOrder {
        CatchUpOrder {
            until: self.until,
            instants: self.instants.iter().copied().collect(),
        }
    }

    /// Returns the progress after the order has been written as a whole.
    pub(crate) fn place(&self) -> CatchUpPlace {
        CatchUpPlace {
            begun: 0,
            running: self.running.iter().map(|(_, due)| *due).collect(),
        }
    }
}

/// The catch-ups by task. Only tasks with the option have an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct CatchUps(HashMap<TaskId, CatchUpStarts>);

impl CatchUps {
    /// Returns the catch-up of one task, under another id.
    pub(super) fn of_one(&self, id: TaskId, other: TaskId) -> Self {
        CatchUps(
            self.0
                .get(&id)
                .map(|starts| (other, starts.clone()))
                .into_iter()
                .collect(),
        )
    }

    /// Returns the instant up to which starts of a task were checked.
    pub(crate) fn until(&self, id: TaskId) -> Option<Timestamp> {
        Some(self.0.get(&id)?.until)
    }

    /// Records the instant up to which starts of a task were checked, and adds missed starts.
    pub(crate) fn add(&mut self, id: TaskId, until: Timestamp, instants: &[Timestamp]) {
        let starts = self.0.entry(id).or_insert_with(|| CatchUpStarts {
            until,
            instants: VecDeque::new(),
            begun: 0,
            running: Vec::new(),
        });
        starts.until = until;
        starts.instants.extend(instants);
        starts.begun = 0;
    }

    pub(crate) fn of(&self, id: TaskId) -> Option<&CatchUpStarts> {
        self.0.get(&id)
    }

    /// Returns how many missed starts of a task are still to be made.
    pub(crate) fn left(&self, id: TaskId) -> usize {
        self.0.get(&id).map_or(0, |starts| starts.instants.len())
    }

    /// Returns true if a start of a task is still to be made or in progress.
    pub(crate) fn is_open(&self, id: TaskId) -> bool {
        let starts = self.0.get(&id);
        starts.is_some_and(|starts| !starts.instants.is_empty() || !starts.running.is_empty())
    }

    /// Returns the next missed start. Only one is made at a time.
    #[inline]
    pub(crate) fn next(&self, id: TaskId) -> Option<Timestamp> {
        let starts = self.0.get(&id)?;
        starts
            .instants
            .front()
            .filter(|_| starts.running.is_empty())
            .copied()
    }

    /// Takes the next missed start, whose run starts.
    pub(crate) fn begin(&mut self, id: TaskId, run: RunNumber) -> Option<CatchUpPlace> {
        let starts = self.0.get_mut(&id)?;
        let due = starts.instants.pop_front()?;
        starts.running.push((run, due));
        starts.begun += 1;
        Some(starts.written_place())
    }

    /// Adopts a run for a missed start.
    pub(crate) fn adopt(&mut self, id: TaskId, run: RunNumber, due: Timestamp) {
        if let Some(starts) = self.0.get_mut(&id) {
            // The run was to be repeated, as if the app had crashed.
            starts.instants.retain(|instant| *instant != due);
            starts.running.push((run, due));
        }
    }

    /// Records the end of a run, if it is for a missed start.
    #[inline]
    pub(crate) fn end(&mut self, id: TaskId, run: RunNumber) -> Option<CatchUpPlace> {
        let starts = self.0.get_mut(&id)?;
        let index = starts.running.iter().position(|(number, _)| *number == run)?;
        starts.running.swap_remove(index);
        Some(starts.written_place())
    }

    /// Restores the catch-up of an earlier life of the app.
    pub(crate) fn restore(&mut self, id: TaskId, CatchUpOrder { until, instants }: CatchUpOrder) {
        self.add(id, until, &instants);
    }

    /// Restores the progress. Runs that were in progress were interrupted; they are repeated if `again`.
    pub(crate) fn go_on_from(&mut self, id: TaskId, place: CatchUpPlace, again: bool) {
        if let Some(starts) = self.0.get_mut(&id) {
            let begun = place.begun.min(starts.instants.len());
            starts.instants.drain(..begun);
            starts.begun = begun;
            for due in place.running.into_iter().rev().filter(|_| again) {
                starts.instants.push_front(due);
            }
        }
    }

    /// Removes the missed starts that are still to be made. A run in progress continues.
    pub(crate) fn clear(&mut self, id: TaskId) -> Vec<Timestamp> {
        let Some(starts) = self.0.get_mut(&id) else {
            return Vec::new();
        };
        starts.begun = 0;
        starts.instants.drain(..).collect()
    }

    /// Removes a task. Returns the missed starts that were still to be made.
    pub(crate) fn remove(&mut self, id: TaskId) -> Option<Vec<Timestamp>> {
        if self.0.is_empty() {
            // A map hashes the key first.
            return None;
        }
        Some(self.0.remove(&id)?.instants.into())
    }

    /// The tasks with the option.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskId, &CatchUpStarts)> {
        self.0.iter().map(|(id, starts)| (*id, starts))
    }
}

impl CatchUpStarts {
    /// Returns the progress since the order was last written.
    fn written_place(&self) -> CatchUpPlace {
        CatchUpPlace {
            begun: self.begun,
            ..self.place()
        }
    }
}
