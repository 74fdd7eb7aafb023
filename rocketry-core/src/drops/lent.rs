//! Temporary copies of values of an app.

use std::ops::Deref;

use super::hold;

/// A temporary copy of a value of the app. If the app drops its own copy meanwhile, user values in this one
/// are dropped elsewhere, just as under the app's lock.
pub(crate) struct Lent<T>(Option<T>);

impl<T> Lent<T> {
    pub(crate) fn new(copy: T) -> Self {
        Lent(Some(copy))
    }
}

impl<T> Deref for Lent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        let _hold = hold();
        drop(self.0.take());
    }
}
