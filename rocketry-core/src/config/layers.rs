//! Settings from outside the code, which override those made in code.

use std::path::Path;

use serde_json::{Map, Value as Json};

use super::Config;
use crate::error::{Error, Kind, Problem, Result, did_you_mean};

/// The prefix of environment variables that are settings.
const PREFIX: &str = "ROCKETRY_";

/// The table whose entries are settings themselves.
const TASK_DEFAULTS: &str = "task_defaults";

/// Variables with these prefixes are not settings of an app.
const OTHERS: [&str; 3] = ["ROCKETRY_MACROS_", "ROCKETRY_INTERNAL_", "ROCKETRY_SOCKET"];

impl Config {
    /// Overrides these settings with those of a TOML text.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_build`] is true if a name is unknown, if a value is wrong, or if the
    /// feature `config-file`, which reads TOML, is not enabled. The error reports all mistakes together, each with
    /// its line and column.
    pub fn with_toml(self, text: &str) -> Result<Self> {
        self.read_toml("settings", text)
    }

    /// Overrides these settings with those of a TOML file.
    ///
    /// # Errors
    ///
    /// Returns an error in the cases of [`with_toml`](Self::with_toml). Returns an error for which
    /// [`Error::is_build`] is true if the file can't be read.
    pub fn with_file(self, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|cause| {
            Error::new(Kind::Build, format!("settings in `{}`: {cause}", path.display())).because(cause)
        })?;
        self.read_toml(&path.display().to_string(), &text)
    }

    /// Overrides these settings with those of variables such as `("ROCKETRY_ZONE", "UTC")`. Ignores variables without
    /// the prefix `ROCKETRY_`.
    ///
    /// ```
    /// use rocketry::Config;
    ///
    /// let config = Config::default().with_vars([("ROCKETRY_TIMEOUT", "never"), ("HOME", "/root")])?;
    /// assert_eq!(config.timeout, None);
    ///
    /// let error = Config::default().with_vars([("ROCKETRY_TIMOUT", "never")]).unwrap_err();
    /// assert!(error.to_string().ends_with("did you mean `ROCKETRY_TIMEOUT`?"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_build`] is true if a name is unknown or a value is wrong. The error
    /// reports all mistakes together.
    pub fn with_vars<K: AsRef<str>, V: AsRef<str>>(
        self,
        vars: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        let mut overlay = Overlay::new(self);
        for (name, text) in vars {
            let (name, text) = (name.as_ref(), text.as_ref());
            let Some(key) = name.strip_prefix(PREFIX) else {
                continue;
            };
            if OTHERS.iter().any(|other| name.starts_with(other)) {
                continue;
            }
            let key = key.to_lowercase();
            let set = overlay.set_text(Key::of_variable(&key), text);
            overlay.note(
                set.map_err(|mistake| format!("environment variable `{name}`: {}", mistake.of_variable())),
            );
        }
        overlay.finish()
    }

    /// Overrides these settings with those of the environment of the process. An app calls this itself when it is
    /// built.
    ///
    /// # Errors
    ///
    /// See [`with_vars`](Self::with_vars).
    pub fn with_env(self) -> Result<Self> {
        // Names and values of settings are valid Unicode. Other variables need not be.
        let ours =
            std::env::vars_os().filter(|(key, _)| key.as_encoded_bytes().starts_with(PREFIX.as_bytes()));
        let readable = ours.filter_map(|(key, value)| Some((key.into_string().ok()?, value)));
        self.with_vars(readable.map(|(key, value)| (key, value.to_string_lossy().into_owned())))
    }

    #[cfg(not(feature = "config-file"))]
    #[allow(clippy::unused_self, reason = "with the feature it is used")]
    fn read_toml(self, name: &str, _: &str) -> Result<Self> {
        let message = format!(
            "settings in `{name}`: reading them needs the feature `config-file` of the crate `rocketry`"
        );
        Err(Error::new(Kind::Build, message))
    }
}

/// The target of an assignment: a setting, or one entry of a setting that is a table.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    setting: &'a str,
    entry: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// The settings that are tables.
    const TABLES: [&'static str; 2] = ["pools", TASK_DEFAULTS];

    pub(super) fn setting(setting: &'a str) -> Self {
        Key { setting, entry: None }
    }

    /// `pools_db` is the entry `db` of the table `pools`.
    fn of_variable(name: &'a str) -> Self {
        let in_table =
            |table: &'a str| Some(Key::setting(table).entry(name.strip_prefix(table)?.strip_prefix('_')?));
        Key::TABLES
            .into_iter()
            .find_map(in_table)
            .unwrap_or(Key::setting(name))
    }

    #[cfg(feature = "config-file")]
    pub(super) fn is_table(self) -> bool {
        self.entry.is_none() && Key::TABLES.contains(&self.setting)
    }

    pub(super) fn entry(self, entry: &'a str) -> Self {
        Key {
            entry: Some(entry),
            ..self
        }
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.setting)?;
        self.entry.map_or(Ok(()), |entry| write!(f, ".{entry}"))
    }
}

/// A mistake in one setting.
pub(super) enum Mistake {
    /// The setting does not exist; `nearest` is the most similar one.
    Unknown { key: String, nearest: Option<String> },
    /// The value does not fit the setting.
    Value(String),
}

impl Mistake {
    /// Returns the message with names as environment variables.
    fn of_variable(self) -> String {
        match self {
            Mistake::Unknown { key, nearest } => {
                let near = nearest.or_else(|| nearest_entry(&key)).map(|key| {
                    format!(
                        "; did you mean `{PREFIX}{}`?",
                        key.replace('.', "_").to_uppercase()
                    )
                });
                format!("there is no such setting{}", near.unwrap_or_default())
            }
            Mistake::Value(message) => message,
        }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mistake::Unknown { key, nearest } => {
                let near = did_you_mean(key, nearest.as_deref());
                write!(f, "there is no setting `{key}`{near}")
            }
            Mistake::Value(message) => f.write_str(message),
        }
    }
}

/// Settings that are being changed one by one.
pub(super) struct Overlay {
    config: Config,
    problems: Vec<Problem>,
}

impl Overlay {
    pub(super) fn new(config: Config) -> Self {
        Overlay {
            config,
            problems: Vec::new(),
        }
    }

    /// Changes one setting. Keeps the other settings, so that every mistake is found, and the other entries of a
    /// table.
    pub(super) fn set(&mut self, key: Key<'_>, value: Json) -> Result<(), Mistake> {
        let mut all = fields(&self.config);
        let Some(field) = all.get_mut(key.setting) else {
            let nearest =
                crate::error::nearest(key.setting, all.keys().map(String::as_str)).map(str::to_owned);
            return Err(Mistake::Unknown {
                key: key.to_string(),
                nearest,
            });
        };
        if let (Json::Object(table), Some(entry)) = (&*field, key.entry)
            && key.setting == TASK_DEFAULTS
            && !table.contains_key(entry)
        {
            let near = crate::error::nearest(entry, table.keys().map(String::as_str));
            return Err(Mistake::Unknown {
                key: key.to_string(),
                nearest: near.map(|near| Key::setting(TASK_DEFAULTS).entry(near).to_string()),
            });
        }
        let expected = match (&*field, key.entry) {
            (Json::Object(table), Some(entry)) if key.setting == TASK_DEFAULTS => {
                let stands = table.get(entry).filter(|stands| !stands.is_null());
                stands.and_then(|stands| expected(stands, None, &value))
            }
            (field, entry) => expected(field, entry, &value),
        };
        match (field, key.entry, value) {
            (Json::Object(table), Some(entry), value) => {
                table.insert(entry.to_owned(), value);
            }
            (Json::Object(table), None, Json::Object(entries)) => table.extend(entries),
            (field, _, value) => *field = value,
        }
        self.config = serde_json::from_value(Json::Object(all))
            .map_err(|mistake| Mistake::Value(expected.unwrap_or_else(|| mistake.to_string())))?;
        Ok(())
    }

    /// Changes one setting to the value of a text. Tries the value as a string first, then as JSON.
    fn set_text(&mut self, key: Key<'_>, text: &str) -> Result<(), Mistake> {
        let as_text = self.set(key, text.into());
        match (&as_text, serde_json::from_str(text)) {
            (Err(Mistake::Value(_)), Ok(json)) => self.set(key, json),
            _ => as_text,
        }
    }

    pub(super) fn note(&mut self, set: Result<(), String>) {
        self.problems.extend(set.err().map(|message| Problem {
            message,
            location: None,
        }));
    }

    pub(super) fn finish(self) -> Result<Config> {
        if self.problems.is_empty() {
            return Ok(self.config);
        }
        Err(Error::build(Kind::Build, self.problems))
    }
}

/// Returns the message for a value of the wrong kind, or `None` for a wrong word, which its own type explains better.
fn expected(stands: &Json, entry: Option<&str>, written: &Json) -> Option<String> {
    let kind = match (stands, entry) {
        (Json::String(_), _) if written.is_string() => return None,
        (Json::String(word), _) => &*format!("text such as `\"{word}\"`"),
        (Json::Bool(_), _) => "`true` or `false`",
        (Json::Array(_), _) => "a list of names such as `[\"token\"]`",
        (Json::Object(_), None) => "a table",
        (Json::Number(_) | Json::Null, _) | (Json::Object(_), Some(_)) => "a whole number, 0 or more",
    };
    let found = written
        .as_str()
        .map_or_else(|| written.to_string(), str::to_owned);
    Some(format!("expected {kind}, found `{found}`"))
}

/// Returns the most similar entry for a variable whose table is misspelled.
fn nearest_entry(name: &str) -> Option<String> {
    let (table, entry) = name.split_once('_')?;
    let table = crate::error::nearest(table, Key::TABLES)?;
    Some(format!("{table}_{entry}"))
}

/// Returns the settings by name, as JSON.
fn fields(config: &Config) -> Map<String, Json> {
    match serde_json::to_value(config) {
        Ok(Json::Object(fields)) => fields,
        other => unreachable!("settings are named values: {other:?}"),
    }
}
