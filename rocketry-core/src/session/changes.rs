//! Changes an app while it runs.

use std::sync::Arc;

use rocketry_syntax::ast::Delta;

use super::change::Change;
use super::{Session, Task};
use crate::cond::{Condition, IntoDelta, Need};
use crate::engine::event::Event;
use crate::engine::fact_key::FactKey;
use crate::engine::facts::DurableFacts;
use crate::engine::name_scope::NameScope;
use crate::engine::spec::{Spec, Statement};
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::log::{MAX_KEPT, Query, Record};
use crate::param::{Entry, Params};
use crate::task::Execution;
use crate::time::Timestamp;

impl Session {
    /// Reads from the run log the history that statements look back to and that was not kept.
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
                // What lies ahead, from a time when the clock was wrong, counts as just now.
                let mut instants: Vec<Timestamp> = instants.map(|at| at.min(now)).collect();
                instants.sort_unstable();
                self.state().task_mut(id).history.refill(need.series, instants);
            }
            Err(error) => tracing::error!(%error, task = &*name, "the history of a task could not be read"),
        }
    }
}

impl Task {
    /// Changes when the task may start. Runs under way go on; a start that was due and not made yet is not made.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the condition has a mistake; the task keeps its old one.
    #[track_caller]
    pub fn set_start(&self, condition: impl Into<Condition>) -> Result<()> {
        let statement = self.compile("start", condition.into())?;
        let json = self.statement_json(&statement);
        self.put_start(statement, |change| {
            change.facts.put(&FactKey::Start(self.shared_name()), json);
        });
        Ok(())
    }

    /// Replaces the start condition, and does more in the same change.
    pub(super) fn put_start(&self, statement: Arc<Statement>, also: impl FnOnce(&mut Change<'_>)) {
        self.keep_history(&statement);
        self.change_spec(
            |spec| spec.start = Some(statement),
            |change| {
                change.drop_deferred(self.id());
                also(change);
            },
        );
    }

    /// Changes when a run has to end, also for runs under way.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the condition has a mistake; the task keeps its old one.
    #[track_caller]
    pub fn set_end(&self, condition: impl Into<Condition>) -> Result<()> {
        let statement = self.compile("end", condition.into())?;
        let json = self.statement_json(&statement);
        self.put_end(statement, |change| {
            change.facts.put(&FactKey::End(self.shared_name()), json);
        });
        Ok(())
    }

    /// Replaces the end condition, and does more in the same change.
    pub(super) fn put_end(&self, statement: Arc<Statement>, also: impl FnOnce(&mut Change<'_>)) {
        self.keep_history(&statement);
        self.change_spec(|spec| spec.rare.end = Some(statement), also);
    }

    /// Changes the priority.
    pub fn set_priority(&self, priority: i32) {
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return;
        }
        change.set_priority(self.id(), priority);
        let key = FactKey::Priority(self.shared_name());
        change.facts.set(&key, priority.to_string());
        let task = self.shared_name();
        change.events.push(|| Event::TaskChanged { task });
    }

    /// Changes how long a run may take, for runs that start from now on.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the text is no length of time; the task keeps its old timeout.
    pub fn set_timeout(&self, timeout: impl IntoDelta) -> Result<()> {
        let timeout = timeout.delta().map_err(|mistake| {
            let message = format!("timeout of task `{}`: {mistake}", self.name());
            Error::new(Kind::Build, message)
        })?;
        self.put_timeout(timeout);
        Ok(())
    }

    /// Lets runs that start from now on take as long as they need.
    pub fn set_no_timeout(&self) {
        self.put_timeout(Delta(u64::MAX));
    }

    fn put_timeout(&self, timeout: Delta) {
        let fact = FactKey::Timeout(self.shared_name());
        self.change_spec(
            |spec| spec.timeout = timeout,
            |change| change.facts.set(&fact, timeout.0.to_string()),
        );
    }

    /// Changes how many runs of the task may be under way at a time; 0 counts as 1. Runs under way go on.
    pub fn set_max_running(&self, count: u32) {
        let count = count.max(1);
        let fact = FactKey::MaxRunning(self.shared_name());
        self.change_spec(
            |spec| spec.max_running = count,
            |change| change.facts.set(&fact, count.to_string()),
        );
    }

    /// Changes where runs execute that start from now on.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the task can't run there: a command is always a process of its own, and a process has
    /// no [`Session`].
    #[track_caller]
    pub fn set_execution(&self, execution: Execution) -> Result<()> {
        let fact = FactKey::Execution(self.shared_name());
        self.put_execution(execution, Location::caller(), |change| {
            change.facts.set(&fact, format!("\"{execution}\""));
        })
    }

    pub(super) fn put_execution(
        &self,
        execution: Execution,
        place: Location,
        also: impl FnOnce(&mut Change<'_>),
    ) -> Result<()> {
        let (name, handler) = self.read(|entry| (entry.spec.name.clone(), entry.spec.handler.clone()));
        let compiler = &self.session().0.compiler;
        let problems = compiler.misplaced(&name, place, execution, &handler);
        if !problems.is_empty() {
            return Err(Error::build(Kind::Build, problems));
        }
        self.change_spec(
            |spec| spec.set_execution(execution),
            |change| {
                // It may wait for room where it no longer runs.
                change.leave_pool_queue(self.id());
                also(change);
            },
        );
        Ok(())
    }

    /// Sets a parameter of the task, for runs that start from now on.
    ///
    /// A name that is blank or has the character U+0000 is a [failure](Session::failures): nothing is set.
    #[track_caller]
    pub fn set_param<T: std::any::Any + Send + Sync>(&self, key: &str, value: T) {
        let (session, place) = (self.session(), Location::caller());
        let of = format!("task `{}`", self.name());
        if !session.may_be_called(&of, Some(&self.shared_name()), key, place) {
            return;
        }
        let entry = session.new_param(key, value, place);
        let json = session.param_json(&of, key, &entry);
        self.change_param(
            key,
            |params| params.set(key, entry),
            |facts, fact, before| facts.put_param(fact, json, before),
        );
    }

    /// Removes a parameter of the task, for runs that start from now on; returns whether there was one.
    pub fn remove_param(&self, key: &str) -> bool {
        if self.read(|entry| entry.spec.params.get(key).is_none()) {
            return false;
        }
        let removed = self.change_param(
            key,
            |params| {
                params.remove(key);
            },
            DurableFacts::remove_param,
        );
        removed.is_some()
    }

    /// Changes a parameter of the task and its fact; returns what it was before.
    fn change_param(
        &self,
        key: &str,
        edit: impl FnOnce(&mut Params),
        note: impl FnOnce(&mut DurableFacts, &FactKey, Option<&Entry>),
    ) -> Option<Entry> {
        let fact = FactKey::TaskParam(self.shared_name(), key.into());
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return None;
        }
        let before = change.task(self.id()).spec.params.get(key).cloned();
        change.edit_spec(self.id(), |spec| edit(&mut spec.params));
        note(&mut change.facts, &fact, before.as_ref());
        before
    }

    /// Removes the task from the app. Runs under way go on and are recorded; requested runs are not made. Statements
    /// that mention the task see its past and no future. Its name is free again.
    ///
    /// Later calls on the handle have no effect.
    pub fn delete(&self) {
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return;
        }
        change.delete(self.id());
        drop(change);
        self.session().0.compiler.forget_statements();
    }

    /// Whether the task has been removed from the app.
    pub fn is_deleted(&self) -> bool {
        self.session().state().task(self.id()).deleted
    }

    /// Compiles a condition for the task.
    pub(super) fn compile(&self, which: &str, condition: Condition) -> Result<Arc<Statement>> {
        let session = self.session();
        let params = session.params();
        let scope = NameScope {
            task: &|name| session.state().find(name),
            params: &params,
            now: session.now(),
            pool: &|name| session.state().pools.find(name),
        };
        let what = format_args!("{which} condition of task `{}`", self.name()).to_string();
        let compiled = session
            .0
            .compiler
            .statement(format_args!("{what}"), condition, None, &scope);
        compiled.map_err(|problems: Vec<Problem>| Error::build(Kind::Build, problems))
    }

    /// A statement as JSON, if its text means the same when it is read.
    fn statement_json(&self, statement: &Statement) -> Option<Arc<str>> {
        let session = self.session();
        if session.0.log.is_immediate() {
            return None;
        }
        let text = statement.condition.to_string();
        let read = Condition::parse(&text).ok();
        let means_the_same = read.is_some_and(|read| self.compile("", read).is_ok());
        if !means_the_same {
            let what = format!("the condition `{text}` of task `{}`", self.name());
            session.tell_lost(&what, "it can't be read from its text");
            return None;
        }
        Some(serde_json::Value::from(text).to_string().into())
    }

    /// Has the history kept that a statement looks back to, before it becomes one of the task's.
    fn keep_history(&self, statement: &Statement) {
        let missed = self.session().state().keep_history(self.id(), statement);
        self.session().remember(&missed);
        self.session().remember_upstream(self.id(), statement);
    }

    /// Changes the definition of the task, and does more in the same change. A deleted task stays as it is.
    pub(super) fn change_spec(&self, edit: impl FnOnce(&mut Spec), also: impl FnOnce(&mut Change<'_>)) {
        let mut change = self.session().change();
        if change.task(self.id()).deleted {
            return;
        }
        change.edit_spec(self.id(), edit);
        also(&mut change);
    }
}
