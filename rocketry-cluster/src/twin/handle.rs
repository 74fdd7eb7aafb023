//! A node's handle to shared in-memory state, with injected faults.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocketry_core::{Error, Result};

/// The injected faults of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayFaults {
    /// The shared state can't be reached.
    pub is_cut_off: bool,
    /// The node receives no notifications and has to look by itself.
    pub is_deaf: bool,
    /// Writes of the node succeed, but their confirmations are lost.
    pub loses_confirmations: bool,
}

/// A node's handle to shared state. Clones are handles of the same node.
#[derive(Debug, Default)]
pub(super) struct Handle<T> {
    shared: Arc<(Mutex<T>, Condvar)>,
    faults: Arc<Mutex<RelayFaults>>,
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle {
            shared: self.shared.clone(),
            faults: self.faults.clone(),
        }
    }
}

impl<T> Handle<T> {
    /// Creates a handle to new shared state.
    #[cfg(test)]
    pub(super) fn to(shared: T) -> Self {
        Handle {
            shared: Arc::new((Mutex::new(shared), Condvar::new())),
            faults: Arc::default(),
        }
    }

    /// A handle of another node, without faults.
    pub(super) fn of_another_node(&self) -> Self {
        Handle {
            shared: self.shared.clone(),
            faults: Arc::default(),
        }
    }

    /// Sets the faults of the node.
    pub(super) fn set_faults(&self, faults: RelayFaults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    fn faults(&self) -> RelayFaults {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The shared state, regardless of faults.
    pub(super) fn get(&self) -> MutexGuard<'_, T> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The shared state, if the node can reach it.
    pub(super) fn reach(&self) -> Result<MutexGuard<'_, T>> {
        if self.faults().is_cut_off {
            return Err(Error::log("the node is cut off"));
        }
        Ok(self.get())
    }

    /// Notifies all nodes of a change.
    pub(super) fn notify(&self) {
        self.shared.1.notify_all();
    }

    /// The confirmation of a write, unless it is lost.
    pub(super) fn confirmed<W>(&self, written: W) -> Result<W> {
        self.notify();
        if self.faults().loses_confirmations {
            return Err(Error::log("no answer in time"));
        }
        Ok(written)
    }

    /// Waits until a change, or until the time limit.
    pub(super) fn wait(&self, limit: Duration) {
        let faults = self.faults();
        if faults.is_deaf || faults.is_cut_off {
            return std::thread::sleep(limit);
        }
        drop(self.shared.1.wait_timeout(self.get(), limit));
    }
}
