//! Measures the use of a pool over time.

use std::time::Duration;

use super::summary::PoolUse;
use crate::engine::pools::{PoolId, Pools};
use crate::time::Timestamp;

/// The use of a pool since an instant.
pub(super) struct Meter {
    pool: PoolUse,
    used: usize,
    /// The instant up to which it was measured.
    since: Timestamp,
    busy: u128,
    full: u128,
}

impl Meter {
    pub(super) fn new(pools: &Pools, id: PoolId, from: Timestamp) -> Self {
        let (pool, size, _) = pools.usage(id);
        let pool = PoolUse {
            pool: pool.clone(),
            size,
            peak: 0,
            busy: Duration::ZERO,
            full: Duration::ZERO,
            late: 0,
        };
        Meter {
            pool,
            used: 0,
            since: from,
            busy: 0,
            full: 0,
        }
    }

    /// A run has entered the pool.
    pub(super) fn enter(&mut self, now: Timestamp, late: bool) {
        self.pass(now);
        self.used += 1;
        self.pool.late += u64::from(late);
        if now >= self.since {
            self.pool.peak = self.pool.peak.max(self.used);
        }
    }

    /// A run has left the pool.
    pub(super) fn leave(&mut self, now: Timestamp) {
        self.pass(now);
        self.used = self.used.saturating_sub(1);
    }

    fn pass(&mut self, now: Timestamp) {
        let length = now.since(self.since).as_micros();
        if length == 0 {
            return;
        }
        self.pool.peak = self.pool.peak.max(self.used);
        self.busy += length * self.used as u128;
        if self.used >= self.pool.size {
            self.full += length;
        }
        self.since = now;
    }

    /// The use until an instant; `None` if no run was in the pool.
    pub(super) fn finish(mut self, until: Timestamp) -> Option<PoolUse> {
        self.pass(until);
        let length = |micros: u128| Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX));
        let (busy, full) = (length(self.busy), length(self.full));
        (self.pool.peak > 0).then_some(PoolUse {
            busy,
            full,
            ..self.pool
        })
    }
}
