//! Who calls the API.

use std::sync::Arc;

/// Who calls the API, and by what way. The server that checks callers puts it into the extensions of their requests; the
/// [audit record](rocketry_core::Session::audit) of what they do has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The name that the server knows the caller by. Without one, a request may say who it is from.
    pub name: Option<Arc<str>>,
    /// The way, such as `dashboard`.
    pub via: Option<Arc<str>>,
}

impl Caller {
    /// A caller without a name.
    pub fn via(way: impl Into<Arc<str>>) -> Self {
        Caller {
            name: None,
            via: Some(way.into()),
        }
    }

    /// Names the caller.
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = Some(name.into());
        self
    }
}
