//! What an app was told besides its code, as facts of the run log: it is known after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::mem;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Session;
use super::pending::Later;
use super::run::Batch;
use crate::log::Fact;
use crate::param::{Entry, Params, Unwritable, Value, Wire};
use crate::time::Timestamp;

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Whether a task is disabled.
    Disabled(Arc<str>),
    Priority(Arc<str>),
    /// The text of a task's start condition.
    Start(Arc<str>),
    End(Arc<str>),
    /// The last result of a task.
    Result(Arc<str>),
    /// A parameter of a task; `null` if it was removed.
    TaskParam(Arc<str>, Arc<str>),
    /// A parameter of the session; `null` if it was removed.
    Param(Arc<str>),
    /// A run that was asked for, by its number.
    Batch(u64),
    /// A start of a task that is due and to come.
    Pending(Arc<str>),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Disabled(task) => write!(f, "disabled/{task}"),
            Key::Priority(task) => write!(f, "priority/{task}"),
            Key::Start(task) => write!(f, "start/{task}"),
            Key::End(task) => write!(f, "end/{task}"),
            Key::Result(task) => write!(f, "result/{task}"),
            // A name may have anything in it.
            Key::TaskParam(task, key) => write!(f, "task_param/{}/{task}/{key}", task.len()),
            Key::Param(key) => write!(f, "param/{key}"),
            Key::Batch(number) => write!(f, "batch/{number:020}"),
            Key::Pending(task) => write!(f, "pending/{task}"),
        }
    }
}

impl Key {
    /// The task that it concerns; none for what concerns the app, or a run.
    pub(super) fn task(&self) -> Option<&Arc<str>> {
        match self {
            Key::Disabled(task)
            | Key::Priority(task)
            | Key::Start(task)
            | Key::End(task)
            | Key::Result(task)
            | Key::TaskParam(task, _)
            | Key::Pending(task) => Some(task),
            Key::Param(_) | Key::Batch(_) => None,
        }
    }

    /// The key as it was written; `None` for one of another version of this crate.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('/')?;
        Some(match kind {
            "disabled" => Key::Disabled(rest.into()),
            "priority" => Key::Priority(rest.into()),
            "start" => Key::Start(rest.into()),
            "end" => Key::End(rest.into()),
            "result" => Key::Result(rest.into()),
            "task_param" => {
                let (length, rest) = rest.split_once('/')?;
                let (task, key) = rest.split_at_checked(length.parse().ok()?)?;
                Key::TaskParam(task.into(), key.strip_prefix('/')?.into())
            }
            "param" => Key::Param(rest.into()),
            "batch" => Key::Batch(rest.parse().ok()?),
            "pending" => Key::Pending(rest.into()),
            _ => return None,
        })
    }
}

/// A run that was asked for, as it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BatchNote {
    pub(crate) task: String,
    pub(crate) params: BTreeMap<String, Wire>,
    #[serde(default)]
    pub(crate) if_due: bool,
}

impl BatchNote {
    /// The note of a run without parameters of its own.
    pub(crate) fn plain(task: &Arc<str>, if_due: bool) -> Option<Arc<str>> {
        let note = BatchNote {
            task: task.to_string(),
            params: BTreeMap::new(),
            if_due,
        };
        serde_json::to_string(&note).ok().map(Arc::from)
    }
}

/// A start that is due and to come, as it is written down: instants in microseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingNote {
    due: i64,
    at: i64,
    overlaps: bool,
}

impl PendingNote {
    pub(crate) fn words(&self) -> String {
        serde_json::to_string(self).expect("JSON has words for numbers")
    }
}

impl From<Later> for PendingNote {
    fn from(later: Later) -> Self {
        PendingNote {
            due: later.due.as_micros(),
            at: later.at.as_micros(),
            overlaps: later.overlaps,
        }
    }
}

impl From<PendingNote> for Later {
    fn from(note: PendingNote) -> Self {
        Later {
            due: Timestamp::from_micros(note.due),
            at: Timestamp::from_micros(note.at),
            overlaps: note.overlaps,
        }
    }
}

/// What is to be written down besides records, in the order in which it came to be.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Whether anything is: not if the log is immediate.
    is_kept: bool,
    facts: Vec<Fact>,
    next_batch: u64,
    /// What is not as declared any more.
    changed: BTreeSet<Key>,
    /// What was told of already that can't be written down.
    lost: BTreeSet<String>,
}

impl Notes {
    pub(crate) fn new(is_kept: bool, next_batch: u64) -> Self {
        Notes {
            is_kept,
            next_batch,
            ..Notes::default()
        }
    }

    /// Numbers go on behind one that was given before.
    pub(crate) fn number_after(&mut self, batch: u64) {
        self.next_batch = self.next_batch.max(batch + 1);
    }

    pub(crate) fn take(&mut self) -> Vec<Fact> {
        mem::take(&mut self.facts)
    }

    /// Notes what is so from now on.
    pub(crate) fn set(&mut self, key: &Key, value: impl Into<Arc<str>>) {
        self.put(key, Some(value.into()));
    }

    /// Notes that something is no longer so.
    pub(crate) fn remove(&mut self, key: &Key) {
        self.put(key, None);
    }

    /// Notes what is so from now on; nothing, if that can't be written down.
    pub(crate) fn put(&mut self, key: &Key, value: Option<Arc<str>>) {
        self.put_again(key.clone());
        if self.is_kept {
            let key = key.to_string().into();
            self.facts.push(Fact { key, value });
        }
    }

    /// Notes what is so since an earlier life of the app.
    pub(super) fn put_again(&mut self, key: Key) {
        if !matches!(key, Key::Result(_) | Key::Batch(_) | Key::Pending(_)) {
            self.changed.insert(key);
        }
    }

    /// What is not as declared any more.
    pub(super) fn changed(&self) -> impl Iterator<Item = &Key> {
        self.changed.iter()
    }

    /// The number that a run gets which is asked for next.
    pub(super) fn next_batch(&self) -> u64 {
        self.next_batch
    }

    /// Notes a run that was asked for, if it can be written down.
    pub(crate) fn add_batch(&mut self, batch: &mut Batch) {
        if let Some(note) = batch.note.take().filter(|_| self.is_kept) {
            let number = self.next_batch;
            self.next_batch += 1;
            batch.number = Some(number);
            self.set(&Key::Batch(number), note);
        }
    }

    /// Notes that a run that was asked for begins, or is not made.
    pub(crate) fn remove_batch(&mut self, batch: &Batch) {
        if let Some(number) = batch.number {
            self.remove(&Key::Batch(number));
        }
    }

    /// Notes that a task is gone.
    pub(crate) fn remove_task(&mut self, task: &Arc<str>, params: &Params) {
        let of_task = [
            Key::Disabled,
            Key::Priority,
            Key::Start,
            Key::End,
            Key::Result,
            Key::Pending,
        ];
        for key in of_task {
            self.remove(&key(task.clone()));
        }
        for (name, _) in params.iter() {
            self.remove(&Key::TaskParam(task.clone(), name.into()));
        }
        self.changed.retain(|key| key.task() != Some(task));
    }

    /// Whether it is to be told that something can't be written down: once.
    fn lose(&mut self, what: String) -> bool {
        self.lost.insert(what)
    }
}

impl Session {
    /// The note of a run that is asked for, made without any lock; `None` if a parameter can't be written down.
    pub(super) fn note_of_batch(&self, task: &Arc<str>, params: &Params) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        let mut note = BatchNote {
            task: task.to_string(),
            params: BTreeMap::new(),
            if_due: false,
        };
        for (key, entry) in params.iter() {
            match noted(entry) {
                Ok(wire) => drop(note.params.insert(key.to_owned(), wire)),
                Err(why) => {
                    let what = format!("a run of task `{task}` that is asked for with the parameter `{key}`");
                    self.tell_lost(&what, why);
                    return None;
                }
            }
        }
        serde_json::to_string(&note).ok().map(Arc::from)
    }

    /// What is noted of a parameter that is set, made without any lock; `None` if it can't be written down.
    pub(super) fn note_of_param(&self, of: &str, key: &str, entry: &Entry) -> Option<Arc<str>> {
        if self.0.log.is_immediate() {
            return None;
        }
        match noted(entry) {
            Ok(wire) => serde_json::to_string(&wire).ok().map(Arc::from),
            Err(why) => {
                self.tell_lost(&format!("the parameter `{key}` of {of}"), why);
                None
            }
        }
    }

    /// Tells, once, of something that is not known after a restart.
    pub(super) fn tell_lost(&self, what: &str, why: impl fmt::Display) {
        let message = format!("{what} will be forgotten at a restart: {why}");
        if self.state().notes.lose(message.clone()) {
            tracing::warn!("{message}");
        }
    }

    /// A result as it is recorded, if it is. Nothing stands for a function that returns nothing.
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

/// A parameter as it is written down, or why it can't be.
pub(super) fn noted(entry: &Entry) -> Result<Wire, String> {
    match entry.plain() {
        Some(value) => Wire::noted(value).map_err(|why| why.to_string()),
        None => Err(format!(
            "it is made by {entry:?}, which can't be turned into JSON"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let name = || "jobs/fetch é/1".into();
        for key in [
            Key::Disabled(name()),
            Key::Priority(name()),
            Key::Start(name()),
            Key::End(name()),
            Key::Result(name()),
            Key::TaskParam(name(), "a/b".into()),
            Key::Param(name()),
            Key::Batch(7),
            Key::Pending(name()),
        ] {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
        for text in ["later/1", "task_param/9/x/y", "batch/x", "disabled"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
