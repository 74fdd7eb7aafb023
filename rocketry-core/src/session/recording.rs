//! Converts values to the JSON that a run log stores. The conversion runs without any lock, since it may call
//! user code.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Session;
use crate::engine::fact_key::RequestFact;
use crate::error::{Error, Kind};
use crate::log::Cause;
use crate::param::{Entry, Params, Unwritable, Value, Wire};

impl RequestFact {
    /// The JSON of a requested run, or the reason why a parameter can't be converted.
    pub(super) fn of(task: &str, params: &Params, cause: &Cause, if_due: bool) -> Result<Self, String> {
        let wires = params.iter().map(|(key, entry)| match to_wire(entry) {
            Ok(wire) => Ok((key.to_owned(), wire)),
            Err(why) => Err(format!("the parameter `{key}`: {why}")),
        });
        Ok(RequestFact {
            task: task.to_owned(),
            params: wires.collect::<Result<BTreeMap<_, _>, String>>()?,
            if_due,
            cause: cause.clone(),
        })
    }
}

impl Session {
    /// The JSON of a requested run; `None` if the log stores none, or if a parameter can't be stored.
    pub(super) fn request_json(
        &self,
        task: &Arc<str>,
        params: &Params,
        cause: &Cause,
        if_due: bool,
    ) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        match RequestFact::of(task, params, cause, if_due) {
            Ok(fact) => serde_json::to_string(&fact).ok().map(Arc::from),
            Err(why) => {
                self.report_lost(&format!("a requested run of task `{task}`"), why);
                None
            }
        }
    }

    /// The JSON of a parameter that is set; `None` if the log stores none, or if the value can't be stored.
    pub(super) fn param_json(&self, of: &str, key: &str, entry: &Entry) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        match to_wire(entry) {
            Ok(wire) => serde_json::to_string(&wire).ok().map(Arc::from),
            Err(why) => {
                self.report_lost(&format!("the parameter `{key}` of {of}"), why);
                None
            }
        }
    }

    /// Warns, once, about something that does not survive a restart.
    pub(super) fn report_lost(&self, what: &str, why: impl fmt::Display) {
        let message = format!("{what} will be forgotten at a restart: {why}");
        if self.state().facts.is_newly_lost(message.clone()) {
            tracing::warn!("{message}");
        }
    }

    /// A result as JSON, if the log stores it. A function that returns nothing has none.
    #[inline]
    pub(crate) fn recorded_result(&self, task: &str, value: &Value) -> Option<Arc<str>> {
        if value.is_nothing() || self.0.log.is_immediate() {
            return None;
        }
        self.result_json(task, value)
    }

    fn result_json(&self, task: &str, value: &Value) -> Option<Arc<str>> {
        match value.noted() {
            Ok(json) => Some(json.to_string().into()),
            // Most types that can't be converted to JSON are not meant to be.
            Err(Unwritable::Type(_)) => None,
            Err(why) => {
                self.report_lost(&format!("the result of task `{task}`"), why);
                None
            }
        }
    }
}

/// A parameter as it is sent to the leader.
///
/// # Errors
///
/// Returns an error if it can't be converted to JSON or is a secret.
pub(super) fn carried(of: &str, key: &str, entry: &Entry) -> crate::Result<Wire> {
    to_wire(entry).map_err(|why| {
        let message =
            format!("the parameter `{key}` of {of} can't be set on this node, which stands by: {why}");
        Error::new(Kind::Parameter, message)
    })
}

pub(super) fn to_wire(entry: &Entry) -> Result<Wire, String> {
    match entry.plain() {
        Some(value) => Wire::noted(value).map_err(|why| why.to_string()),
        None => Err(format!(
            "it is made by {entry:?}, which can't be turned into JSON"
        )),
    }
}
