//! The flag that requests the end of a run.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

/// A flag that is set when a run should end: because of its timeout, its end condition, a request, or the shutdown of
/// the app.
///
/// An asynchronous run is cancelled at its next `await` in any case. A run on a thread continues until it checks the
/// flag.
///
/// ```
/// # use rocketry::param::TerminationFlag;
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
}

impl TerminationFlag {
    /// Returns `true` if the run should end.
    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::Acquire)
    }

    /// Waits until the run should end.
    ///
    /// This method is cancel safe: dropping the future has no effect on the flag.
    pub async fn wait(&self) {
        let changed = self.0.changed.notified();
        if !self.is_set() {
            changed.await;
        }
    }

    pub(crate) fn set(&self) {
        self.0.set.store(true, Ordering::Release);
        self.0.changed.notify_waiters();
    }
}

impl fmt::Debug for TerminationFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TerminationFlag").field(&self.is_set()).finish()
    }
}

/// The flag of a run, which is created on first use. Most runs end without a request and never check it.
#[derive(Debug, Default)]
pub(crate) struct RunFlag {
    set: AtomicBool,
    flag: OnceLock<TerminationFlag>,
}

impl RunFlag {
    /// Returns `true` if the run should end.
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire) || self.flag.get().is_some_and(TerminationFlag::is_set)
    }

    pub(crate) fn set(&self) {
        self.set.store(true, Ordering::Release);
        // Either the flag is visible here, or its creator sees that it has to be set.
        fence(Ordering::SeqCst);
        if let Some(flag) = self.flag.get() {
            flag.set();
        }
    }

    /// Returns the flag.
    pub(crate) fn get(&self) -> &TerminationFlag {
        let flag = self.flag.get_or_init(TerminationFlag::default);
        fence(Ordering::SeqCst);
        if self.is_set() {
            flag.set();
        }
        flag
    }
}

/// Creates the state of a run from an existing flag.
impl From<TerminationFlag> for RunFlag {
    fn from(flag: TerminationFlag) -> Self {
        RunFlag {
            set: AtomicBool::default(),
            flag: OnceLock::from(flag),
        }
    }
}
