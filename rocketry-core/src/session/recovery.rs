//! Restores the state that the run log has kept from earlier lives of the app.

mod interrupted;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::remote::OpenRuns;
use super::trace::trace_record;
use super::{Session, Task};
use crate::cond::{Condition, Need};
use crate::engine::absent_tasks::AbsentTasks;
use crate::engine::crashes::CrashRow;
use crate::engine::fact_key::{DeferredFact, FactKey, RequestFact};
use crate::engine::last_result::LastResult;
use crate::engine::pause::{Pause, PauseScope};
use crate::engine::run_queue::RunRequest;
use crate::engine::unique::RequestIdentity;
use crate::error::{Error, Kind, Result};
use crate::failure::Part;
use crate::log::{Action, Fact, Handover, Past, Record, Write};
use crate::param::{Entry, Params, Value, Wire};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Session {
    /// Restores the state from the run log, or from what the previous process handed over. Runs that were in
    /// progress when the app ended have crashed; this is recorded once. Returns the starts of the runs that
    /// other nodes continue. Reads the history that statements need and that is not in memory from the log.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read or written.
    pub(crate) fn recover(
        &self,
        missed: &[Need],
        left: Option<Handover>,
        elsewhere: &OpenRuns,
    ) -> Result<Vec<Record>> {
        let mut past = self.past_with(left)?;
        self.record_crashes(&mut past, elsewhere)?;
        // The remaining open runs continue.
        let kept = past.tasks.values().flat_map(|task| task.open.clone()).collect();
        let mut state = self.state();
        if let Some(last) = past.last_run {
            state.next_run = state.next_run.max(last.saturating_add(1));
        }
        drop(state);
        self.take_up_past(past, missed);
        Ok(kept)
    }

    /// Restores the state of tasks and of the app, and reads the history that their statements need from the
    /// log.
    pub(super) fn take_up_past(&self, past: Past, missed: &[Need]) {
        self.sort_in(past);
        if !self.state().absent.is_empty() {
            let ids = self.state().ids();
            ids.for_each(|id| self.take_up(id));
        }
        let missed: Vec<Need> = missed
            .iter()
            .filter(|need| self.has_past(need))
            .copied()
            .collect();
        self.remember(&missed);
        self.remember_upstream_of_all();
    }

    /// The past from the log, and from what the previous process handed over.
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

    fn record_crashes(&self, past: &mut Past, elsewhere: &OpenRuns) -> Result<()> {
        let now = self.now();
        let open = past.tasks.values().flat_map(|task| &task.open);
        let open = open.filter(|start| !elsewhere.has(start));
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
        let tasks: BTreeSet<&Arc<str>> = crashes.iter().map(|crash| &crash.task).collect();
        let rows = tasks.iter().map(|task| self.crash_again(task, past, now));
        let mut facts: Vec<Fact> = rows.collect();
        for task in tasks {
            facts.push(self.counted_at_crash(task, past)?);
        }
        let write = Write {
            facts: &facts,
            ..Write::records(&crashes)
        };
        self.0.log.write(&write)?;
        past.note(&write);
        crashes.iter().for_each(trace_record);
        Ok(())
    }

    /// Counts a crash of the app for a task that was running. Reports it if it is not the first in a row.
    fn crash_again(&self, task: &Arc<str>, past: &Past, now: Timestamp) -> Fact {
        let key: Arc<str> = FactKey::Crashes(task.clone()).to_string().into();
        let before = past.facts.get(&key).and_then(|row| read(row).ok());
        let row = CrashRow::after(before, now);
        if row.crashes > 1 {
            let message = format!(
                "the app has crashed {} times in a row while the task ran; it starts again {} after this start of the app at the earliest",
                row.crashes,
                row.pause()
            );
            self.fail(Part::Crash, Some(task), Error::new(Kind::State, message));
        }
        let value = Some(row.to_json().into());
        Fact { key, value }
    }

    /// Sorts the past by task, and restores the parts that concern the app.
    fn sort_in(&self, past: Past) {
        let mut absent = AbsentTasks::new();
        for (task, past) in past.tasks {
            absent.entry(task).or_default().past = Some(past);
        }
        for (text, value) in past.facts {
            let sorted = match FactKey::parse(&text) {
                Some(key) => self.sort_fact(&mut absent, key, value),
                None => Err(Error::log("nothing is known by this name")),
            };
            if let Err(mistake) = sorted {
                self.doubt(&text, None, &mistake);
            }
        }
        let requests = absent.values().flat_map(|known| known.requests.keys());
        let last_request = requests.max().copied();
        let mut state = self.state();
        if let Some(last) = last_request {
            state.facts.number_after(last);
        }
        state.absent = absent;
    }

    fn sort_fact(&self, absent: &mut AbsentTasks, key: FactKey, value: Arc<str>) -> Result<()> {
        match key {
            FactKey::Request(number) => {
                let fact: RequestFact = read(&value)?;
                let known = absent.entry(fact.task.as_str().into()).or_default();
                known.requests.insert(number, fact);
            }
            FactKey::Audit(_) => self.restore_audit(read(&value)?),
            FactKey::Relayed => self.state().lead.relayed = read(&value)?,
            FactKey::Ended => self.state().ended = Some(Timestamp::from_micros(read(&value)?)),
            FactKey::Param(name) => {
                let entry = read_param(&value)?;
                let mut state = self.state();
                let state = &mut *state;
                let before = state.params.get(&name);
                let key = FactKey::Param(name.clone());
                state.facts.restore_param(&key, entry.is_some(), before);
                self.restore_param(&mut state.params, &name, entry);
            }
            FactKey::Note(name) => drop(self.state().notes.insert(name, value)),
            FactKey::Paused(scope @ (PauseScope::App | PauseScope::Group(_))) => {
                self.restore_pause(&scope, &value)?;
            }
            key => {
                if let Some(task) = key.task().cloned() {
                    absent.entry(task).or_default().facts.push((key, value));
                }
            }
        }
        Ok(())
    }

    /// Restores the state of a task from an earlier life of the app.
    pub(super) fn take_up(&self, id: TaskId) {
        let now = self.now();
        let mut state = self.state();
        let name = state.task(id).spec.name.clone();
        let Some(mut known) = state.absent.remove(&name) else {
            return;
        };
        let entry = state.task_mut(id);
        if let Some(past) = &known.past {
            entry.runs.history.restore(past, now);
        }
        let unique = entry.spec.unique;
        drop(state);
        for (number, fact) in known.requests {
            let mut params = Params::from_wires(fact.params);
            params.conceal(&self.config().secrets);
            let request = RunRequest {
                identity: unique.then(|| RequestIdentity::new(id, fact.if_due, &params)),
                params,
                if_due: fact.if_due,
                cause: fact.cause,
                number: Some(number),
                ..RunRequest::default()
            };
            self.state().restore_request(id, request);
        }
        // A deferred start belongs to the start condition, so it comes last.
        known.facts.sort_unstable();
        self.take_up_options(id, &name, &known.facts);
        for (key, value) in known.facts {
            if let Err(mistake) = self.take_up_fact(id, &key, &value) {
                self.doubt(&key.to_string(), Some(&name), &mistake);
            }
        }
    }

    fn take_up_fact(&self, id: TaskId, key: &FactKey, value: &str) -> Result<()> {
        match key {
            FactKey::Result(_) => {
                self.state().task_mut(id).runs.result = LastResult::noted(result(read(value)?));
            }
            FactKey::TaskParam(_, name) => {
                self.restore_task_param(id, key, name, read_param(value)?);
                return Ok(());
            }
            FactKey::Deferred(_) => {
                let (start, now) = (read::<DeferredFact>(value)?.into(), self.now());
                self.state().restore_deferred(id, start, now);
            }
            FactKey::Crashes(_) => {
                let (row, now) = (read(value)?, self.now());
                self.state().crashes.restore(id, row, now);
            }
            FactKey::Counted(task) => self.restore_counted(id, task.clone(), &read(value)?),
            FactKey::Paused(scope) => self.restore_pause(scope, value)?,
            FactKey::Backfill(_) => drop(self.state().backfills.start(id, read(value)?)),
            FactKey::BackfillPlace(_) => self.state().restore_place(id, read(value)?),
            FactKey::CatchUp(_) => self.state().catch_ups.restore(id, read(value)?),
            FactKey::CatchUpPlace(_) => self.state().restore_catch_up_place(id, read(value)?),
            FactKey::SkipNext(_) => drop(self.state().skips.next.insert(id)),
            FactKey::FirstSeen(_) => self.state().restore_first_seen(id, instant(value)?, self.now()),
            // Options are restored together with the circumstances of their change.
            FactKey::Option(..)
            | FactKey::Param(_)
            | FactKey::Request(_)
            | FactKey::Audit(_)
            | FactKey::Ended
            | FactKey::Relayed
            | FactKey::Note(_) => {}
        }
        self.state().facts.restore_override(key.clone());
        Ok(())
    }

    fn restore_task_param(&self, id: TaskId, key: &FactKey, name: &str, entry: Option<Entry>) {
        let task = Task::new(self.clone(), id);
        let before = task.read(|task| task.spec.params.get(name).cloned());
        self.state()
            .facts
            .restore_param(key, entry.is_some(), before.as_ref());
        task.change_spec(|spec| self.restore_param(&mut spec.params, name, entry), |_| {});
    }

    /// Restores a pause. A pause of a group that the app no longer has is dropped.
    fn restore_pause(&self, scope: &PauseScope, value: &str) -> Result<()> {
        let pause: Pause = read(value)?;
        let is_gone = matches!(scope, PauseScope::Group(group) if self.0.compiler.find_group(group).is_err());
        let now = self.now();
        let mut state = self.state();
        if is_gone {
            state.facts.remove(&FactKey::Paused(scope.clone()));
        } else {
            state.restore_pause(pause, now);
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
        need.task.is_some_and(|task| {
            let history = &state.task(task).runs.history;
            need.series
                .actions()
                .iter()
                .any(|action| history.total(*action) > 0)
        })
    }

    /// Reports an entry in the log that the app can't use.
    pub(super) fn doubt(&self, what: &str, task: Option<&Arc<str>>, why: &dyn std::fmt::Display) {
        let error = Error::log(format!("`{what}` in the run log can't be made use of: {why}"));
        self.fail(Part::Log, task, error);
    }
}

pub(super) fn read<T: serde::de::DeserializeOwned>(value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(Error::log)
}

/// Parses an instant in microseconds.
fn instant(value: &str) -> Result<Timestamp> {
    read(value).map(Timestamp::from_micros)
}

/// Parses a result. The output of a command is text, which can be read as any type.
fn result(json: Json) -> Value {
    match json {
        Json::String(text) => Value::text(text),
        other => Value::json(other),
    }
}

pub(super) fn condition(text: &str) -> Result<Condition> {
    Condition::parse(text).map_err(|mistake| Error::log(mistake.to_string()))
}

/// Parses a parameter; `None` if it was removed.
fn read_param(value: &str) -> Result<Option<Entry>> {
    let wire: Option<Wire> = read(value)?;
    Ok(wire.map(|wire| Entry::value_of(Value::from(wire))))
}
