//! The audit log: what was done to the app on behalf of callers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The number of entries to keep.
pub(crate) const KEPT: usize = 1000;

/// The maximum length of a text in an entry, in bytes.
const LONGEST: usize = 1000;

/// An entry of the audit log: something that a person or a program did to an app. See
/// [`Session::audit`](crate::Session::audit).
///
/// Its text is a sentence: *ann by dashboard: `set-start` of task `fetch`, from `hourly`, to `daily`*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct AuditEntry {
    /// The number of the entry. Later entries have greater numbers.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The caller, as set with [`Session::by`](crate::Session::by).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
    /// The channel, as set with [`Session::via`](crate::Session::via).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Arc<str>>,
    /// The action: `run`, `terminate`, `pause`, `resume`, `skip-next`, `do-not-skip-next`, `enable`,
    /// `disable`, `set-start`, `set-end`, `set-timeout`, `set-priority`, `set-max-running`, `set-execution`,
    /// `reset`, `set-param`, `remove-param`, `backfill`, `cancel-backfill`, `cancel-catch-up`, `delete`,
    /// `set-pool`, `change-settings`, `shut-down`, `drain`, `restart`.
    pub action: Arc<str>,
    /// The task, if the action concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Arc<str>>,
    /// The name of the object, unless that is a task or the app: a group, a parameter, a pool, a run, a node,
    /// a setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Arc<str>>,
    /// The value before. A secret is `***`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Arc<str>>,
    /// The value after, or the requested value. A secret is `***`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Arc<str>>,
}

impl fmt::Display for AuditEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.by.as_deref().unwrap_or("somebody"))?;
        if let Some(via) = &self.via {
            write!(f, " by {via}")?;
        }
        write!(f, ": `{}`", self.action)?;
        if let Some(what) = &self.what {
            write!(f, " of `{what}`")?;
        }
        if let Some(task) = &self.task {
            write!(f, " of task `{task}`")?;
        }
        if let Some(before) = &self.before {
            write!(f, ", from `{before}`")?;
        }
        match &self.after {
            Some(after) => write!(f, ", to `{after}`"),
            None => Ok(()),
        }
    }
}

/// The caller on whose behalf changes are made through a handle, and the channel through which they arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Behalf {
    pub(crate) by: Option<Arc<str>>,
    /// The trace context of the caller.
    pub(crate) traceparent: Option<Arc<str>>,
    pub(crate) via: Option<Arc<str>>,
    /// The number of the call, if another node forwarded it.
    pub(crate) call: Option<u64>,
}

impl Behalf {
    /// Returns true if it appears in the audit log.
    pub(crate) fn is_told(&self) -> bool {
        self.by.is_some() || self.via.is_some() || self.call.is_some()
    }
}

/// An action, as it appears in the audit log.
#[derive(Debug, Default)]
pub(crate) struct AuditedAction {
    action: &'static str,
    task: Option<Arc<str>>,
    what: Option<Arc<str>>,
    before: Option<Arc<str>>,
    after: Option<Arc<str>>,
}

impl AuditedAction {
    pub(crate) fn new(action: &'static str) -> Self {
        AuditedAction {
            action,
            ..AuditedAction::default()
        }
    }

    pub(crate) fn of(mut self, task: &Arc<str>) -> Self {
        self.task = Some(task.clone());
        self
    }

    pub(crate) fn what(mut self, what: &str) -> Self {
        self.what = Some(short(what));
        self
    }

    pub(crate) fn from(mut self, before: Option<&str>) -> Self {
        self.before = before.map(short);
        self
    }

    pub(crate) fn to(mut self, after: Option<&str>) -> Self {
        self.after = after.map(short);
        self
    }
}

/// The text, truncated to the maximum length.
fn short(text: &str) -> Arc<str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..end.unwrap_or_default()]).into()
}

/// The newest entries of the audit log, by number.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    entries: BTreeMap<u64, AuditEntry>,
    next: u64,
}

impl Audit {
    /// Adds an action. Returns the entry, and the number of an entry that is no longer kept.
    pub(crate) fn add(
        &mut self,
        audited: AuditedAction,
        behalf: &Behalf,
        at: Timestamp,
    ) -> (AuditEntry, Option<u64>) {
        let entry = AuditEntry {
            number: self.next,
            at,
            by: behalf.by.clone(),
            via: behalf.via.clone(),
            action: audited.action.into(),
            task: audited.task,
            what: audited.what,
            before: audited.before,
            after: audited.after,
        };
        let old = self.put(entry.clone());
        (entry, old)
    }

    /// Adds an entry, possibly of an earlier life of the app. Returns the number of an entry that is no
    /// longer kept.
    pub(crate) fn put(&mut self, entry: AuditEntry) -> Option<u64> {
        self.next = self.next.max(entry.number.saturating_add(1));
        self.entries.insert(entry.number, entry);
        if self.entries.len() > KEPT {
            return self.entries.pop_first().map(|(number, _)| number);
        }
        None
    }

    /// The entries before a number, newest first.
    pub(crate) fn before(&self, number: u64) -> impl Iterator<Item = &AuditEntry> {
        self.entries.range(..number).rev().map(|(_, entry)| entry)
    }

    /// All entries, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &AuditEntry> {
        self.entries.values()
    }
}

#[cfg(test)]
mod tests {
    use super::{Audit, AuditedAction, Behalf, KEPT};
    use crate::time::Timestamp;

    #[test]
    fn only_the_newest_entries_are_kept() {
        let mut audit = Audit::default();
        let mut add = || {
            audit
                .add(AuditedAction::new("pause"), &Behalf::default(), Timestamp::MIN)
                .1
        };
        assert!((0..KEPT).all(|_| add().is_none()));
        assert_eq!((add(), add()), (Some(0), Some(1)));
        let newest: Vec<u64> = audit.before(u64::MAX).map(|entry| entry.number).take(2).collect();
        assert_eq!(newest, [1001, 1000]);
        assert_eq!(audit.all().count(), KEPT);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "é".repeat(600);
        let (entry, _) = Audit::default().add(
            AuditedAction::new("set-param").to(Some(&text)),
            &Behalf::default(),
            Timestamp::MIN,
        );
        let after = entry.after.unwrap();
        assert_eq!(after.chars().count(), 501);
        assert!(after.ends_with('…'));
    }
}
