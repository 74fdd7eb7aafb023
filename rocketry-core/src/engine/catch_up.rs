//! Starts that were missed and are made up for.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::run::RunNumber;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// How many starts of a task are made up for at most.
pub(crate) const MOST: usize = 10_000;

/// Up to when starts of a task were looked after, and those that are made up for, as the run log keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CatchUpOrder {
    until: Timestamp,
    instants: Vec<Timestamp>,
}

/// How far the task has come since, as the run log keeps it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CatchUpPlace {
    /// How many of the instants have begun.
    begun: usize,
    /// The instants whose runs are under way.
    running: Vec<Timestamp>,
}

/// The starts of a task that are made up for.
#[derive(Clone, Debug)]
pub(crate) struct CatchUpStarts {
    /// Up to when starts were looked after.
    until: Timestamp,
    instants: VecDeque<Timestamp>,
    /// How many instants have begun since they were last written as a whole.
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

    /// The place after the order has been written as a whole.
    pub(crate) fn place(&self) -> CatchUpPlace {
        CatchUpPlace {
            begun: 0,
            running: self.running.iter().map(|(_, due)| *due).collect(),
        }
    }
}

/// The starts that are made up for, by task. Only tasks with the option have an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct CatchUps(HashMap<TaskId, CatchUpStarts>);

impl CatchUps {
    /// Those of one task, under another id.
    pub(super) fn of_one(&self, id: TaskId, other: TaskId) -> Self {
        CatchUps(
            self.0
                .get(&id)
                .map(|starts| (other, starts.clone()))
                .into_iter()
                .collect(),
        )
    }

    /// Up to when starts of a task were looked after.
    pub(crate) fn until(&self, id: TaskId) -> Option<Timestamp> {
        Some(self.0.get(&id)?.until)
    }

    /// Notes up to when starts of a task were looked after, and adds those to make up for.
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

    /// How many starts of a task are still to be made.
    pub(crate) fn left(&self, id: TaskId) -> usize {
        self.0.get(&id).map_or(0, |starts| starts.instants.len())
    }

    /// Whether a start of a task is still to be made or under way.
    pub(crate) fn is_open(&self, id: TaskId) -> bool {
        let starts = self.0.get(&id);
        starts.is_some_and(|starts| !starts.instants.is_empty() || !starts.running.is_empty())
    }

    /// The next start that is made up for: one at a time.
    #[inline]
    pub(crate) fn next(&self, id: TaskId) -> Option<Timestamp> {
        let starts = self.0.get(&id)?;
        starts
            .instants
            .front()
            .filter(|_| starts.running.is_empty())
            .copied()
    }

    /// Takes the next start, whose run begins.
    pub(crate) fn begin(&mut self, id: TaskId, run: RunNumber) -> Option<CatchUpPlace> {
        let starts = self.0.get_mut(&id)?;
        let due = starts.instants.pop_front()?;
        starts.running.push((run, due));
        starts.begun += 1;
        Some(starts.written_place())
    }

    /// Goes on with a run that makes up for a start.
    pub(crate) fn adopt(&mut self, id: TaskId, run: RunNumber, due: Timestamp) {
        if let Some(starts) = self.0.get_mut(&id) {
            // It was to be made again, as if the app had crashed.
            starts.instants.retain(|instant| *instant != due);
            starts.running.push((run, due));
        }
    }

    /// Notes the end of a run, if it makes up for a start.
    #[inline]
    pub(crate) fn end(&mut self, id: TaskId, run: RunNumber) -> Option<CatchUpPlace> {
        let starts = self.0.get_mut(&id)?;
        let index = starts.running.iter().position(|(number, _)| *number == run)?;
        starts.running.swap_remove(index);
        Some(starts.written_place())
    }

    /// Takes up what an earlier life of the app has left.
    pub(crate) fn restore(&mut self, id: TaskId, CatchUpOrder { until, instants }: CatchUpOrder) {
        self.add(id, until, &instants);
    }

    /// Takes up how far it came. Runs that were under way were cut off, and are made `again` or not.
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

    /// Takes out the starts of a task that are still to be made. A run under way goes on.
    pub(crate) fn clear(&mut self, id: TaskId) -> Vec<Timestamp> {
        let Some(starts) = self.0.get_mut(&id) else {
            return Vec::new();
        };
        starts.begun = 0;
        starts.instants.drain(..).collect()
    }

    /// Forgets a task; returns the starts that were still to be made.
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
    /// The place, counted from when the order was last written.
    fn written_place(&self) -> CatchUpPlace {
        CatchUpPlace {
            begun: self.begun,
            ..self.place()
        }
    }
}
