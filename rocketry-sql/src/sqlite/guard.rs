//! A lock on the log itself that is independent of SQLite's locks.

use std::time::Duration;

pub(super) use system::Guard;

/// How long to wait for another app that is about to end.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// Linux keeps these locks apart from those that SQLite takes.
#[cfg(target_os = "linux")]
mod system {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io;
    use std::path::Path;
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::{Duration, Instant};

    use rustix::fs::{FlockOperation, flock};

    use super::super::files::{Identity, identity};
    use super::PATIENCE;

    /// The pause between two tries.
    const PAUSE: Duration = Duration::from_millis(10);

    /// A log that was guarded once. Its descriptor stays open for the life of the process: closing it would
    /// release the locks of all SQLite connections of the process to that file.
    struct Guarded {
        file: File,
        is_taken: bool,
    }

    static LOGS: Mutex<BTreeMap<Identity, Guarded>> = Mutex::new(BTreeMap::new());

    fn logs() -> MutexGuard<'static, BTreeMap<Identity, Guarded>> {
        LOGS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[derive(Debug)]
    pub(in super::super) struct Guard(Identity);

    impl Guard {
        /// Locks an existing log. Returns `None` if another app holds the lock and does not end soon.
        pub(in super::super) fn take(log: &Path) -> io::Result<Option<Self>> {
            let since = Instant::now();
            let log = open(log)?;
            while !lock(log)? {
                if since.elapsed() > PATIENCE {
                    return Ok(None);
                }
                std::thread::sleep(PAUSE);
            }
            Ok(Some(Guard(log)))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            if let Some(log) = logs().get_mut(&self.0) {
                log.is_taken = false;
                // Closing is not enough: a process that is being started shares the descriptor for a moment.
                let _ = flock(&log.file, FlockOperation::Unlock);
            }
        }
    }

    /// Opens a log, unless it is open already.
    fn open(log: &Path) -> io::Result<Identity> {
        let mut logs = logs();
        if let Some(known) = identity(log)?.filter(|known| logs.contains_key(known)) {
            return Ok(known);
        }
        let file = File::open(log)?;
        let opened = Identity::of(&file.metadata()?);
        let is_taken = false;
        let guarded = Guarded { file, is_taken };
        if let Some(before) = logs.insert(opened, guarded) {
            // The path led to another file a moment ago. The existing entry stays, and no descriptor is closed.
            std::mem::forget(logs.insert(opened, before));
        }
        Ok(opened)
    }

    fn lock(log: Identity) -> io::Result<bool> {
        let mut logs = logs();
        let Some(log) = logs.get_mut(&log).filter(|log| !log.is_taken) else {
            return Ok(false);
        };
        match flock(&log.file, FlockOperation::NonBlockingLockExclusive) {
            // On a file system without such locks, the lease alone counts.
            Ok(()) | Err(rustix::io::Errno::NOTSUP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {
                log.is_taken = true;
                Ok(true)
            }
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;
    use std::path::Path;

    /// Other systems have no such lock.
    #[derive(Debug)]
    pub(in super::super) struct Guard;

    impl Guard {
        #[expect(clippy::unnecessary_wraps, reason = "taking it may fail where there is one")]
        pub(in super::super) fn take(_: &Path) -> io::Result<Option<Self>> {
            Ok(Some(Guard))
        }
    }
}
