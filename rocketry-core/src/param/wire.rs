//! A value on its way to another process.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::json::Unwritable;
use super::value::Value;

/// A value as it is written down. Text stays text, since it spells whatever type is asked for in the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wire {
    Json(Json),
    Text(String),
}

impl Wire {
    /// The value for another process of the app.
    pub(crate) fn of(value: &Value) -> Result<Self, Unwritable> {
        Self::with(value, Value::leaving)
    }

    /// The value for where it is kept, and others may read it.
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
