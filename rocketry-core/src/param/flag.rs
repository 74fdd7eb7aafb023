//! The flag that asks a run to end.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

/// Raised when a run is to end: by its timeout, its end condition, a person, or the end of the app.
///
/// An asynchronous run is cancelled at its next `await` anyway. A run on a thread goes on until it looks.
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
    }
}

impl fmt::Debug for TerminationFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TerminationFlag").field(&self.is_set()).finish()
    }
}

/// The flag of a run, made when somebody asks for it: most runs end without being told to, and without a look.
#[derive(Debug, Default)]
pub(crate) struct RunFlag {
    set: AtomicBool,
    flag: OnceLock<TerminationFlag>,
}

impl RunFlag {
    /// Whether the run is to end.
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire) || self.flag.get().is_some_and(TerminationFlag::is_set)
    }

    pub(crate) fn set(&self) {
        self.set.store(true, Ordering::Release);
        // Either the flag is seen here, or whoever makes it sees that it is raised.
        fence(Ordering::SeqCst);
        if let Some(flag) = self.flag.get() {
            flag.set();
        }
    }

    /// The flag itself.
    pub(crate) fn get(&self) -> &TerminationFlag {
        let flag = self.flag.get_or_init(TerminationFlag::default);
        fence(Ordering::SeqCst);
        if self.is_set() {
            flag.set();
        }
        flag
    }
}

/// For a run whose flag was there before it.
impl From<TerminationFlag> for RunFlag {
    fn from(flag: TerminationFlag) -> Self {
        RunFlag {
            set: AtomicBool::default(),
            flag: OnceLock::from(flag),
        }
    }
}
