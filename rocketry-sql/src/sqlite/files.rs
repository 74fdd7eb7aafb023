//! The files of a log: whether they are still in their place, and how much room there is beside them.

use std::io;
use std::path::{Path, PathBuf};

/// Which file it is, whatever it is called: its device and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
struct Found {
    identity: Identity,
    length: u64,
}

/// The log and the journal beside it, as they were when they were opened.
#[derive(Debug)]
pub(super) struct Files {
    log: PathBuf,
    identity: Identity,
    journal: PathBuf,
    /// The identity of the journal, once it was seen.
    journal_identity: Option<Identity>,
    /// How long the journal is.
    pub(super) journal_length: u64,
}

/// The file that SQLite or this crate puts beside a log.
pub(super) fn beside(log: &Path, ending: &str) -> PathBuf {
    let mut beside = log.as_os_str().to_owned();
    beside.push(ending);
    beside.into()
}

/// Which file a path leads to; `None` if there is none.
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

    /// A file that is open can't be replaced.
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

    /// Whether the paths still lead to the files that were opened: they may have been deleted, moved or replaced.
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

    /// How many bytes the disk has room for; `None` where that can't be known.
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
