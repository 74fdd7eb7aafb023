//! Changes an app while it runs.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::notes::Key;
use super::state::{Spec, Statement};
use super::{Session, Task};
use crate::cond::{Condition, Need, TaskId};
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::log::{MAX_KEPT, Query};
use crate::session::enroll::Scope;
use crate::task::TaskBuilder;

/// What to do about a task that is added under a name that is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnExists {
    /// Refuse: the default.
    #[default]
    Raise,
    /// Give the new task a number: `fetch-2`.
    Rename,
    /// Leave the old task as it is, and give it back.
    Ignore,
    /// Let the new task take the old one's place. Its past stays, and its runs under way end as they would.
    Replace,
}

impl Session {
    /// Adds a task to the running app. It may start at once.
    ///
    /// ```
    /// use rocketry::{Result, Session, Task};
    ///
    /// async fn watch(session: Session) -> Result<()> {
    ///     for name in ["north", "south"] {
    ///         session.add(Task::func(name, || async {}).start("every 10 seconds"))?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the task has a mistake, and [`Error::is_state`] if its name is taken.
    pub fn add(&self, task: TaskBuilder) -> Result<Task> {
        self.add_as(task, OnExists::Raise)
    }

    /// Adds a task to the running app, and says what to do if its name is taken.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the task has a mistake, and [`Error::is_state`] if its name is taken and
    /// that is an error.
    pub fn add_as(&self, mut task: TaskBuilder, on_exists: OnExists) -> Result<Task> {
        self.0
            .enroller
            .shape(&mut task)
            .map_err(|problem| Error::build(Kind::Build, vec![problem]))?;
        loop {
            let mut task = task.clone();
            let place = match (self.find_exact(&task.name), on_exists) {
                (None, _) => self.next_place(),
                (Some(taken), OnExists::Replace) => taken,
                (Some(taken), OnExists::Ignore) => return Ok(Task::new(self.clone(), taken)),
                (Some(_), OnExists::Rename) => {
                    task.name = self.free_name(&task.name);
                    self.next_place()
                }
                (Some(_), OnExists::Raise) => {
                    return Err(Error::at(
                        Kind::State,
                        format!("there is a task `{}` already", task.name),
                        Some(task.location),
                    ));
                }
            };
            // What the task is called and where it stands is settled before its statements are read, which may
            // call functions of the user's. If somebody else was faster meanwhile, it is done over.
            if let Some(task) = self.enroll_at(task, place)? {
                self.call_init_hooks(task.id());
                return Ok(task);
            }
            self.0.enroller.forget_statements();
        }
    }

    /// Makes a task ready and puts it in its place; `None` if that place is taken meanwhile.
    fn enroll_at(&self, task: TaskBuilder, place: TaskId) -> Result<Option<Task>> {
        let params = self.params();
        let name: Arc<str> = Arc::from(&*task.name);
        let own = name.clone();
        let declared = task.name_before_prefix().map(str::to_owned);
        let find = |name: &str| {
            if *name == *own {
                Ok(place)
            } else {
                self.state().find(name)
            }
        };
        let scope = Scope {
            task: &find,
            params: &params,
            now: self.now(),
            pool: &|name| self.state().pools.find(name),
        };
        let entry = self
            .0
            .enroller
            .enroll(task, name, &scope)
            .map_err(|problems| Error::build(Kind::Build, problems))?;
        let mut state = self.state();
        let name = entry.spec.name.clone();
        let is_new = place.index() == state.tasks.len();
        if is_new {
            if state.add_name(&name, declared.as_deref(), place).is_err() {
                return Ok(None);
            }
            state.tasks.push(entry);
        } else if state.find_exact(&name) == Some(place) {
            // What it may be called for short is the new one's affair.
            state.names.remove(&name, place);
            let added = state.add_name(&name, declared.as_deref(), place);
            debug_assert_eq!(added, Ok(()), "the name has just been freed");
            let old = state.task(place).spec.clone();
            state.notes.remove_task(&name, &old.params);
            let old = state.task_mut(place);
            old.spec = entry.spec;
            old.disabled = entry.disabled;
            state.forget_pending(place);
            state.set_priority(place, entry.priority);
        } else {
            return Ok(None);
        }
        let missed = state.subscribe(place);
        drop(state);
        if is_new {
            self.take_up(place);
        } else {
            // Names may mean something else from now on.
            self.0.enroller.forget_statements();
        }
        self.look_again(place, &missed);
        Ok(Some(Task::new(self.clone(), place)))
    }

    /// Has a changed task looked at, once what its statements look back to is there.
    fn look_again(&self, id: TaskId, missed: &[Need]) {
        for need in missed {
            self.remember(need);
        }
        self.state().touch(id);
        self.0.inbox.ring();
    }

    /// Takes from the run log what a statement looks back to and nobody kept.
    pub(super) fn remember(&self, need: &Need) {
        let Some(id) = need.task else { return };
        let name = self.state().task(id).spec.name.clone();
        let query = Query::new()
            .task(&*name)
            .action(need.action)
            .created(self.now().saturating_sub(need.horizon)..)
            .last(MAX_KEPT);
        match self.log(&query) {
            Ok(records) => {
                let instants = records.into_iter().map(|record| record.created);
                self.state().task_mut(id).history.refill(need.action, instants);
            }
            Err(error) => tracing::error!(%error, task = &*name, "the past of a task could not be read"),
        }
    }

    fn find_exact(&self, name: &str) -> Option<TaskId> {
        self.state().find_exact(name)
    }

    fn next_place(&self) -> TaskId {
        TaskId::new(u32::try_from(self.state().tasks.len()).expect("fewer than 2^32 tasks"))
    }

    fn free_name(&self, name: &str) -> Cow<'static, str> {
        let state = self.state();
        let mut names = (2_u32..).map(|number| format!("{name}-{number}"));
        let free = names.find(|name| state.find_exact(name).is_none());
        free.expect("fewer than 2^32 tasks").into()
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
        let condition = condition.into();
        let text = condition.to_string();
        self.put_start(condition)?;
        self.note_statement(&Key::Start(self.shared_name()), &text);
        Ok(())
    }

    pub(super) fn put_start(&self, condition: Condition) -> Result<()> {
        self.set_statement("start", condition, |spec, statement| spec.start = Some(statement))?;
        self.session().state().forget_pending(self.id());
        Ok(())
    }

    /// Changes when a run has to end, also for runs under way.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the condition has a mistake; the task keeps its old one.
    #[track_caller]
    pub fn set_end(&self, condition: impl Into<Condition>) -> Result<()> {
        let condition = condition.into();
        let text = condition.to_string();
        self.put_end(condition)?;
        self.note_statement(&Key::End(self.shared_name()), &text);
        Ok(())
    }

    pub(super) fn put_end(&self, condition: Condition) -> Result<()> {
        self.set_statement("end", condition, |spec, statement| {
            spec.rare.end = Some(statement);
        })
    }

    /// Changes the priority.
    pub fn set_priority(&self, priority: i32) {
        let mut state = self.session().state();
        state.set_priority(self.id(), priority);
        let key = Key::Priority(self.shared_name());
        state.notes.set(&key, priority.to_string());
        drop(state);
        self.session().0.inbox.ring();
    }

    /// Sets a parameter of the task, for runs that start from now on.
    #[track_caller]
    pub fn set_param<T: std::any::Any + Send + Sync>(&self, key: &str, value: T) {
        let entry = self.session().new_param(key, value, Location::caller());
        let of = format!("task `{}`", self.name());
        let note = self.session().note_of_param(&of, key, &entry);
        self.change_spec(|spec| spec.params.set(key, entry));
        let key = Key::TaskParam(self.shared_name(), key.into());
        self.session().state().notes.put(&key, note);
        self.session().0.inbox.ring();
    }

    /// Removes a parameter of the task, for runs that start from now on; tells whether there was one.
    pub fn remove_param(&self, key: &str) -> bool {
        let mut removed = false;
        self.change_spec(|spec| removed = spec.params.remove(key));
        let key = Key::TaskParam(self.shared_name(), key.into());
        self.session().state().notes.set(&key, "null");
        self.session().0.inbox.ring();
        removed
    }

    /// Takes the task out of the app. Runs under way go on and are recorded; runs that were asked for are not
    /// made. Statements that mention the task see its past and no future. Its name is free again.
    ///
    /// What is asked of the task afterwards has no effect.
    pub fn delete(&self) {
        let mut state = self.session().state();
        let id = self.id();
        if state.task(id).deleted {
            return;
        }
        state.delete(id);
        drop(state);
        self.session().tell_refused();
        self.session().0.enroller.forget_statements();
        self.session().0.inbox.ring();
    }

    /// Whether the task has been taken out of the app.
    pub fn is_deleted(&self) -> bool {
        self.session().state().task(self.id()).deleted
    }

    fn set_statement(
        &self,
        which: &str,
        condition: Condition,
        set: impl FnOnce(&mut Spec, Arc<Statement>),
    ) -> Result<()> {
        let statement = self.statement(
            format_args!("{which} condition of task `{}`", self.name()),
            condition,
        )?;
        self.change_spec(|spec| set(spec, statement));
        Ok(())
    }

    fn statement(&self, what: fmt::Arguments<'_>, condition: Condition) -> Result<Arc<Statement>> {
        let session = self.session();
        let params = session.params();
        let scope = Scope {
            task: &|name| session.state().find(name),
            params: &params,
            now: session.now(),
            pool: &|name| session.state().pools.find(name),
        };
        let ready = session.0.enroller.statement(what, condition, None, &scope);
        ready.map_err(|problems: Vec<Problem>| Error::build(Kind::Build, problems))
    }

    /// Notes a statement by its text, if that means the same when it is read.
    fn note_statement(&self, key: &Key, text: &str) {
        let session = self.session();
        if session.0.log.is_immediate() {
            return session.state().notes.put(key, None);
        }
        let read = Condition::parse(text)
            .ok()
            .filter(|read| self.statement(format_args!(""), read.clone()).is_ok());
        if read.is_none() {
            let what = format!("the condition `{text}` of task `{}`", self.name());
            session.tell_lost(&what, "it can't be read from its text");
        }
        let note = read.map(|_| serde_json::Value::from(text).to_string().into());
        session.state().notes.put(key, note);
        session.0.inbox.ring();
    }

    pub(super) fn change_spec(&self, change: impl FnOnce(&mut Spec)) {
        let id = self.id();
        let mut state = self.session().state();
        let entry = state.task_mut(id);
        let mut spec = (*entry.spec).clone();
        change(&mut spec);
        entry.spec = Arc::new(spec);
        let missed = state.subscribe(id);
        drop(state);
        self.session().look_again(id, &missed);
    }
}
