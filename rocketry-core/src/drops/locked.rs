//! Locks under which nothing of the user's is dropped.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Hold, hold};

/// Something behind a lock. What is the user's and is let go meanwhile is dropped elsewhere: its `Drop` may want the lock.
pub(crate) struct Locked<'a, T> {
    inside: MutexGuard<'a, T>,
    /// Let go after the lock.
    _hold: Hold,
}

impl<'a, T> Locked<'a, T> {
    /// Waits for the lock. A user's function never runs under it, so a panic can't leave anything half changed.
    #[inline]
    pub(crate) fn new(lock: &'a Mutex<T>) -> Self {
        Locked {
            _hold: hold(),
            inside: lock.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inside
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inside
    }
}
