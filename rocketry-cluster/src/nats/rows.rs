//! The jobs in the order in which they were handed over, with indexes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) lane: Option<String>,
    pub(super) text: String,
    pub(super) attempt: u32,
    pub(super) worker: Option<String>,
    pub(super) is_stopped: bool,
    pub(super) end: Option<String>,
}

/// The jobs by their positions, in ascending order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    all: BTreeMap<u64, Row>,
    next: u64,
    places: HashMap<String, u64>,
    /// The offered jobs that no worker has taken, by lane.
    offered: HashMap<Option<String>, BTreeSet<u64>>,
    ended: BTreeSet<u64>,
    /// The jobs that workers hold and have not ended.
    held: BTreeMap<String, BTreeSet<u64>>,
}

impl Rows {
    /// Adds a job, if there is none with its key.
    pub(super) fn add(&mut self, row: Row) {
        if self.places.contains_key(&row.key) {
            return;
        }
        let place = self.next;
        self.next += 1;
        self.places.insert(row.key.clone(), place);
        self.all.insert(place, row);
        self.note(place);
    }

    /// Adds a job to the index of offered, held or ended jobs.
    fn note(&mut self, place: u64) {
        let Some(row) = self.all.get(&place) else { return };
        let places = match (&row.worker, &row.end) {
            (_, Some(_)) => &mut self.ended,
            (Some(worker), None) => self.held.entry(worker.clone()).or_default(),
            (None, None) => self.offered.entry(row.lane.clone()).or_default(),
        };
        places.insert(place);
    }

    /// Removes a job from the index of offered, held or ended jobs.
    fn leave(&mut self, place: u64) {
        let Some(row) = self.all.get(&place) else { return };
        self.ended.remove(&place);
        if let Some(worker) = &row.worker
            && let Some(held) = self.held.get_mut(worker)
        {
            held.remove(&place);
            if held.is_empty() {
                self.held.remove(worker);
            }
        }
        if let Some(offered) = self.offered.get_mut(&row.lane) {
            offered.remove(&place);
            if offered.is_empty() {
                self.offered.remove(&row.lane);
            }
        }
    }

    /// Changes a job. Returns whether it exists.
    pub(super) fn change(&mut self, place: u64, change: impl FnOnce(&mut Row)) -> bool {
        self.leave(place);
        let is_there = self.all.get_mut(&place).map(change).is_some();
        self.note(place);
        is_there
    }

    /// Removes a job. Returns whether it existed.
    pub(super) fn remove(&mut self, place: u64) -> bool {
        self.leave(place);
        let row = self.all.remove(&place);
        row.is_some_and(|row| self.places.remove(&row.key).is_some())
    }

    /// A job and its position.
    pub(super) fn find(&self, key: &str) -> Option<(u64, &Row)> {
        let place = *self.places.get(key)?;
        Some((place, self.all.get(&place)?))
    }

    /// The job at a place.
    pub(super) fn at(&self, place: u64) -> Option<&Row> {
        self.all.get(&place)
    }

    /// The first jobs that are offered in these lanes or in none, in order, with exceptions.
    pub(super) fn offered(&self, lanes: &[String], but: &[String], most: usize) -> Vec<u64> {
        let lanes = lanes.iter().map(|lane| Some(lane.clone())).chain([None]);
        let offered = lanes.filter_map(|lane| self.offered.get(&lane));
        let is_wanted = |place: &u64| self.all.get(place).is_some_and(|row| !but.contains(&row.key));
        // The first jobs of each lane suffice.
        let first = offered.flat_map(|places| places.iter().copied().filter(is_wanted).take(most));
        let mut first: Vec<u64> = first.collect();
        first.sort_unstable();
        first.dedup();
        first.truncate(most);
        first
    }

    /// All jobs, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Row> {
        self.all.values()
    }

    /// The jobs that have ended, in order.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Row> {
        self.ended.iter().filter_map(|place| self.all.get(place))
    }

    /// The workers that hold jobs.
    pub(super) fn holders(&self) -> impl Iterator<Item = &String> {
        self.held.keys()
    }

    pub(super) fn is_holder(&self, worker: &str) -> bool {
        self.held.contains_key(worker)
    }

    /// The jobs that a worker holds and has not ended, in order.
    pub(super) fn held_by(&self, worker: &str) -> impl Iterator<Item = &Row> {
        let places = self.held.get(worker).into_iter().flatten();
        places.filter_map(|place| self.all.get(place))
    }
}
