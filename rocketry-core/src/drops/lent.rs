//! Copies of what an app has.

use std::ops::Deref;

use super::hold;

/// A copy of something that the app has, for a moment. The app may let go of it meanwhile; then what is the user's in it is
/// dropped elsewhere, as it would be under the app's lock.
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
