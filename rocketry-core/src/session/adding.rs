//! Adds tasks to a running app.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Session, Task};
use crate::engine::entry::TaskEntry;
use crate::engine::name_scope::NameScope;
use crate::error::{Error, Kind, Result};
use crate::task::TaskBuilder;
use crate::task_id::TaskId;

/// The behaviour if a task is added under an existing name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnExists {
    /// Returns an error: the default.
    #[default]
    Raise,
    /// Appends a number to the name of the new task: `fetch-2`.
    Rename,
    /// Keeps the existing task and returns it.
    Ignore,
    /// Replaces the existing task. The history is kept, and runs in progress continue.
    Replace,
}

impl Session {
    /// Adds a task to the running app. It may start immediately.
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
    /// [`Error::is_build`] is true if the task has a mistake, and [`Error::is_state`] if its name is taken.
    pub fn add(&self, task: TaskBuilder) -> Result<Task> {
        self.add_as(task, OnExists::Raise)
    }

    /// Adds a task to the running app, with a rule for an existing name.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the task has a mistake, and [`Error::is_state`] if its name is taken and the rule
    /// is [`OnExists::Raise`].
    pub fn add_as(&self, mut task: TaskBuilder, on_exists: OnExists) -> Result<Task> {
        self.0
            .hooks
            .init(&mut task)
            .and_then(|()| self.0.compiler.complete(&mut task))
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
            // The name and the id are chosen before the statements are compiled, which may call user code. If
            // another caller has taken either of them meanwhile, the task is added again.
            if let Some(task) = self.add_at(task, place)? {
                self.call_init_hooks(task.id());
                return Ok(task);
            }
            self.0.compiler.forget_statements();
        }
    }

    /// Compiles a task and inserts it at its id. Returns `None` if that id was taken meanwhile.
    fn add_at(&self, task: TaskBuilder, place: TaskId) -> Result<Option<Task>> {
        let declared = task.name_before_prefix().map(str::to_owned);
        let entry = self.compile_at(task, place)?;
        let mut change = self.change();
        let is_new = place.index() == change.tasks.len();
        let added = if is_new {
            change.add(entry, declared.as_deref(), place)
        } else {
            change.replace(entry, declared.as_deref(), place)
        };
        if !added {
            return Ok(None);
        }
        let missed = change.subscribe(place);
        drop(change);
        if is_new {
            self.take_up(place);
            self.report_superseded();
        } else {
            // Names may refer to another task from now on.
            self.0.compiler.forget_statements();
        }
        self.remember(&missed);
        let start = self.state().task(place).spec.start.clone();
        if let Some(start) = start {
            self.remember_upstream(place, &start);
        }
        let mut change = self.change();
        change.wait_from_now(place);
        let now = self.now();
        change.look_after_from(place, now);
        change.mark(place);
        drop(change);
        Ok(Some(Task::new(self.clone(), place)))
    }

    /// Compiles a task that may mention itself by name.
    fn compile_at(&self, task: TaskBuilder, place: TaskId) -> Result<TaskEntry> {
        let params = self.lent_params();
        let name: Arc<str> = Arc::from(&*task.name);
        let own = name.clone();
        let find = |name: &str| {
            if *name == *own {
                Ok(place)
            } else {
                self.state().find(name)
            }
        };
        let scope = NameScope {
            task: &find,
            params: &params,
            now: self.now(),
            pool: &|name| self.state().pools.find(name),
        };
        let compiled = self.0.compiler.compile(task, name, &scope);
        compiled.map_err(|problems| Error::build(Kind::Build, problems))
    }

    fn find_exact(&self, name: &str) -> Option<TaskId> {
        self.state().find_exact(name)
    }

    fn next_place(&self) -> TaskId {
        TaskId::new(u32::try_from(self.state().tasks.len()).expect("fewer than 2^32 tasks"))
    }

    fn free_name(&self, name: &str) -> Cow<'static, str> {
        self.state().numbered(name).into()
    }
}
