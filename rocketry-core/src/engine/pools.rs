//! Pools: limits that several tasks share.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::did_you_mean;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The pool of all runs that are in processes of their own. No user's pool can have this name.
pub(crate) const PROCESSES: &str = "processes of their own";

/// The pools of an app.
#[derive(Debug)]
pub(crate) struct Pools(Vec<Pool>);

/// Identifies a pool within its app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolId(usize);

/// Every tenth admission goes to the run that has waited longest, whatever its priority, so that none starves.
const TURN_OF_AGE: u64 = 10;

/// The position of a waiting run in the queue of a pool: by priority, then by age.
pub(crate) type QueuePosition = (Reverse<i32>, Timestamp, TaskId);

#[derive(Debug)]
struct Pool {
    name: Arc<str>,
    size: usize,
    used: usize,
    /// How many runs were admitted.
    turns: u64,
    waiting: BTreeSet<QueuePosition>,
    /// The same, the longest wait first.
    by_age: BTreeSet<Age>,
}

/// A position, ordered by age.
type Age = (Timestamp, TaskId, Reverse<i32>);

fn age((priority, since, task): QueuePosition) -> Age {
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

    /// The first of these pools that has no room for a run, given the runs whose turn comes first.
    pub(crate) fn full(&self, pools: &[PoolId], position: QueuePosition) -> Option<PoolId> {
        pools
            .iter()
            .copied()
            .find(|&id| !self.0[id.0].has_room_for(position))
    }

    /// Takes room for a run, beyond the size of a pool if the run is already decided on.
    pub(crate) fn enter(&mut self, pools: &[PoolId]) {
        for id in pools {
            self.0[id.0].used += 1;
            self.0[id.0].turns += 1;
        }
    }

    /// Returns the room of a run.
    pub(crate) fn leave(&mut self, pools: &[PoolId]) {
        for id in pools {
            let pool = &mut self.0[id.0];
            pool.used = pool.used.saturating_sub(1);
        }
    }

    /// Puts a run into the queue of a pool.
    pub(crate) fn wait(&mut self, id: PoolId, position: QueuePosition) {
        self.0[id.0].waiting.insert(position);
        self.0[id.0].by_age.insert(age(position));
    }

    /// Takes a run out of the queue of a pool.
    pub(crate) fn leave_queue(&mut self, id: PoolId, position: QueuePosition) {
        self.0[id.0].waiting.remove(&position);
        self.0[id.0].by_age.remove(&age(position));
    }

    /// The tasks whose turn it is in a pool: as many as there is room for.
    pub(crate) fn next(&self, id: PoolId) -> Vec<TaskId> {
        let turns = self.0[id.0].turns(None);
        turns.into_iter().map(|(_, _, task)| task).collect()
    }

    /// The name and the size of a pool, and how many runs are in it.
    pub(crate) fn usage(&self, id: PoolId) -> (&Arc<str>, usize, usize) {
        let Pool { name, size, used, .. } = &self.0[id.0];
        (name, *size, *used)
    }

    /// How many waiting runs are ahead of a position.
    pub(crate) fn ahead(&self, id: PoolId, position: QueuePosition) -> usize {
        self.0[id.0].waiting.range(..position).count()
    }
}

impl Pool {
    fn has_room_for(&self, position: QueuePosition) -> bool {
        let room = self.size.saturating_sub(self.used);
        self.waiting.len() < room || self.turns(Some(position)).contains(&position)
    }

    /// The waiting runs whose turn it is, given one `more`: as many as there is room for.
    fn turns(&self, more: Option<QueuePosition>) -> Vec<QueuePosition> {
        let room = self.size.saturating_sub(self.used);
        let mut turns: Vec<QueuePosition> = Vec::new();
        while turns.len() < room {
            let free = |position: &QueuePosition| !turns.contains(position);
            let next = if (self.turns + turns.len() as u64) % TURN_OF_AGE == TURN_OF_AGE - 1 {
                let waiting = self
                    .by_age
                    .iter()
                    .map(|(since, task, priority)| (*priority, *since, *task));
                let oldest = waiting.into_iter().find(free);
                oldest
                    .into_iter()
                    .chain(more.filter(free))
                    .min_by_key(|position| age(*position))
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
