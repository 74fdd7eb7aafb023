//! Pools: limits that several tasks share.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cond::TaskId;
use crate::error::did_you_mean;
use crate::time::Timestamp;

/// The pool of all runs that are in processes of their own. No user's pool can have this name.
pub(crate) const PROCESSES: &str = "processes of their own";

/// The pools of an app.
#[derive(Debug)]
pub(crate) struct Pools(Vec<Pool>);

/// A pool's place in its app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolId(usize);

/// Each so many turns the run that has waited longest goes first, whatever its priority is, lest it waits for ever.
const TURN_OF_AGE: u64 = 10;

/// Where a run that has to wait stands in the queue: by priority, then by age.
pub(crate) type Place = (Reverse<i32>, Timestamp, TaskId);

#[derive(Debug)]
struct Pool {
    name: Arc<str>,
    size: usize,
    used: usize,
    /// How many runs were let in.
    turns: u64,
    waiting: BTreeSet<Place>,
    /// The same, the longest wait first.
    by_age: BTreeSet<Age>,
}

/// A place, ordered by age.
type Age = (Timestamp, TaskId, Reverse<i32>);

fn age((priority, since, task): Place) -> Age {
    (since, task, priority)
}

impl Pools {
    /// The pools of these names and sizes.
    pub(crate) fn new<'a>(sizes: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let pool = |(name, size): (&str, usize)| Pool {
            name: name.into(),
            size,
            used: 0,
            turns: 0,
            waiting: BTreeSet::new(),
            by_age: BTreeSet::new(),
        };
        Pools(sizes.into_iter().map(pool).collect())
    }

    /// The pool of this name.
    ///
    /// # Errors
    ///
    /// Says that there is none, with the nearest name.
    pub(crate) fn find(&self, name: &str) -> Result<PoolId, String> {
        let found = self.0.iter().position(|pool| *pool.name == *name).map(PoolId);
        found.ok_or_else(|| {
            let near = did_you_mean(name, self.0.iter().map(|pool| &*pool.name));
            format!("there is no pool `{name}`{near}")
        })
    }

    /// The first of these pools in which a run finds no room, counting those whose turn comes before.
    pub(crate) fn full(&self, pools: &[PoolId], place: Place) -> Option<PoolId> {
        pools
            .iter()
            .copied()
            .find(|&id| !self.0[id.0].has_room_for(place))
    }

    /// Takes room for a run, beyond the size of a pool if it must be.
    pub(crate) fn enter(&mut self, pools: &[PoolId]) {
        for id in pools {
            self.0[id.0].used += 1;
            self.0[id.0].turns += 1;
        }
    }

    /// Gives the room of a run back.
    pub(crate) fn leave(&mut self, pools: &[PoolId]) {
        for id in pools {
            let pool = &mut self.0[id.0];
            pool.used = pool.used.saturating_sub(1);
        }
    }

    /// Puts a run into the queue of a pool.
    pub(crate) fn wait(&mut self, id: PoolId, place: Place) {
        self.0[id.0].waiting.insert(place);
        self.0[id.0].by_age.insert(age(place));
    }

    /// Takes a run out of the queue of a pool.
    pub(crate) fn give_up(&mut self, id: PoolId, place: Place) {
        self.0[id.0].waiting.remove(&place);
        self.0[id.0].by_age.remove(&age(place));
    }

    /// The tasks whose turn it is in a pool: as many as there is room for.
    pub(crate) fn next(&self, id: PoolId) -> Vec<TaskId> {
        let turns = self.0[id.0].turns(None);
        turns.into_iter().map(|(_, _, task)| task).collect()
    }

    /// What a run waits for, in words.
    pub(crate) fn describe(&self, id: PoolId) -> String {
        let Pool { name, size, used, .. } = &self.0[id.0];
        format!("room in the pool `{name}`, where {used} of {size} are in use")
    }
}

impl Pool {
    fn has_room_for(&self, place: Place) -> bool {
        let room = self.size.saturating_sub(self.used);
        self.waiting.len() < room || self.turns(Some(place)).contains(&place)
    }

    /// Whose turn it is if there were one more who waits: as many as there is room for.
    fn turns(&self, more: Option<Place>) -> Vec<Place> {
        let room = self.size.saturating_sub(self.used);
        let mut turns: Vec<Place> = Vec::new();
        while turns.len() < room {
            let free = |place: &Place| !turns.contains(place);
            let next = if (self.turns + turns.len() as u64) % TURN_OF_AGE == TURN_OF_AGE - 1 {
                let waiting = self
                    .by_age
                    .iter()
                    .map(|(since, task, priority)| (*priority, *since, *task));
                let oldest = waiting.into_iter().find(free);
                oldest
                    .into_iter()
                    .chain(more.filter(free))
                    .min_by_key(|place| age(*place))
            } else {
                let first = self.waiting.iter().copied().find(free);
                first.into_iter().chain(more.filter(free)).min()
            };
            let Some(next) = next else { break };
            turns.push(next);
        }
        turns
    }
}
