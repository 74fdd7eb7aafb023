//! Looks up what statements name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::name_scope::NameScope;
use crate::cond::{CondCall, Phrases, Resolve};
use crate::error::did_you_mean;
use crate::task_id::TaskId;
use crate::time::Dates;

/// Looks names up for statements.
pub(super) struct Resolver<'a> {
    pub(super) scope: &'a NameScope<'a>,
    pub(super) phrases: &'a Phrases,
    pub(super) calendars: &'a BTreeMap<String, Dates>,
}

impl Resolve for Resolver<'_> {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        (self.scope.task)(name)
    }

    fn phrase(&self, text: &str) -> Result<Arc<CondCall>, String> {
        self.phrases.find(text)
    }

    fn calendar(&self, name: &str) -> Result<Dates, String> {
        self.calendars.get(name).cloned().ok_or_else(|| {
            let near = did_you_mean(name, self.calendars.keys().map(String::as_str));
            let help = if near.is_empty() {
                format!("; add it to the app with `app.calendar(\"{name}\", …)`")
            } else {
                near
            };
            format!("there is no calendar '{name}'{help}")
        })
    }

    fn is_made(&self, param: &str) -> bool {
        self.scope
            .params
            .get(param)
            .is_some_and(crate::param::Entry::is_made)
    }
}
