//! Turns values into the JSON that a run log keeps. It is made without any lock, since it may call code of the user's.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Session;
use crate::engine::fact_key::RequestFact;
use crate::log::Cause;
use crate::param::{Entry, Params, Unwritable, Value, Wire};

impl Session {
    /// A requested run as JSON; `None` if the log keeps none, or a parameter can't be kept.
    pub(super) fn request_json(&self, task: &Arc<str>, params: &Params, cause: &Cause) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        let mut fact = RequestFact {
            task: task.to_string(),
            params: BTreeMap::new(),
            if_due: false,
            cause: cause.clone(),
        };
        for (key, entry) in params.iter() {
            match to_wire(entry) {
                Ok(wire) => drop(fact.params.insert(key.to_owned(), wire)),
                Err(why) => {
                    let what = format!("a run of task `{task}` that is asked for with the parameter `{key}`");
                    self.tell_lost(&what, why);
                    return None;
                }
            }
        }
        serde_json::to_string(&fact).ok().map(Arc::from)
    }

    /// A parameter that is set, as JSON; `None` if the log keeps none, or the value can't be kept.
    pub(super) fn param_json(&self, of: &str, key: &str, entry: &Entry) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        match to_wire(entry) {
            Ok(wire) => serde_json::to_string(&wire).ok().map(Arc::from),
            Err(why) => {
                self.tell_lost(&format!("the parameter `{key}` of {of}"), why);
                None
            }
        }
    }

    /// Warns, once, of something that does not survive a restart.
    pub(super) fn tell_lost(&self, what: &str, why: impl fmt::Display) {
        let message = format!("{what} will be forgotten at a restart: {why}");
        if self.state().facts.is_newly_lost(message.clone()) {
            tracing::warn!("{message}");
        }
    }

    /// A result as JSON, if the log keeps it. A function that returns nothing has none.
    pub(crate) fn recorded_result(&self, task: &str, value: &Value) -> Option<Arc<str>> {
        if self.0.log.is_immediate() || value.is_nothing() {
            return None;
        }
        match value.noted() {
            Ok(json) => Some(json.to_string().into()),
            // Most types that can't be turned into JSON are not meant to.
            Err(Unwritable::Type(_)) => None,
            Err(why) => {
                self.tell_lost(&format!("the result of task `{task}`"), why);
                None
            }
        }
    }
}

/// A parameter as it is kept, or why it can't be.
pub(super) fn to_wire(entry: &Entry) -> Result<Wire, String> {
    match entry.plain() {
        Some(value) => Wire::noted(value).map_err(|why| why.to_string()),
        None => Err(format!(
            "it is made by {entry:?}, which can't be turned into JSON"
        )),
    }
}
