//! The audit record: what was done to the app on somebody's behalf.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How many entries are kept: the newest.
pub(crate) const KEPT: usize = 1000;

/// The longest text of an entry, in bytes.
const LONGEST: usize = 1000;

/// Something that was done to an app on behalf of a person or a program: see [`Session::audit`](crate::Session::audit).
///
/// Its text is a sentence: *ann by dashboard: `set-start` of task `fetch`, from `hourly`, to `daily`*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct AuditEntry {
    /// The number of the entry: the greater, the later.
    pub number: u64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it, as [`Session::by`](crate::Session::by) was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
    /// By what way, as [`Session::via`](crate::Session::via) was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Arc<str>>,
    /// What was done: `run`, `terminate`, `pause`, `resume`, `skip-next`, `do-not-skip-next`, `enable`, `disable`, `set-start`,
    /// `set-end`, `set-timeout`, `set-priority`, `set-max-running`, `set-execution`, `reset`, `set-param`, `remove-param`,
    /// `backfill`, `cancel-backfill`, `cancel-catch-up`, `delete`, `set-pool`, `change-settings`, `shut-down`, `drain`,
    /// `restart`.
    pub action: Arc<str>,
    /// The task, if it was done to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Arc<str>>,
    /// The name of what it was done to, unless that is a task or the app: a group, a parameter, a pool, a run, a node, a
    /// setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Arc<str>>,
    /// How it was before. A secret is `***`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Arc<str>>,
    /// How it is since, or what was asked for. A secret is `***`.
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

/// On whose behalf changes are made through a handle, and by what way they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Behalf {
    pub(crate) by: Option<Arc<str>>,
    /// The trace context of the caller.
    pub(crate) traceparent: Option<Arc<str>>,
    pub(crate) via: Option<Arc<str>>,
    /// The number of the call by which another node has asked for it.
    pub(crate) call: Option<u64>,
}

impl Behalf {
    /// Whether the audit record tells of it.
    pub(crate) fn is_told(&self) -> bool {
        self.by.is_some() || self.via.is_some() || self.call.is_some()
    }
}

/// What is done, as the audit record tells it.
#[derive(Debug, Default)]
pub(crate) struct Deed {
    action: &'static str,
    task: Option<Arc<str>>,
    what: Option<Arc<str>>,
    before: Option<Arc<str>>,
    after: Option<Arc<str>>,
}

impl Deed {
    pub(crate) fn new(action: &'static str) -> Self {
        Deed {
            action,
            ..Deed::default()
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

/// A text that is not too long.
fn short(text: &str) -> Arc<str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
    format!("{}…", &text[..end.unwrap_or_default()]).into()
}

/// The newest entries of the audit record, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    entries: BTreeMap<u64, AuditEntry>,
    next: u64,
}

impl Audit {
    /// Adds what is done. Returns the entry, and the number of one that is kept no longer.
    pub(crate) fn add(&mut self, deed: Deed, behalf: &Behalf, at: Timestamp) -> (AuditEntry, Option<u64>) {
        let entry = AuditEntry {
            number: self.next,
            at,
            by: behalf.by.clone(),
            via: behalf.via.clone(),
            action: deed.action.into(),
            task: deed.task,
            what: deed.what,
            before: deed.before,
            after: deed.after,
        };
        let old = self.put(entry.clone());
        (entry, old)
    }

    /// Adds an entry, which an earlier life of the app may have made. Returns the number of one that is kept no longer.
    pub(crate) fn put(&mut self, entry: AuditEntry) -> Option<u64> {
        self.next = self.next.max(entry.number.saturating_add(1));
        self.entries.insert(entry.number, entry);
        if self.entries.len() > KEPT {
            return self.entries.pop_first().map(|(number, _)| number);
        }
        None
    }

    /// The entries before a number, the newest first.
    pub(crate) fn before(&self, number: u64) -> impl Iterator<Item = &AuditEntry> {
        self.entries.range(..number).rev().map(|(_, entry)| entry)
    }

    /// All entries, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &AuditEntry> {
        self.entries.values()
    }
}

#[cfg(test)]
mod tests {
    use super::{Audit, Behalf, Deed, KEPT};
    use crate::time::Timestamp;

    #[test]
    fn only_the_newest_entries_are_kept() {
        let mut audit = Audit::default();
        let mut add = || {
            audit
                .add(Deed::new("pause"), &Behalf::default(), Timestamp::MIN)
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
            Deed::new("set-param").to(Some(&text)),
            &Behalf::default(),
            Timestamp::MIN,
        );
        let after = entry.after.unwrap();
        assert_eq!(after.chars().count(), 501);
        assert!(after.ends_with('…'));
    }
}
