//! Notes: what parts beside the scheduler keep with the run log.

use std::ops::Bound;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Session;
use crate::engine::fact_key::FactKey;
use crate::engine::naming;
use crate::error::{Error, Kind, Result};

/// How long the JSON of a note can be, in bytes.
const MAX_NOTE: usize = 1 << 20;

impl Session {
    /// Keeps a value under a name. On a durable log it survives a restart, one write after this returns.
    ///
    /// Notes are for what an extension of the app has to remember: which alerts are open, how far an export has come. No
    /// statement sees them, and no task takes them; [parameters](Self::set_param) are for that. Name them after the extension, as
    /// `alerts/report`.
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
    /// Fails if the name is blank, has the character U+0000 or is longer than 500 bytes, and if the value can't be turned into
    /// JSON of at most 1 MiB. Nothing is changed then.
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

    /// Reads a note; `None` if there is none of this name.
    ///
    /// # Errors
    ///
    /// Fails if the note is no JSON of this type.
    pub fn note<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let json = self.state().notes.get(name).cloned();
        json.map(|json| read(name, &json)).transpose()
    }

    /// Removes a note. Has no effect if there is none of this name.
    pub fn remove_note(&self, name: &str) {
        let mut change = self.change();
        if change.notes.remove(name).is_some() {
            change.facts.remove(&FactKey::Note(name.into()));
        }
    }

    /// The names of the notes that begin with a text, sorted.
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
