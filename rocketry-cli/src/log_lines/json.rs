//! A JSON object per line.

use serde_json::Value as Json;

use super::log_event::LogEvent;

pub(super) fn line(told: LogEvent<'_>) -> String {
    let mut fields = told.fields;
    let level = told.level.as_str().to_lowercase();
    let message = fields.take("message").unwrap_or_default();
    let first = [
        ("time", Json::from(told.at.to_string())),
        ("level", level.into()),
        ("target", told.target.into()),
        ("message", message),
    ];
    let pairs = first.into_iter().chain(fields.into_rest());
    // A map would sort the fields.
    let written = pairs.map(|(name, value)| format!("{}:{value}", Json::from(name)));
    format!("{{{}}}\n", written.collect::<Vec<_>>().join(","))
}
