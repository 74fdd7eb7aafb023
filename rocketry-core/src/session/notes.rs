//! Notes: values that extensions of the app keep in the run log.

use std::ops::Bound;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Session;
use crate::engine::fact_key::FactKey;
use crate::engine::naming;
use crate::error::{Error, Kind, Result};

/// The maximum length of a note as JSON, in bytes.
const MAX_NOTE: usize = 1 << 20;

impl Session {
    /// Stores a value under a name. With a durable run log it survives a restart; it is written with the next
    /// write after this returns.
    ///
    /// Notes are for state of an extension that must survive, such as open alerts or the position of an
    /// export. Statements and tasks can't see them; use [parameters](Self::set_param) for values that they
    /// need. Prefix their names with the name of the extension: `alerts/report`.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// session.set_note("export/place", &("orders", 1200))?;
    /// assert_eq!(session.note::<(String, u32)>("export/place")?, Some(("orders".to_owned(), 1200)));
    /// session.remove_note("export/place");
    /// assert_eq!(session.note::<(String, u32)>("export/place")?, None);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the name is blank, contains the character U+0000 or is longer than 500 bytes, or
    /// if the value can't be converted to at most 1 MiB of JSON. Nothing is changed in that case.
    pub fn set_note<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<()> {
        if let Some(mistake) = naming::of_note(name) {
            return Err(Error::new(Kind::State, mistake));
        }
        let json: Arc<str> = to_json(name, value)?.into();
        let mut change = self.change();
        change.notes.insert(name.into(), json.clone());
        change.facts.set(&FactKey::Note(name.into()), json);
        Ok(())
    }

    /// Reads a note. Returns `None` if there is no note with this name.
    ///
    /// # Errors
    ///
    /// Returns an error if the note can't be deserialized as this type.
    pub fn note<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let json = self.state().notes.get(name).cloned();
        json.map(|json| read(name, &json)).transpose()
    }

    /// Removes a note. Has no effect if there is no note with this name.
    pub fn remove_note(&self, name: &str) {
        let mut change = self.change();
        if change.notes.remove(name).is_some() {
            change.facts.remove(&FactKey::Note(name.into()));
        }
    }

    /// Returns the names of the notes with a prefix, sorted.
    pub fn note_names(&self, prefix: &str) -> Vec<Arc<str>> {
        let state = self.state();
        let from = state
            .notes
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.map(|(name, _)| name)
            .take_while(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }
}

fn to_json<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<String> {
    let json = serde_json::to_string(value).map_err(|cause| {
        let message = format!("note `{name}` can't be turned into JSON: {cause}");
        Error::new(Kind::State, message)
    })?;
    if json.len() > MAX_NOTE {
        let length = json.len();
        let message = format!("note `{name}` has {length} bytes of JSON; it can have {MAX_NOTE} at most");
        return Err(Error::new(Kind::State, message));
    }
    Ok(json)
}

fn read<T: DeserializeOwned>(name: &str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|cause| {
        let message = format!("note `{name}` is not what was expected: {cause}");
        Error::new(Kind::State, message)
    })
}
