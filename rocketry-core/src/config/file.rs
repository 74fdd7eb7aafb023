//! Settings in TOML.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use super::Config;
use super::layers::{Key, Mistake, Overlay};
use crate::error::{Error, Kind, Result};

impl Config {
    /// Reads settings from TOML text. Error messages refer to the text by `name`.
    pub(super) fn read_toml(self, name: &str, text: &str) -> Result<Self> {
        let settings = DeTable::parse(text).map_err(|mistake| {
            let span = mistake.span().unwrap_or_default();
            Error::new(Kind::Build, pointed(name, text, &span, mistake.message()))
        })?;
        let mut overlay = Overlay::new(self);
        let mut set = |key: Key<'_>, key_span: Range<usize>, value: Spanned<DeValue<'_>>| {
            let value_span = value.span();
            let set = json(value).and_then(|json| overlay.set(key, json));
            let placed = set.map_err(|mistake| match mistake {
                unknown @ Mistake::Unknown { .. } => pointed(name, text, &key_span, &unknown.to_string()),
                Mistake::Value(message) => pointed(name, text, &value_span, &format!("`{key}`: {message}")),
            });
            overlay.note(placed);
        };
        for (key, value) in in_order(settings.into_inner()) {
            let setting = Key::setting(key.get_ref());
            match value.get_ref() {
                DeValue::Table(table) if setting.is_table() => {
                    for (entry, value) in in_order(table.clone()) {
                        set(setting.entry(entry.get_ref()), entry.span(), value);
                    }
                }
                _ => set(setting, key.span(), value),
            }
        }
        overlay.finish()
    }
}

/// Returns the entries of a table in the order of the text.
fn in_order(table: DeTable<'_>) -> Vec<(Spanned<DeString<'_>>, Spanned<DeValue<'_>>)> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn json(value: Spanned<DeValue<'_>>) -> Result<Json, Mistake> {
    Json::deserialize(ValueDeserializer::from(value)).map_err(|mistake| Mistake::Value(mistake.to_string()))
}

/// Formats a message with its position and the source line, with `span` underlined.
fn pointed(name: &str, text: &str, span: &Range<usize>, message: &str) -> String {
    let before = &text[..span.start];
    let number = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let column = text[start..span.start].chars().count();
    let length = text
        .get(span.clone())
        .and_then(|meant| meant.lines().next())
        .map_or(0, |meant| meant.chars().count());
    let margin = " ".repeat(number.to_string().len());
    let marks = "^".repeat(length.max(1));
    format!(
        "{message}\n  --> {name}:{number}:{}\n{margin} |\n{number} | {line}\n{margin} | {}{marks}",
        column + 1,
        " ".repeat(column),
    )
}
