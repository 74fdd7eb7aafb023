//! The flag that asks a run to end.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Raised when a run is to end: by its timeout, its end condition, a person, or the end of the app.
///
/// An asynchronous run is cancelled at its next `await` anyway. A run on a thread goes on until it looks.
///
/// ```
/// # use rocketry_core::param::TerminationFlag;
/// fn copy_files(flag: TerminationFlag) {
///     for _file in 0..3 {
///         if flag.is_set() {
///             return;
///         }
///     }
/// }
/// # copy_files(TerminationFlag::default());
/// ```
#[derive(Clone, Default)]
pub struct TerminationFlag(Arc<Inner>);

#[derive(Default)]
struct Inner {
    set: AtomicBool,
    changed: Notify,
    abort: OnceLock<AbortHandle>,
}

impl TerminationFlag {
    /// Whether the run is to end.
    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::Acquire)
    }

    /// Waits until the run is to end.
    ///
    /// Cancel safe: nothing is lost by dropping the future.
    pub async fn wait(&self) {
        let changed = self.0.changed.notified();
        if !self.is_set() {
            changed.await;
        }
    }

    pub(crate) fn set(&self) {
        self.0.set.store(true, Ordering::Release);
        self.0.changed.notify_waiters();
        if let Some(abort) = self.0.abort.get() {
            abort.abort();
        }
    }

    /// Lets the flag cut an asynchronous run off, at once if it has been raised already.
    pub(crate) fn aborts(&self, abort: AbortHandle) {
        let abort = self.0.abort.get_or_init(|| abort);
        if self.is_set() {
            abort.abort();
        }
    }
}

impl fmt::Debug for TerminationFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TerminationFlag").field(&self.is_set()).finish()
    }
}
