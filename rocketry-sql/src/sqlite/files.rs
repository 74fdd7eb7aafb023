//! The files of a log: whether they are still in place, and the free space on their disk.

use std::io;
use std::path::{Path, PathBuf};

/// The identity of a file, independent of its name: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

/// The file to which a path leads.
#[derive(Clone, Copy, Debug)]
struct Found {
    identity: Identity,
    length: u64,
}

/// The log and its journal, as they were when they were opened.
#[derive(Debug)]
pub(super) struct Files {
    log: PathBuf,
    identity: Identity,
    journal: PathBuf,
    /// The identity of the journal, once it has been seen.
    journal_identity: Option<Identity>,
    /// The length of the journal.
    pub(super) journal_length: u64,
}

/// The path of a file beside the log.
pub(super) fn beside(log: &Path, ending: &str) -> PathBuf {
    let mut beside = log.as_os_str().to_owned();
    beside.push(ending);
    beside.into()
}

/// The identity of the file to which a path leads; `None` if there is none.
pub(super) fn identity(path: &Path) -> io::Result<Option<Identity>> {
    Ok(find(path)?.map(|found| found.identity))
}

fn find(path: &Path) -> io::Result<Option<Found>> {
    match path.metadata() {
        Ok(there) => Ok(Some(Found {
            identity: Identity::of(&there),
            length: there.len(),
        })),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

impl Identity {
    #[cfg(unix)]
    pub(super) fn of(file: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Identity {
            device: file.dev(),
            number: file.ino(),
        }
    }

    /// An open file can't be replaced here.
    #[cfg(not(unix))]
    pub(super) fn of(_: &std::fs::Metadata) -> Self {
        Identity { device: 0, number: 0 }
    }
}

impl Files {
    /// The files of a log that has just been opened.
    pub(super) fn of(log: &Path) -> io::Result<Self> {
        let identity = identity(log)?.ok_or(io::ErrorKind::NotFound)?;
        Ok(Files {
            log: log.to_owned(),
            identity,
            journal: beside(log, "-wal"),
            journal_identity: None,
            journal_length: 0,
        })
    }

    /// Returns whether the paths still lead to the opened files. They may have been deleted, moved or replaced.
    pub(super) fn are_in_place(&mut self) -> io::Result<bool> {
        let Some(log) = find(&self.log)? else {
            return Ok(false);
        };
        let journal = find(&self.journal)?;
        self.journal_length = journal.map_or(0, |journal| journal.length);
        let journal = journal.map(|journal| journal.identity);
        let before = self.journal_identity;
        self.journal_identity = journal;
        Ok(log.identity == self.identity && (before.is_none() || before == journal))
    }

    /// The free space in bytes; `None` if it is unknown.
    #[cfg(unix)]
    pub(super) fn room(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.log).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    #[cfg(not(unix))]
    pub(super) fn room(&self) -> Option<u64> {
        None
    }
}
