//! The control socket of an app: a Unix socket that only its user can open.
//!
//! An app listens in the runtime folder of its user ([`folder`]) at `NAME.PID.sock`, so that two apps of one name do not
//! get in each other's way, and [`find`] finds all of them. An app can also listen at a path of its own.

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
