//! The caller of the API.

use std::sync::Arc;

/// The caller of the API, and the channel of its requests. A server that authenticates callers puts it into
/// the extensions of their requests; the [audit log](rocketry_core::Session::audit) contains it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The name under which the server knows the caller. Without one, a request may state its own sender.
    pub name: Option<Arc<str>>,
    /// The channel, such as `dashboard`.
    pub via: Option<Arc<str>>,
}

impl Caller {
    /// Creates a caller without a name.
    pub fn via(way: impl Into<Arc<str>>) -> Self {
        Caller {
            name: None,
            via: Some(way.into()),
        }
    }

    /// Sets the name of the caller.
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }
}
