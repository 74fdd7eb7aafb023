//! An in-memory store.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocketry_core::cluster::{HeardNode, Heartbeat};
use rocketry_core::{Clock, Error, Result};

use crate::lease::{Entry, Lease};
use crate::store::Store;

/// An in-memory store for a lease and the heartbeats of nodes. Clones refer to the same store.
///
/// ```
/// use std::time::Duration;
/// use rocketry_cluster::{Lease, Store, twin::TwinStore};
///
/// let second = Duration::from_secs(1);
/// let mut store = TwinStore::default();
/// let lease = Lease { term: 1, node: "a".into(), instance: "a#1".into(), is_held: true };
/// assert_eq!(store.put(None, &lease, second)?, Some(1));
/// store.cut_off(true);
/// assert!(store.read(second).is_err());
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TwinStore {
    shared: Arc<Shared>,
    /// True if this handle and its clones can't reach the store.
    is_cut_off: Arc<Mutex<bool>>,
}

#[derive(Debug, Default)]
struct Shared {
    entry: Mutex<Option<Entry>>,
    nodes: Mutex<BTreeMap<Arc<str>, Told>>,
    clock: Clock,
    given_up: Condvar,
}

/// The last heartbeat of a node.
#[derive(Debug)]
struct Told {
    heartbeat: Heartbeat,
    /// When it was sent, by the clock of the store.
    at: Duration,
    is_asked_to_drain: bool,
}

impl TwinStore {
    /// Creates a handle of another node to the same lease.
    #[must_use]
    pub fn of_another_node(&self) -> Self {
        TwinStore {
            shared: self.shared.clone(),
            is_cut_off: Arc::default(),
        }
    }

    /// Disconnects this handle's node from the store, or reconnects it.
    pub fn cut_off(&self, is_cut_off: bool) {
        *self.is_cut_off.lock().unwrap_or_else(PoisonError::into_inner) = is_cut_off;
    }

    /// The heartbeats of the nodes.
    fn told(&self) -> Result<MutexGuard<'_, BTreeMap<Arc<str>, Told>>> {
        drop(self.reach()?);
        Ok(self.shared.nodes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn reach(&self) -> Result<MutexGuard<'_, Option<Entry>>> {
        if *self.is_cut_off.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(Error::log("the node is cut off"));
        }
        Ok(self.shared.entry.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for TwinStore {
    fn read(&mut self, _: Duration) -> Result<Option<Entry>> {
        Ok(self.reach()?.clone())
    }

    fn put(&mut self, expected: Option<u64>, lease: &Lease, _: Duration) -> Result<Option<u64>> {
        let mut entry = self.reach()?;
        if entry.as_ref().map(|entry| entry.revision) != expected {
            return Ok(None);
        }
        let revision = expected.unwrap_or(0) + 1;
        *entry = Some(Entry {
            revision,
            lease: lease.clone(),
        });
        if !lease.is_held {
            self.shared.given_up.notify_all();
        }
        Ok(Some(revision))
    }

    fn beat(&mut self, heartbeat: &Heartbeat, _: Duration) -> Result<Vec<HeardNode>> {
        let lease = self.reach()?.clone().map(|entry| entry.lease);
        let lead = lease.filter(|lease| lease.is_held);
        let mut told = self.told()?;
        let now = self.shared.clock.elapsed();
        let before = told.get(&heartbeat.instance);
        let own = Told {
            heartbeat: heartbeat.clone(),
            at: now,
            is_asked_to_drain: before.is_some_and(|before| before.is_asked_to_drain),
        };
        told.insert(heartbeat.instance.clone(), own);
        let hear = |told: &Told| HeardNode {
            term: lead
                .as_ref()
                .filter(|lead| lead.instance == told.heartbeat.instance)
                .map(|lead| lead.term),
            heartbeat: told.heartbeat.clone(),
            silent_for: now.saturating_sub(told.at),
            is_asked_to_drain: told.is_asked_to_drain,
        };
        Ok(told.values().map(hear).collect())
    }

    fn forget(&mut self, instances: &[&str], _: Duration) -> Result<()> {
        let mut told = self.told()?;
        told.retain(|instance, _| !instances.contains(&&**instance));
        Ok(())
    }

    fn ask_to_drain(&mut self, instance: &str, _: Duration) -> Result<bool> {
        let mut told = self.told()?;
        let node = told.get_mut(instance);
        Ok(node.map(|node| node.is_asked_to_drain = true).is_some())
    }

    fn wait(&mut self, limit: Duration) -> bool {
        let Ok(entry) = self.reach() else {
            std::thread::sleep(limit);
            return false;
        };
        let waited = self.shared.given_up.wait_timeout(entry, limit);
        waited.is_ok_and(|(_, waited)| !waited.timed_out())
    }
}
