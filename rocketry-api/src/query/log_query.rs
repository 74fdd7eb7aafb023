//! A parsed query, and the records that match it.

use rocketry_core::{Query, Record};
use serde_json::Value as Json;

/// A query of the run log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// The part of the query that the run log supports.
    pub query: Query,
    /// Parameters of runs, as name and text. They are in the records of starts.
    pub params: Vec<(String, String)>,
}

impl LogQuery {
    /// Returns whether the parameters in the record of a start match the query.
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

/// Returns true if a value has this form: a text without its quotes, any other value as JSON.
fn is_written(value: &Json, text: &str) -> bool {
    match value {
        Json::String(value) => value == text,
        other => serde_json::to_string(other).is_ok_and(|written| written == text),
    }
}
