//! The file itself: its lock, whether it is still in place, and appending to it.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::row::COLUMNS;

/// Opens the file with an exclusive lock. Writes the header if the file is empty.
pub(super) fn open(path: &Path) -> Result<File, String> {
    let failed = |cause: io::Error| cause.to_string();
    let file = options().open(path).map_err(failed)?;
    lock(&file, path)?;
    if file.metadata().map_err(failed)?.len() == 0 {
        let mut file = &file;
        file.write_all(header().as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
    }
    Ok(file)
}

/// Creates an empty file with an exclusive lock, to replace another file.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let file = options().truncate(true).open(path)?;
    lock(&file, path).map_err(io::Error::other)?;
    Ok(file)
}

pub(super) fn header() -> String {
    format!("{}\n", COLUMNS.join(","))
}

#[cfg(unix)]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options
}

/// Other processes may read the file.
#[cfg(not(unix))]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(1);
    options
}

#[cfg(unix)]
fn lock(file: &File, path: &Path) -> Result<(), String> {
    use rustix::fs::{FlockOperation, flock};

    const TAKEN: &str = "another app has it open; a log belongs to one app at a time";
    flock(file, FlockOperation::NonBlockingLockExclusive).map_err(|_| TAKEN.to_owned())?;
    // Another app may have replaced the file in the meantime.
    match is_in_place(file, path) {
        Ok(true) => Ok(()),
        Ok(false) => Err(TAKEN.to_owned()),
        Err(cause) => Err(cause.to_string()),
    }
}

/// Returns whether the path still leads to this file. It may have been deleted, moved or replaced.
#[cfg(unix)]
pub(super) fn is_in_place(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let here = file.metadata()?;
    match path.metadata() {
        Ok(there) => Ok((there.dev(), there.ino()) == (here.dev(), here.ino())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// An open file can't be deleted here.
#[cfg(not(unix))]
pub(super) fn is_in_place(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
fn lock(_: &File, _: &Path) -> Result<(), String> {
    Ok(())
}

/// Releases the lock.
#[cfg(unix)]
pub(super) fn unlock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    // Closing the file is not enough: a process that is being started shares the descriptor for a moment.
    Ok(flock(file, FlockOperation::Unlock)?)
}

/// Closing the file releases it.
#[cfg(not(unix))]
pub(super) fn unlock(_: &File) -> io::Result<()> {
    Ok(())
}

/// Writes at `end`, where the complete writes end. If this fails, the file is truncated to `end` if possible;
/// otherwise the next write overwrites the rest, or it is moved aside when the file is opened.
pub(super) fn append(mut file: &File, end: u64, text: &[u8]) -> io::Result<()> {
    let written = file
        .seek(SeekFrom::Start(end))
        .and_then(|_| file.write_all(text))
        .and_then(|()| file.sync_data());
    written.inspect_err(|_| {
        // If this fails as well, the remainder is found when the file is opened.
        let _ = file.set_len(end);
    })
}

/// Copies a part of a file to the end of another, and syncs it.
pub(super) fn copy(mut from: &File, part: Range<u64>, mut to: &File) -> io::Result<()> {
    from.seek(SeekFrom::Start(part.start))?;
    to.seek(SeekFrom::End(0))?;
    let length = part.end - part.start;
    let copied = io::copy(&mut from.take(length), &mut to)?;
    if copied < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    to.sync_data()
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// A message about a file.
pub(super) fn describe(path: &Path, why: impl Display) -> String {
    format!("`{}`: {why}", path.display())
}
