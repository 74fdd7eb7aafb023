//! Changes of tasks in a running app.

use std::sync::Arc;

use super::calls::Call;
use super::change::Change;
use super::recording::carried;
use super::{Session, Task};
use crate::cond::{Condition, Need};
use crate::engine::audit::AuditedAction;
use crate::engine::fact_key::FactKey;
use crate::engine::facts::DurableFacts;
use crate::engine::name_scope::NameScope;
use crate::engine::spec::{Spec, Statement};
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::log::{MAX_KEPT, Query, Record};
use crate::param::{Entry, Params, Value};
use crate::time::Timestamp;

impl Session {
    /// Reads the history that statements refer to and that is not in memory from the run log.
    pub(super) fn remember(&self, missed: &[Need]) {
        for need in missed {
            self.remember_one(need);
        }
    }

    fn remember_one(&self, need: &Need) {
        let Some(id) = need.task else { return };
        let name = self.state().task(id).spec.name.clone();
        let now = self.now();
        let horizon = now.saturating_sub(need.horizon);
        let actions = need.series.actions().iter();
        let query = actions
            .fold(Query::new(), |query, action| query.action(*action))
            .task(&*name);
        let older = need
            .series
            .needs_an_older_one()
            .then(|| self.log(&query.clone().created(..horizon).last(1)));
        let within = self.log(&query.created(horizon..).last(MAX_KEPT));
        let records: Result<Vec<Vec<Record>>> = older.into_iter().chain([within]).collect();
        match records {
            Ok(records) => {
                let instants = records
                    .iter()
                    .flatten()
                    .filter_map(|record| need.series.instant(record));
                // An instant in the future, from a time when the clock was wrong, counts as the present.
                let mut instants: Vec<Timestamp> = instants.map(|at| at.min(now)).collect();
                instants.sort_unstable();
                self.state()
                    .task_mut(id)
                    .runs
                    .history
                    .refill(need.series, instants);
            }
            Err(error) => tracing::error!(%error, task = &*name, "the history of a task could not be read"),
        }
    }
}

impl Task {
    /// Sets a parameter of the task, for runs that start from now on.
    ///
    /// A name that is blank or contains the character U+0000 is reported as a [failure](Session::failures),
    /// and nothing is set.
    #[track_caller]
    pub fn set_param<T: std::any::Any + Send + Sync>(&self, key: &str, value: T) {
        self.put_param(key, Value::new(value), Location::caller());
    }

    pub(super) fn put_param(&self, key: &str, value: Value, place: Location) {
        let session = self.session();
        let of = format!("task `{}`", self.name());
        if !session.may_be_called(&of, Some(&self.shared_name()), key, place) {
            return;
        }
        let entry = session.new_param(key, value, place);
        let call = || {
            Ok(Call::TaskParam(
                self.shared_name(),
                key.into(),
                Some(carried(&of, key, &entry)?),
            ))
        };
        if session.forwards(call) {
            return;
        }
        let json = session.param_json(&of, key, &entry);
        let audited = session.param_audited("set-param", key, self.params().get(key), Some(&entry));
        self.change_param(
            (key, audited),
            |params| params.set(key, entry),
            |facts, fact, before| facts.put_param(fact, json, before),
        );
    }

    /// Removes a parameter of the task, for runs that start from now on. Returns whether it existed.
    pub fn remove_param(&self, key: &str) -> bool {
        if self.read(|entry| entry.spec.params.get(key).is_none()) {
            return false;
        }
        if self
            .session()
            .forwards(|| Ok(Call::TaskParam(self.shared_name(), key.into(), None)))
        {
            return true;
        }
        let remove = |params: &mut Params| {
            params.remove(key);
        };
        let audited = self
            .session()
            .param_audited("remove-param", key, self.params().get(key), None);
        self.change_param((key, audited), remove, DurableFacts::remove_param)
    }

    /// Changes a parameter of the task and its fact. Returns whether it existed before. The previous value is
    /// only released under the lock, and dropped elsewhere.
    fn change_param(
        &self,
        (key, audited): (&str, Option<AuditedAction>),
        edit: impl FnOnce(&mut Params),
        note: impl FnOnce(&mut DurableFacts, &FactKey, Option<&Entry>),
    ) -> bool {
        let fact = FactKey::TaskParam(self.shared_name(), key.into());
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return false;
        }
        let before = change.task(self.id()).spec.params.get(key).cloned();
        change.edit_spec(self.id(), |spec| edit(&mut spec.params));
        change.audit(|_| audited.unwrap_or_default().of(&self.shared_name()));
        note(&mut change.facts, &fact, before.as_ref());
        before.is_some()
    }

    /// Removes the task from the app. Runs in progress continue and are recorded; requested runs are refused.
    /// Statements that mention the task still see its past. Its name becomes available again.
    ///
    /// Later calls on the handle have no effect.
    pub fn delete(&self) {
        if self.session().forwards(|| Ok(Call::Delete(self.shared_name()))) {
            return;
        }
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return;
        }
        change.audit(|_| AuditedAction::new("delete").of(&self.shared_name()));
        change.delete(self.id());
        drop(change);
        self.session().0.compiler.forget_statements();
    }

    /// Returns whether the task has been removed from the app.
    pub fn is_deleted(&self) -> bool {
        self.session().state().task(self.id()).deleted
    }

    /// Compiles a condition for the task.
    pub(super) fn compile(&self, which: &str, condition: Condition) -> Result<Arc<Statement>> {
        let session = self.session();
        let params = session.lent_params();
        let scope = NameScope {
            task: &|name| session.state().find(name),
            params: &params,
            now: session.now(),
            pool: &|name| session.state().pools.find(name),
        };
        let what = format_args!("{which} condition of task `{}`", self.name()).to_string();
        let allowed = self.read(|entry| entry.spec.rare.allowed);
        let compiled = session
            .0
            .compiler
            .statement(format_args!("{what}"), condition, None, allowed, &scope);
        compiled.map_err(|problems: Vec<Problem>| Error::build(Kind::Build, problems))
    }

    /// Changes the definition of the task, together with another action in the same change. A deleted task is
    /// not changed.
    pub(super) fn change_spec(&self, edit: impl FnOnce(&mut Spec), also: impl FnOnce(&mut Change<'_>)) {
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return;
        }
        change.edit_spec(self.id(), edit);
        also(&mut change);
    }
}
