//! Goes on where an app was when it ended, whichever way it did.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::last_result::LastResult;
use super::notes::{BatchNote, Key, PendingNote};
use super::run::Batch;
use super::unique::Likeness;
use super::{Part, Session};
use crate::cond::{Condition, Need, TaskId};
use crate::error::{Error, Result};
use crate::log::{Action, Handover, Past, Record, TaskPast, Write};
use crate::param::{Entry, Params, Value, Wire};

/// What is known of tasks that are not in the app, or not yet.
pub(crate) type Absent = HashMap<Arc<str>, Known>;

/// What is known of a task from an earlier life of the app.
#[derive(Debug, Default)]
pub(crate) struct Known {
    past: Option<TaskPast>,
    notes: Vec<(Key, Arc<str>)>,
    /// By their numbers, which are in the order in which the runs were asked for.
    batches: BTreeMap<u64, BatchNote>,
}

impl Known {
    pub(super) fn past(&self) -> Option<&TaskPast> {
        self.past.as_ref()
    }

    /// The facts, as they were read.
    pub(super) fn facts(&self) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let notes = self.notes.iter();
        let notes = notes.map(|(key, value)| (key.to_string().into(), value.clone()));
        let batches = self.batches.iter().filter_map(|(number, note)| {
            let words = serde_json::to_string(note).ok()?;
            Some((Key::Batch(*number).to_string().into(), words.into()))
        });
        notes.chain(batches)
    }
}

impl Session {
    /// Takes up what the run log knows, or what the process before this one has left of it. Runs that were under way when the app ended have crashed; this is recorded
    /// once. Instants that statements look back to, and nobody has, come from the log.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be read or written.
    pub(crate) fn recover(&self, missed: &[Need], left: Option<Handover>) -> Result<()> {
        let mut past = self.past_with(left)?;
        self.record_crashes(&mut past)?;
        let mut state = self.state();
        if let Some(last) = past.last_run {
            state.next_run = state.next_run.max(last.saturating_add(1));
        }
        drop(state);
        self.sort_in(past);
        if !self.state().absent.is_empty() {
            let ids = self.state().ids();
            ids.for_each(|id| self.take_up(id));
        }
        for need in missed.iter().filter(|need| self.has_past(need)) {
            self.remember(need);
        }
        Ok(())
    }

    /// What the log knows, and what the process before this one has left.
    fn past_with(&self, left: Option<Handover>) -> Result<Past> {
        let Some(Handover { past, records }) = left else {
            return self.0.log.load();
        };
        if self.0.log.is_immediate() {
            self.0.log.write(&Write::records(&records))?;
            return Ok(past);
        }
        let mut known = self.0.log.load()?;
        known.facts.extend(past.facts);
        Ok(known)
    }

    fn record_crashes(&self, past: &mut Past) -> Result<()> {
        let now = self.now();
        let open = past.tasks.values().flat_map(|task| &task.open);
        let mut crashes: Vec<Record> = open
            .map(|start| Record {
                action: Action::Crash,
                created: now,
                message: Some("the app ended while it ran".into()),
                extra: None,
                ..start.clone()
            })
            .collect();
        if crashes.is_empty() {
            return Ok(());
        }
        crashes.sort_by(|a, b| (a.start, &a.run_id).cmp(&(b.start, &b.run_id)));
        let write = Write::records(&crashes);
        self.0.log.write(&write)?;
        past.note(&write);
        Ok(())
    }

    /// Puts what is known to the task that it concerns.
    fn sort_in(&self, past: Past) {
        let mut absent = Absent::new();
        for (task, past) in past.tasks {
            absent.entry(task).or_default().past = Some(past);
        }
        let mut params = Vec::new();
        for (text, value) in past.facts {
            match Key::parse(&text) {
                Some(Key::Batch(number)) => match serde_json::from_str::<BatchNote>(&value) {
                    Ok(note) => {
                        let known = absent.entry(note.task.as_str().into()).or_default();
                        known.batches.insert(number, note);
                    }
                    Err(mistake) => self.doubt(&text, None, &mistake),
                },
                Some(Key::Param(name)) => params.push((name, value)),
                Some(key) => {
                    if let Some(task) = key.task().cloned() {
                        absent.entry(task).or_default().notes.push((key, value));
                    }
                }
                None => self.doubt(&text, None, &"nothing is known by this name"),
            }
        }
        let batches = absent.values().flat_map(|known| known.batches.keys());
        let last_batch = batches.max().copied();
        for (name, value) in params {
            match read_param(&value) {
                Ok(entry) => {
                    let mut state = self.state();
                    self.restore_param(&mut state.params, &name, entry);
                    state.notes.put_again(Key::Param(name));
                }
                Err(mistake) => self.doubt(&name, None, &mistake),
            }
        }
        let mut state = self.state();
        if let Some(last) = last_batch {
            state.notes.number_after(last);
        }
        state.absent = absent;
    }

    /// Gives a task what is known of it from an earlier life of the app.
    pub(super) fn take_up(&self, id: TaskId) {
        let now = self.now();
        let mut state = self.state();
        let name = state.task(id).spec.name.clone();
        let Some(mut known) = state.absent.remove(&name) else {
            return;
        };
        let entry = state.task_mut(id);
        if let Some(past) = &known.past {
            entry.history.restore(past, now);
        }
        let unique = entry.spec.unique;
        drop(state);
        let mut batches = Vec::new();
        for (number, note) in known.batches {
            let mut params = Params::from_wires(note.params);
            params.conceal(&self.config().secrets);
            batches.push(Batch {
                likeness: unique.then(|| Likeness::new(id, note.if_due, &params)),
                params,
                if_due: note.if_due,
                number: Some(number),
                ..Batch::default()
            });
        }
        let mut state = self.state();
        for batch in batches {
            state.ask_again(id, batch);
        }
        drop(state);
        // A start to come is that of a start condition: it is put last.
        known.notes.sort_unstable();
        for (key, value) in known.notes {
            match self.take_up_note(id, &key, &value) {
                Ok(()) => self.state().notes.put_again(key),
                Err(mistake) => self.doubt(&key.to_string(), Some(&name), &mistake),
            }
        }
    }

    fn take_up_note(&self, id: TaskId, key: &Key, value: &str) -> Result<()> {
        let task = || super::Task::new(self.clone(), id);
        match key {
            Key::Disabled(_) => self.state().task_mut(id).disabled = read(value)?,
            Key::Priority(_) => self.state().set_priority(id, read(value)?),
            Key::Start(_) => task().put_start(condition(&read::<String>(value)?)?)?,
            Key::End(_) => task().put_end(condition(&read::<String>(value)?)?)?,
            Key::Result(_) => self.state().task_mut(id).result = LastResult::noted(result(read(value)?)),
            Key::TaskParam(_, name) => {
                let entry = read_param(value)?;
                task().change_spec(|spec| self.restore_param(&mut spec.params, name, entry));
            }
            Key::Pending(_) => {
                let (later, now) = (read::<PendingNote>(value)?.into(), self.now());
                self.state().restore_pending(id, later, now);
            }
            Key::Param(_) | Key::Batch(_) => {}
        }
        Ok(())
    }

    fn restore_param(&self, params: &mut Params, key: &str, entry: Option<Entry>) {
        match entry {
            Some(entry) => params.set(key, entry),
            None => drop(params.remove(key)),
        }
        params.conceal(&self.config().secrets);
    }

    fn has_past(&self, need: &Need) -> bool {
        let state = self.state();
        need.task
            .is_some_and(|task| state.task(task).history.total(need.action) > 0)
    }

    /// Tells of something that the log knows and the app can't make use of.
    fn doubt(&self, what: &str, task: Option<&Arc<str>>, why: &dyn std::fmt::Display) {
        let error = Error::log(format!("`{what}` in the run log can't be made use of: {why}"));
        self.fail(Part::Log, task, error);
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(Error::log)
}

/// A result as it was noted. What a command has printed is text, which spells whatever type is asked for.
fn result(json: Json) -> Value {
    match json {
        Json::String(text) => Value::text(text),
        other => Value::json(other),
    }
}

fn condition(text: &str) -> Result<Condition> {
    Condition::parse(text).map_err(|mistake| Error::log(mistake.to_string()))
}

/// A parameter as it was noted; `None` if it was removed.
fn read_param(value: &str) -> Result<Option<Entry>> {
    let wire: Option<Wire> = read(value)?;
    Ok(wire.map(|wire| Entry::value_of(Value::from(wire))))
}
