//! When writes are synced to disk.

/// When a write is synced to disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Synchronous {
    /// Before it returns: a power failure loses nothing. This is the default.
    #[default]
    Full,
    /// Some time later: a power failure may lose the last writes. A crash of the app loses nothing.
    Normal,
}
