//! Settings in TOML.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;

use super::Config;
use super::layers::{Mistake, Overlay};
use crate::error::{Error, Kind, Result};

impl Config {
    /// Reads TOML; `name` is what the text is called in errors.
    pub(super) fn read_toml(self, name: &str, text: &str) -> Result<Self> {
        let settings: BTreeMap<Spanned<String>, Spanned<Json>> = toml::from_str(text).map_err(|mistake| {
            let span = mistake.span().unwrap_or_default();
            Error::new(Kind::Build, pointed(name, text, &span, mistake.message()))
        })?;
        let mut in_order: Vec<_> = settings.into_iter().collect();
        in_order.sort_by_key(|(key, _)| key.span().start);
        let mut overlay = Overlay::new(self);
        for (key, value) in in_order {
            let (key_span, value_span) = (key.span(), value.span());
            let key = key.into_inner();
            let set = overlay
                .set(&key, value.into_inner())
                .map_err(|mistake| match mistake {
                    unknown @ Mistake::Unknown { .. } => pointed(name, text, &key_span, &unknown.to_string()),
                    Mistake::Value(message) => {
                        pointed(name, text, &value_span, &format!("`{key}`: {message}"))
                    }
                });
            overlay.note(set);
        }
        overlay.finish()
    }
}

/// A message with its place, and the line itself with what is meant underlined.
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
