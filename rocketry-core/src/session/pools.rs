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

/// Where a run that has to wait stands in the queue: by priority, then by age.
pub(crate) type Place = (Reverse<i32>, Timestamp, TaskId);

#[derive(Debug)]
struct Pool {
    name: Arc<str>,
    size: usize,
    used: usize,
    waiting: BTreeSet<Place>,
}

impl Pools {
    /// The pools of these names and sizes.
    pub(crate) fn new<'a>(sizes: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let pool = |(name, size): (&str, usize)| Pool {
            name: name.into(),
            size,
            used: 0,
            waiting: BTreeSet::new(),
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

    /// The first of these pools in which a run finds no room, counting those that stand before it.
    pub(crate) fn full(&self, pools: &[PoolId], place: Place) -> Option<PoolId> {
        pools.iter().copied().find(|&id| {
            let pool = &self.0[id.0];
            let before = pool.waiting.range(..place).take(pool.size).count();
            pool.used + before >= pool.size
        })
    }

    /// Takes room for a run, beyond the size of a pool if it must be.
    pub(crate) fn enter(&mut self, pools: &[PoolId]) {
        for id in pools {
            self.0[id.0].used += 1;
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
    }

    /// Takes a run out of the queue of a pool.
    pub(crate) fn give_up(&mut self, id: PoolId, place: Place) {
        self.0[id.0].waiting.remove(&place);
    }

    /// The tasks whose turn it is in a pool: as many as there is room for.
    pub(crate) fn next(&self, id: PoolId) -> Vec<TaskId> {
        let pool = &self.0[id.0];
        let room = pool.size.saturating_sub(pool.used);
        pool.waiting.iter().take(room).map(|(_, _, task)| *task).collect()
    }

    /// What a run waits for, in words.
    pub(crate) fn describe(&self, id: PoolId) -> String {
        let Pool { name, size, used, .. } = &self.0[id.0];
        format!("room in the pool `{name}`, where {used} of {size} are in use")
    }
}
