//! Listens at a socket.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use super::error::{Reason, SocketError};
use super::folder::{folder, make};
use super::names::{candidates, of_name};
use super::peer::with_peers;
use crate::routes::router;
use crate::state::Api;

/// A socket at which an app listens. Only its user can open it (mode 0600). The file is removed on drop.
#[derive(Debug)]
pub struct ControlSocket {
    listener: Option<UnixListener>,
    place: Place,
}

/// A socket in the file system, removed on drop.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// The device and the number of the file, because another app may have taken the path since.
    identity: Option<(u64, u64)>,
}

impl ControlSocket {
    /// Listens at a path. Replaces a socket at which nothing listens any more.
    ///
    /// # Errors
    ///
    /// Returns an error if another app listens there, if the path is not a socket, or if the system refuses
    /// it.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub fn bind(path: &Path) -> Result<Self, SocketError> {
        make_room(path)?;
        let listener = listen(path).map_err(SocketError::system(path))?;
        let place = Place {
            path: path.to_owned(),
            identity: identity(path),
        };
        Ok(ControlSocket {
            listener: Some(listener),
            place,
        })
    }

    /// Listens in the runtime folder of this user, where [`find`](super::find) looks for apps. Removes the
    /// sockets of ended apps with this name.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder can't be created, or if other users can access it.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub fn bind_for(name: &str) -> Result<Self, SocketError> {
        let folder = folder();
        make(&folder)?;
        for old in of_name(&folder, name) {
            if is_stale(&old) {
                // Another app may have done the same.
                let _ = fs::remove_file(old);
            }
        }
        let mut taken = None;
        for path in candidates(&folder, name, std::process::id()) {
            match ControlSocket::bind(&path) {
                Err(error) if error.is_in_use() => taken = Some(error),
                other => return other,
            }
        }
        Err(taken.expect("there are candidates"))
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Serves the API of an app until the future is dropped.
    pub async fn serve(mut self, api: Api) {
        if let Some(listener) = self.listener.take() {
            // It only ends when it is dropped.
            let _ = axum::serve(listener, with_peers(router(api))).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.identity.is_some() && identity(&self.path) == self.identity {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Checks that creating a socket at a path loses nothing.
fn make_room(path: &Path) -> Result<(), SocketError> {
    let found = match fs::symlink_metadata(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
        found => found.map_err(SocketError::system(path))?,
    };
    if !found.file_type().is_socket() {
        return Err(SocketError::new(path, Reason::NotASocket));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(SocketError::new(path, Reason::InUse)),
        Err(cause) if cause.kind() == ErrorKind::ConnectionRefused => Ok(()),
        Err(cause) => Err(SocketError::system(path)(cause)),
    }
}

fn is_stale(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|cause| cause.kind() == ErrorKind::ConnectionRefused)
}

/// Creates the socket in a private folder, where no other user can open it before its mode is set, and then
/// moves it.
fn listen(path: &Path) -> io::Result<UnixListener> {
    let beside = private_folder(path)?;
    let made = beside.join("s");
    let listener = UnixListener::bind(&made).and_then(|listener| {
        fs::set_permissions(&made, Permissions::from_mode(0o600))?;
        fs::rename(&made, path)?;
        Ok(listener)
    });
    let _ = fs::remove_dir_all(&beside);
    listener
}

/// Creates a folder beside a path that only this user can access.
fn private_folder(path: &Path) -> io::Result<PathBuf> {
    let pid = std::process::id();
    let mut made = Err(ErrorKind::AlreadyExists.into());
    for round in 0..16 {
        let folder = path.with_file_name(format!(".r{pid}-{round}"));
        made = DirBuilder::new().mode(0o700).create(&folder).map(|()| folder);
        // A process with the same id may have left one behind.
        if made
            .as_ref()
            .is_err_and(|cause| cause.kind() == ErrorKind::AlreadyExists)
        {
            continue;
        }
        break;
    }
    made
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let found = fs::symlink_metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}
