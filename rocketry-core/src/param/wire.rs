//! Values that are transferred to another process.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::json::Unwritable;
use super::value::Value;

/// The serialized form of a value. Text stays text, because the requested type determines how to parse it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wire {
    Json(Json),
    Text(String),
}

impl Wire {
    /// Serializes the value for another process of the app.
    pub(crate) fn of(value: &Value) -> Result<Self, Unwritable> {
        Self::with(value, Value::leaving)
    }

    /// Serializes the value for storage, where others may read it.
    pub(crate) fn noted(value: &Value) -> Result<Self, Unwritable> {
        Self::with(value, Value::noted)
    }

    fn with(value: &Value, json: fn(&Value) -> Result<Json, Unwritable>) -> Result<Self, Unwritable> {
        json(value).map(|json| match (value.as_text(), json) {
            (Some(_), Json::String(text)) => Wire::Text(text),
            (_, json) => Wire::Json(json),
        })
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
