//! The folder for the sockets of a user.

use std::env;
use std::fs::{self, DirBuilder, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::error::{Reason, SocketError};

/// Returns the folder in which the apps of this user listen: `rocketry` in `$XDG_RUNTIME_DIR` or in
/// `/run/user/UID`, otherwise `rocketry-UID` in the folder for temporary files. It may not exist yet.
pub fn folder() -> PathBuf {
    let user = geteuid().as_raw();
    let given = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usual = || Some(PathBuf::from(format!("/run/user/{user}"))).filter(|folder| is_private(folder));
    match given.filter(|folder| folder.is_absolute()).or_else(usual) {
        Some(runtime) => runtime.join("rocketry"),
        None => env::temp_dir().join(format!("rocketry-{user}")),
    }
}

/// Creates the folder, if it does not exist.
///
/// # Errors
///
/// Returns an error if other users can access it, because one of them could then listen in place of an app.
pub(super) fn make(folder: &Path) -> Result<(), SocketError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => {
            return Err(SocketError::system(folder)(cause));
        }
        _ => {}
    }
    let found = fs::symlink_metadata(folder).map_err(SocketError::system(folder))?;
    if !is_own(&found) {
        return Err(SocketError::new(folder, Reason::Foreign));
    }
    if !is_closed(&found) {
        return Err(SocketError::new(folder, Reason::Open));
    }
    Ok(())
}

/// Returns true if the folder exists and only this user can access it.
pub(super) fn is_private(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|found| is_own(&found) && is_closed(&found))
}

fn is_own(found: &Metadata) -> bool {
    found.is_dir() && found.uid() == geteuid().as_raw()
}

/// Returns true if the mode gives no permissions to other users (its last six bits).
fn is_closed(found: &Metadata) -> bool {
    found.mode().trailing_zeros() >= 6
}
