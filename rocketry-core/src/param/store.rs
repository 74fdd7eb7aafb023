//! How the parameters of a session, a task or one run are set.

use std::fmt;
use std::sync::Arc;

use super::argument::SimpleArg;
use super::evaluation::{Argument, Dependency, Entry, Params};
use super::value::{Value, place_of};
use super::wire::Wire;
use crate::drops::Foreign;
use crate::error::Location;

impl Params {
    /// Creates an empty set of parameters.
    pub const fn new() -> Self {
        Params(None)
    }

    /// Creates parameters from values that were received from outside.
    pub(crate) fn from_wires(wires: impl IntoIterator<Item = (String, Wire)>) -> Self {
        wires.into_iter().fold(Params::new(), |mut params, (key, wire)| {
            params.set(&key, Entry::value_of(Value::from(wire)));
            params
        })
    }

    /// Returns the parameter with this name, and the stored name.
    pub(crate) fn find(&self, key: &str) -> Option<(&str, &Entry)> {
        let (key, entry) = self.0.as_ref()?.get_key_value(key)?;
        Some((&**key, entry))
    }

    /// Sets a parameter to a plain value. Replaces a parameter with the same name.
    #[must_use]
    #[track_caller]
    pub fn with<T: std::any::Any + Send + Sync>(mut self, key: &str, value: T) -> Self {
        self.set(key, Entry::value_of(Value::new(value)).set_at(Location::caller()));
        self
    }

    /// Sets a parameter to an argument, which is evaluated when its run starts.
    ///
    /// ```
    /// use rocketry::Params;
    /// use rocketry::param::{Arg, EnvArg};
    ///
    /// let params = Params::new().with("day", "2026-01-01").with_argument("host", EnvArg("HOST") >> Arg("host"));
    /// assert_eq!(params.iter().count(), 2);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_argument(mut self, key: &str, argument: impl Argument) -> Self {
        self.set(key, Entry::argument(argument).set_at(Location::caller()));
        self
    }

    /// Sets a parameter. Replaces a parameter with the same name.
    pub fn set(&mut self, key: &str, entry: Entry) {
        Arc::make_mut(self.0.get_or_insert_default()).insert(key.into(), entry);
    }

    /// Returns these parameters, overridden by others.
    pub(crate) fn overlaid(&self, others: Option<&Params>) -> Params {
        let mut all = self.clone();
        for (key, entry) in others.into_iter().flat_map(Params::iter) {
            all.set(key, entry.clone());
        }
        all
    }

    /// Removes a parameter. Returns whether it existed.
    pub fn remove(&mut self, key: &str) -> bool {
        self.0
            .as_mut()
            .is_some_and(|entries| Arc::make_mut(entries).remove(key).is_some())
    }

    /// Marks these parameters as secret.
    pub(crate) fn conceal(&mut self, names: &[String]) {
        for name in names {
            if self.get(name).is_some_and(|entry| !entry.secret) {
                let entries = Arc::make_mut(self.0.get_or_insert_default());
                entries.get_mut(&**name).into_iter().for_each(Entry::conceal);
            }
        }
    }

    /// Returns the parameters as a JSON object for display. A secret is `"***"`. Parameters that are
    /// evaluated for each run, and values without a JSON form, are omitted.
    ///
    /// ```
    /// use rocketry::Params;
    ///
    /// let params = Params::new().with("day", "2026-01-01").with("port", 80_u16);
    /// assert_eq!(params.to_json().to_string(), r#"{"day":"2026-01-01","port":80}"#);
    /// ```
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Object(self.json_with(&Params::new()))
    }

    /// Returns the parameters of a task, overridden by those of its run, in the form in which they are
    /// recorded: a JSON object, or `None` if it is empty.
    pub(crate) fn recorded_with(&self, of_run: &Params) -> Option<Arc<str>> {
        let all = self.json_with(of_run);
        (!all.is_empty()).then(|| serde_json::Value::Object(all).to_string().into())
    }

    /// The parameters, overridden by others, as JSON without secrets.
    fn json_with(&self, of_run: &Params) -> serde_json::Map<String, serde_json::Value> {
        let mut all = serde_json::Map::new();
        for (key, entry) in self.iter().chain(of_run.iter()) {
            let json = if entry.is_secret() {
                Some("***".into())
            } else {
                entry.plain().and_then(|value| value.noted().ok())
            };
            match json {
                Some(json) => all.insert(key.to_owned(), json),
                None => all.remove(key),
            };
        }
        all
    }
}

impl Entry {
    /// Creates a parameter with a plain value.
    pub fn value_of(value: Value) -> Self {
        Entry::argument(SimpleArg::value(value))
    }

    /// Creates a parameter that is evaluated each time.
    pub fn argument(argument: impl Argument) -> Self {
        Entry {
            argument: Foreign::new(Arc::new(argument)),
            location: None,
            later: false,
            secret: false,
        }
    }

    /// Marks the value as secret.
    pub(crate) fn conceal(&mut self) {
        self.secret = true;
        if let Some(value) = self.argument.plain() {
            let secret = value.clone().into_secret();
            self.argument = Foreign::new(Arc::new(SimpleArg::value(secret)));
        }
    }

    /// Returns whether the value is secret.
    pub(crate) fn is_secret(&self) -> bool {
        self.secret || self.plain().is_some_and(Value::is_secret)
    }

    /// Sets the place of the declaration, for messages.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the place where the parameter was set while the app ran.
    #[must_use]
    pub(crate) fn set_at(self, location: Location) -> Self {
        let later = true;
        Entry {
            later,
            ..self.at(location)
        }
    }

    /// Returns a plain value for display: a text without quotes, any other value as JSON, and a secret as
    /// `***`.
    pub(crate) fn shown(&self) -> Option<String> {
        if self.is_secret() {
            return Some("***".to_owned());
        }
        self.plain()?.noted().ok().map(|json| match json {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// Returns whether each process of the app has the parameter from its start.
    pub(crate) fn is_declared(&self) -> bool {
        self.location.is_some() && !self.later
    }

    /// Returns the memory address of the argument.
    pub(super) fn place(&self) -> Option<usize> {
        Some(place_of(&self.argument))
    }

    /// Returns the text of a plain value; `None` if the value has to be evaluated first.
    pub(crate) fn plain_text(&self) -> Option<String> {
        self.argument.plain().and_then(Value::to_text)
    }

    /// Returns whether the value has to be evaluated each time.
    pub(crate) fn is_made(&self) -> bool {
        self.argument.plain().is_none()
    }

    /// Returns the dependencies of the value.
    pub(crate) fn depends(&self) -> Vec<Dependency> {
        self.argument.depends()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.argument.plain() {
            Some(value) => fmt::Debug::fmt(value, f),
            None if self.secret => f.write_str("***"),
            None => fmt::Display::fmt(&**self.argument, f),
        }
    }
}
