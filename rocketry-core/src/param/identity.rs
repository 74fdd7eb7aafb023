//! Keys that compare parameters.

use serde_json::Value as Json;

use super::evaluation::{Entry, Params};
use super::value::Value;

/// A key that equal sets of parameters share. It is valid as long as the parameters are kept.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity(Box<[(Box<str>, Same)]>);

/// A key that equal parameters share.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Same {
    /// The JSON of a value.
    Json(Json),
    /// The memory address of an argument, or of a value without JSON.
    Place(Option<usize>),
}

impl Params {
    /// Returns the key of the parameters. Keys are equal if the names and values are equal. Values are compared by
    /// their JSON; arguments and values without JSON are compared by identity. This may call user code.
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
