//! A value on its way to another process.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::value::Value;

/// A value as it is written down. Text stays text, since it spells whatever type is asked for in the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wire {
    Json(Json),
    Text(String),
}

impl Wire {
    /// The value written down; `None` if its type does not allow it.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value.as_text() {
            Some(text) => Some(Wire::Text(text.to_owned())),
            None => value.to_json().map(Wire::Json),
        }
    }
}

impl From<Wire> for Value {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::Json(json) => Value::json(json),
            Wire::Text(text) => Value::text(text),
        }
    }
}
