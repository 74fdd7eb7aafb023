//! The errors of sockets.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The reason why an app can't listen at a path.
#[derive(Debug)]
pub struct SocketError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
pub(super) enum Reason {
    /// Another app listens there.
    InUse,
    /// The path is not a socket.
    NotASocket,
    /// The folder belongs to another user.
    Foreign,
    /// Other users can access the folder.
    Open,
    System(io::Error),
}

impl SocketError {
    pub(super) fn new(path: &Path, reason: Reason) -> Self {
        SocketError {
            path: path.to_owned(),
            reason,
        }
    }

    pub(super) fn system(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |cause| SocketError::new(path, Reason::System(cause))
    }

    /// Returns whether another app already listens there.
    pub fn is_in_use(&self) -> bool {
        matches!(self.reason, Reason::InUse)
    }
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::InUse => write!(
                f,
                "another app listens at `{path}`; give this one another path with `--socket`"
            ),
            Reason::NotASocket => write!(
                f,
                "`{path}` is not a socket, so it is not replaced: delete it, or choose another path with `--socket`"
            ),
            Reason::Foreign => write!(f, "the folder `{path}` belongs to another user"),
            Reason::Open => write!(
                f,
                "the folder `{path}` is open to other users: run `chmod 700 {path}`"
            ),
            Reason::System(cause) => write!(f, "the socket `{path}` can't be made: {cause}"),
        }
    }
}

impl std::error::Error for SocketError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::System(cause) => Some(cause),
            _ => None,
        }
    }
}
