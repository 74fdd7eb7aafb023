//! A query that was read, and the records that fit it.

use rocketry_core::{Query, Record};
use serde_json::Value as Json;

/// A query of the run log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// What the run log can look for.
    pub query: Query,
    /// Parameters of runs, as name and text. The records of starts have them.
    pub params: Vec<(String, String)>,
}

impl LogQuery {
    /// Whether the parameters in the record of a start are those of the query.
    pub fn admits_params(&self, start: &Record) -> bool {
        if self.params.is_empty() {
            return true;
        }
        let json = start
            .params()
            .and_then(|text| serde_json::from_str::<Json>(text).ok());
        let has = |(key, wanted): &(String, String)| {
            let value = json.as_ref().and_then(|json| json.get(key));
            value.is_some_and(|value| is_written(value, wanted))
        };
        self.params.iter().all(has)
    }
}

/// Whether a value is written like this: a text without its quotes, anything else as JSON.
fn is_written(value: &Json, text: &str) -> bool {
    match value {
        Json::String(value) => value == text,
        other => serde_json::to_string(other).is_ok_and(|written| written == text),
    }
}
