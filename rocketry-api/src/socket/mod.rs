//! The control socket of an app: a Unix socket that only its user can open.
//!
//! An app listens in the runtime folder of its user ([`folder`]) at `NAME.PID.sock`, so several apps can have
//! the same name; [`find`] finds all of them. An app can also listen at another path.

mod bind;
mod error;
mod folder;
mod names;
mod peer;
mod user;

pub use bind::ControlSocket;
pub use error::SocketError;
pub use folder::folder;
pub use names::find;
