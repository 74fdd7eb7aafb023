//! The fields of an event or a span.

use std::fmt::Debug;

use serde_json::Value as Json;
use tracing::field::{Field, Visit};

/// Fields by name, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Json)>);

impl Fields {
    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<Json> {
        let place = self.0.iter().position(|(other, _)| *other == name)?;
        Some(self.0.remove(place).1)
    }

    /// Takes a field out, as text.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|value| text(&value))
    }

    /// Adds the fields that are not there yet.
    pub(super) fn add_missing(&mut self, others: Fields) {
        for (name, value) in others.0 {
            if !self.0.iter().any(|(other, _)| *other == name) {
                self.0.push((name, value));
            }
        }
    }

    pub(super) fn into_rest(self) -> impl Iterator<Item = (&'static str, Json)> {
        self.0.into_iter()
    }

    fn add(&mut self, field: &Field, value: Json) {
        self.0.push((field.name(), value));
    }
}

/// A value as text, without quotes.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // A length of time shows one decimal.
        self.add(field, format!("{value:.1?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }
}
