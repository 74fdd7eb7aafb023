//! What tells parameters from others.

use std::sync::Arc;

use serde_json::Value as Json;

use super::store::{Entry, Params};
use super::value::Value;

/// What a set of parameters has in common with those that equal it. It holds for as long as these are kept.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity(Box<[(Box<str>, Same)]>);

/// What a parameter has in common with those that equal it.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Same {
    /// Its content.
    Json(Json),
    /// The place in memory of a value without JSON, or of an argument.
    Place(Option<usize>),
}

impl Params {
    /// Parameters have the same one if they have the same names and equal values: by their JSON, or for values without
    /// JSON and for arguments, by being the very same one. May call functions of the user's.
    pub(crate) fn identity(&self) -> Identity {
        let entries = self.iter().map(|(key, entry)| (key.into(), entry.same()));
        Identity(entries.collect())
    }
}

impl Entry {
    fn same(&self) -> Same {
        match self.plain() {
            Some(value) => value.same(),
            None => Same::Place(self.place()),
        }
    }
}

impl Value {
    fn same(&self) -> Same {
        self.to_json()
            .map_or_else(|| Same::Place(self.place()), Same::Json)
    }
}

/// Where a shared value is.
pub(super) fn place_of<T: ?Sized>(shared: &Arc<T>) -> usize {
    Arc::as_ptr(shared).addr()
}
