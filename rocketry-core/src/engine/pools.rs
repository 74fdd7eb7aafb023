//! Pools: limits that several tasks share.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::iter::Peekable;
use std::sync::Arc;

use crate::error::did_you_mean;
use crate::task::Execution;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The pool of all runs that are in separate processes. No user's pool can have this name.
pub(crate) const PROCESSES: &str = "processes of their own";

/// The pool of all runs that are on separate threads. No user's pool can have this name.
pub(crate) const THREADS: &str = "threads of their own";

/// The default of the maximum number of runs on separate threads.
pub(crate) const MOST_THREADS: usize = 512;

/// The number of processors that this process can use.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The pools of an app.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    all: Vec<Pool>,
    /// The due runs that wait for room, by task. Few tasks have one.
    waits: HashMap<TaskId, PoolWait>,
}

/// A due run that waits for room in a pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolWait {
    pub(crate) pool: PoolId,
    pub(crate) position: QueuePosition,
}

/// Identifies a pool within its app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolId(usize);

impl PoolId {
    /// The pool of all runs that are in separate processes.
    pub(crate) const PROCESSES: PoolId = PoolId(0);
    /// The pool of all runs that are on separate threads.
    pub(crate) const THREADS: PoolId = PoolId(1);

    /// The pool of all runs that execute there, if there is one.
    pub(crate) fn of(execution: Execution) -> Option<PoolId> {
        match execution {
            Execution::Process => Some(PoolId::PROCESSES),
            Execution::Thread => Some(PoolId::THREADS),
            Execution::Main | Execution::Async => None,
        }
    }

    /// The place of the pool among those of the app.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// Every tenth admission goes to the run that has waited longest, whatever its priority, so that none starves.
const TURN_OF_AGE: u64 = 10;

/// The position of a waiting run in the queue of a pool: by priority, then by age.
pub(crate) type QueuePosition = (Reverse<i32>, Timestamp, TaskId);

#[derive(Clone, Debug)]
struct Pool {
    name: Arc<str>,
    size: usize,
    used: usize,
    /// The number of admitted runs.
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
    /// The pools of all processes and of all threads, and those of these names, each with its size.
    pub(crate) fn new<'a>(
        processes: usize,
        threads: usize,
        named: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> Self {
        // In the order of their ids.
        let own = [(PROCESSES, processes), (THREADS, threads)];
        let pool = |(name, size): (&str, usize)| Pool {
            name: name.into(),
            size,
            used: 0,
            turns: 0,
            waiting: BTreeSet::new(),
            by_age: BTreeSet::new(),
        };
        Pools {
            all: own.into_iter().chain(named).map(pool).collect(),
            waits: HashMap::new(),
        }
    }

    /// The pool of this name.
    ///
    /// # Errors
    ///
    /// Says that there is none, with the nearest name.
    pub(crate) fn find(&self, name: &str) -> Result<PoolId, String> {
        let found = self.all.iter().position(|pool| *pool.name == *name).map(PoolId);
        found.ok_or_else(|| {
            let near = did_you_mean(name, self.all.iter().map(|pool| &*pool.name));
            format!("there is no pool `{name}`{near}")
        })
    }

    /// Sets how many runs may be in a pool at a time.
    pub(crate) fn resize(&mut self, id: PoolId, size: usize) {
        self.all[id.0].size = size;
    }

    /// The first of these pools that has no room for a run, given the runs whose turn comes first.
    pub(crate) fn full(&self, pools: &[PoolId], position: QueuePosition) -> Option<PoolId> {
        pools
            .iter()
            .copied()
            .find(|&id| !self.all[id.0].has_room_for(position))
    }

    /// Takes room for a run, beyond the size of a pool if the run is already decided on.
    pub(crate) fn enter(&mut self, pools: &[PoolId]) {
        for id in pools {
            self.all[id.0].used += 1;
            self.all[id.0].turns += 1;
        }
    }

    /// Returns the room of a run.
    pub(crate) fn leave(&mut self, pools: &[PoolId]) {
        for id in pools {
            let pool = &mut self.all[id.0];
            pool.used = pool.used.saturating_sub(1);
        }
    }

    /// The place of a task's due run in the queue of a pool, if it waits in one.
    #[inline]
    pub(crate) fn wait_of(&self, task: TaskId) -> Option<PoolWait> {
        self.waits.get(&task).copied()
    }

    /// Puts a run into the queue of a pool.
    pub(crate) fn wait(&mut self, pool: PoolId, position: QueuePosition) {
        self.all[pool.0].waiting.insert(position);
        self.all[pool.0].by_age.insert(age(position));
        self.waits.insert(position.2, PoolWait { pool, position });
    }

    /// Takes the run of a task out of the queue of a pool; returns its place, if it was in one.
    #[inline]
    pub(crate) fn leave_queue(&mut self, task: TaskId) -> Option<PoolWait> {
        // A map hashes the key first.
        let wait = if self.waits.is_empty() {
            None
        } else {
            self.waits.remove(&task)
        }?;
        let pool = &mut self.all[wait.pool.0];
        pool.waiting.remove(&wait.position);
        pool.by_age.remove(&age(wait.position));
        Some(wait)
    }

    /// The tasks whose turn it is in a pool: as many as there is room for.
    pub(crate) fn next(&self, id: PoolId) -> Vec<TaskId> {
        let turns = self.all[id.0].turns(None);
        turns.into_iter().map(|(_, _, task)| task).collect()
    }

    /// All pools.
    pub(crate) fn ids(&self) -> impl Iterator<Item = PoolId> + use<> {
        (0..self.all.len()).map(PoolId)
    }

    /// The name and the size of a pool, and how many runs are in it.
    pub(crate) fn usage(&self, id: PoolId) -> (&Arc<str>, usize, usize) {
        let Pool { name, size, used, .. } = &self.all[id.0];
        (name, *size, *used)
    }

    /// The name and the size of each pool, how many runs are in it, and how many wait for it.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Arc<str>, usize, usize, usize)> {
        let pools = self.all.iter();
        pools.map(|pool| (&pool.name, pool.size, pool.used, pool.waiting.len()))
    }

    /// Returns the number of waiting runs ahead of a position.
    pub(crate) fn ahead(&self, id: PoolId, position: QueuePosition) -> usize {
        self.all[id.0].waiting.range(..position).count()
    }
}

impl Pool {
    fn has_room_for(&self, position: QueuePosition) -> bool {
        let room = self.size.saturating_sub(self.used);
        self.waiting.len() < room || self.turns(Some(position)).contains(&position)
    }

    /// The waiting runs whose turn it is, given one `more`: as many as there is room for.
    fn turns(&self, more: Option<QueuePosition>) -> BTreeSet<QueuePosition> {
        let room = self.size.saturating_sub(self.used);
        let mut by_rank = self.waiting.iter().copied().peekable();
        let by_age = self.by_age.iter();
        let mut by_age = by_age
            .map(|(since, task, priority)| (*priority, *since, *task))
            .peekable();
        let mut turns = BTreeSet::new();
        while turns.len() < room {
            let more = more.filter(|more| !turns.contains(more)).into_iter();
            let next = if (self.turns + turns.len() as u64) % TURN_OF_AGE == TURN_OF_AGE - 1 {
                let oldest = first_but(&turns, &mut by_age);
                more.chain(oldest).min_by_key(|position| age(*position))
            } else {
                more.chain(first_but(&turns, &mut by_rank)).min()
            };
            let Some(next) = next else { break };
            turns.insert(next);
        }
        turns
    }
}

/// Returns the first that is not among those taken, and drops those that are.
fn first_but(
    taken: &BTreeSet<QueuePosition>,
    positions: &mut Peekable<impl Iterator<Item = QueuePosition>>,
) -> Option<QueuePosition> {
    while positions.next_if(|position| taken.contains(position)).is_some() {}
    positions.peek().copied()
}
