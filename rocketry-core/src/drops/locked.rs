//! Locks under which no user value is dropped.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Hold, hold};

/// A value behind a lock. User values that are dropped meanwhile are dropped elsewhere, because their `Drop`
/// may need the lock.
pub(crate) struct Locked<'a, T> {
    inside: MutexGuard<'a, T>,
    /// Dropped after the lock.
    _hold: Hold,
}

impl<'a, T> Locked<'a, T> {
    /// Waits for the lock. User functions never run under it, so a panic can't leave a value partly changed.
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
