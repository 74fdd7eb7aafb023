//! A node's way to something that nodes share in memory, and what goes wrong on it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocketry_core::{Error, Result};

/// What goes wrong for a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayFaults {
    /// The calls can't be reached.
    pub is_cut_off: bool,
    /// Nothing tells the node that there is something new: it has to look by itself.
    pub is_deaf: bool,
    /// What the node writes is written, but the confirmation is lost.
    pub loses_confirmations: bool,
}

/// A node's handle to something shared. Clones are handles of the same node.
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
    /// A handle to something that nothing else refers to.
    #[cfg(test)]
    pub(super) fn to(shared: T) -> Self {
        Handle {
            shared: Arc::new((Mutex::new(shared), Condvar::new())),
            faults: Arc::default(),
        }
    }

    /// A handle of another node, for which nothing goes wrong.
    pub(super) fn of_another_node(&self) -> Self {
        Handle {
            shared: self.shared.clone(),
            faults: Arc::default(),
        }
    }

    /// Says what goes wrong for the node from now on.
    pub(super) fn set_faults(&self, faults: RelayFaults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    fn faults(&self) -> RelayFaults {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is shared, whatever goes wrong for the node.
    pub(super) fn get(&self) -> MutexGuard<'_, T> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is shared, if the node can reach it.
    pub(super) fn reach(&self) -> Result<MutexGuard<'_, T>> {
        if self.faults().is_cut_off {
            return Err(Error::log("the node is cut off"));
        }
        Ok(self.get())
    }

    /// Tells all nodes that something has changed.
    pub(super) fn notify(&self) {
        self.shared.1.notify_all();
    }

    /// What the node learns of something that it has written.
    pub(super) fn confirmed<W>(&self, written: W) -> Result<W> {
        self.notify();
        if self.faults().loses_confirmations {
            return Err(Error::log("no answer in time"));
        }
        Ok(written)
    }

    /// Waits until something has changed, or the time is up.
    pub(super) fn wait(&self, limit: Duration) {
        let faults = self.faults();
        if faults.is_deaf || faults.is_cut_off {
            return std::thread::sleep(limit);
        }
        drop(self.shared.1.wait_timeout(self.get(), limit));
    }
}
