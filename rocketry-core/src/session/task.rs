//! A task of a running app.

use std::borrow::Cow;
use std::fmt;
#[cfg(feature = "script")]
use std::path::Path;
use std::sync::Arc;

use super::Session;
use super::calls::Call;
use crate::cond::Condition;
use crate::engine::audit::AuditedAction;
use crate::engine::entry::TaskEntry;
use crate::engine::run::StopReason;
use crate::error::{Error, Kind, did_you_mean};
use crate::log::Action;
use crate::param::Value;
use crate::task::{IntoCommand, IntoHandler, Status, TaskBuilder};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// A handle to a task of a running app. As a parameter of a function, it is the task of the run.
///
/// ```
/// use rocketry::Task;
///
/// async fn once_in_a_life(this: Task) {
///     println!("{} runs", this.name());
///     this.disable();
/// }
/// ```
#[derive(Clone)]
pub struct Task {
    session: Session,
    id: TaskId,
    name: Arc<str>,
    description: Option<Arc<str>>,
}

impl Session {
    /// The error for a name that no task has. The scheduler does not wait until the nearest name is found.
    pub(super) fn unknown_task(&self, name: &str) -> Error {
        let tasks = self.tasks();
        let full = tasks.iter().map(Task::name);
        let short = tasks.iter().filter_map(|task| task.name().rsplit_once("::"));
        let near = did_you_mean(name, full.chain(short.map(|(_, last)| last)));
        Error::new(Kind::NotFound, format!("there is no task `{name}`{near}"))
    }
}

impl Task {
    /// Creates a task from a function or closure whose parameters are extractors. Add it to an app with
    /// [`Rocketry::task`](crate::Rocketry::task).
    ///
    /// ```
    /// use rocketry::{Rocketry, Session, Task};
    ///
    /// let hello = Task::func("hello", |session: Session| async move { println!("{}", session.now()) });
    /// let app = Rocketry::builder().task(hello.start("every 10 seconds").priority(5));
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn func<Marker>(
        name: impl Into<Cow<'static, str>>,
        function: impl IntoHandler<Marker>,
    ) -> TaskBuilder {
        crate::task::func(name, function)
    }

    /// Creates a task from a command: a program with its arguments, or a script for the shell.
    ///
    /// The parameters of the task and of the run become arguments, `--key value` or `-k value`, sorted by
    /// name. [`env_from`](TaskBuilder::env_from) and [`stdin_from`](TaskBuilder::stdin_from) pass a parameter
    /// in another way, which secrets require. The standard output of the command is the task's result (only
    /// the last 1 MiB, if there is more). A command that exits with a code other than 0 has failed. A command
    /// that is stopped receives a SIGTERM and, after [`Config::kill_grace`](crate::Config), a SIGKILL,
    /// together with all processes that it started. Unix only.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let copy = Task::command("copy", ["rsync", "-a", "in/", "out/"]).cwd("/data").start("hourly");
    /// let count = Task::command("count", "ls | wc -l").shell(true).timeout("10 seconds");
    /// let app = Rocketry::builder().task(copy).task(count);
    /// # app.build().unwrap();
    /// ```
    #[track_caller]
    pub fn command(name: impl Into<Cow<'static, str>>, command: impl IntoCommand) -> TaskBuilder {
        crate::task::command(name, command)
    }

    /// Creates a task from code in [Rhai](https://rhai.rs/book), a small scripting language similar to Rust
    /// and JavaScript. Requires the feature `script`.
    ///
    /// A variable that the code uses but does not declare is a parameter of the task, resolved like the
    /// parameter of a function. The result is the value of the last expression, or of the variable
    /// `return_value` if the code sets it. `throw "why"` fails the run, and `inaction("why")` ends it as an
    /// inaction. `print` writes to standard output. Parameters and results are JSON.
    ///
    /// The code is parsed when the task is created, so its mistakes are build errors. It runs on a thread
    /// unless [`execution`](TaskBuilder::execution) is set; with `"async"` it blocks a worker of the runtime,
    /// since it never awaits. Termination stops the code at its next step, even inside a loop.
    ///
    /// **Running untrusted code is dangerous.** The code can neither read files nor start programs, and it is
    /// limited by [`CodeLimits`](crate::CodeLimits) and the timeout. But it shares the memory and the
    /// processor of the app, and the engine may have bugs.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let sum = Task::code("sum", "let sum = 0; for n in numbers { sum += n } sum")
    ///     .parameter("numbers", serde_json::json!([1, 2, 3]))
    ///     .start("daily");
    /// let app = Rocketry::builder().task(sum);
    /// # app.build().unwrap();
    /// ```
    #[cfg(feature = "script")]
    #[track_caller]
    pub fn code(name: impl Into<Cow<'static, str>>, source: impl AsRef<str>) -> TaskBuilder {
        crate::task::code(name, source.as_ref())
    }

    /// Creates a task from a file of code. The file is read at each run, so changes take effect with the next
    /// run. Requires the feature `script`.
    ///
    /// Works like [`code`](Self::code); [`TaskBuilder::function`] selects a function of the file to call. A
    /// missing file or function, or any other mistake in the file, fails the run. The path is relative to the
    /// working directory of the app. It is also the name of the task unless [`TaskBuilder::name`] sets
    /// another one.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let report = Task::script("scripts/report.rhai").function("main").name("report");
    /// let app = Rocketry::builder().task(report.parameter("day", "2026-01-01").start("daily"));
    /// # app.build().unwrap();
    /// ```
    #[cfg(feature = "script")]
    #[track_caller]
    pub fn script(path: impl AsRef<Path>) -> TaskBuilder {
        crate::task::script(path.as_ref())
    }

    pub(crate) fn new(session: Session, id: TaskId) -> Self {
        let state = session.state();
        let spec = &state.task(id).spec;
        let (name, description) = (spec.name.clone(), spec.rare.description.clone());
        drop(state);
        Task {
            session,
            id,
            name,
            description,
        }
    }

    /// Returns the name of the task.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the description of the task.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Returns the start condition: when the task may start.
    pub fn start_condition(&self) -> Option<Condition> {
        self.read(|entry| Some(entry.spec.start.as_ref()?.condition.clone()))
    }

    /// Returns the end condition: when a run has to end.
    pub fn end_condition(&self) -> Option<Condition> {
        self.read(|entry| Some(entry.spec.rare.end.as_ref()?.condition.clone()))
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn shared_name(&self) -> Arc<str> {
        self.name.clone()
    }

    pub(crate) fn id(&self) -> TaskId {
        self.id
    }

    /// Returns the status of the task.
    pub fn status(&self) -> Status {
        self.read(|entry| Status::of(&entry.runs.history))
    }

    /// Returns whether a run is in progress.
    pub fn is_running(&self) -> bool {
        self.read(|entry| !entry.runs.running.is_empty())
    }

    /// Returns when an action of the task last happened.
    pub fn last(&self, action: Action) -> Option<Timestamp> {
        self.read(|entry| entry.runs.history.last_recorded(action))
    }

    /// Returns how often an action of the task has happened.
    pub fn total(&self, action: Action) -> u64 {
        self.read(|entry| entry.runs.history.total(action))
    }

    /// Returns the result of the last success. Read it with [`Value::read`], which converts the JSON of a
    /// process and the text of a command; [`Value::get`] does not.
    pub fn result(&self) -> Option<Value> {
        self.read(|entry| entry.runs.result.get())
    }

    /// Returns the error of a custom condition of the task, if its last evaluation failed.
    pub fn condition_error(&self) -> Option<Arc<str>> {
        self.session.state().asked.error(self.id)
    }

    /// Returns whether the task is disabled, so its condition does not start it.
    pub fn is_disabled(&self) -> bool {
        self.read(|entry| entry.disabled)
    }

    /// Terminates the runs in progress: an asynchronous run stops at its next `await`, a run on a thread when
    /// it checks its [`TerminationFlag`](crate::TerminationFlag).
    pub fn terminate(&self) {
        if self.session.forwards(|| Ok(Call::Terminate(self.name.clone()))) {
            return;
        }
        let mut change = self.session.change();
        change.audit(|_| AuditedAction::new("terminate").of(&self.name));
        change.stop(self.id, StopReason::Request, |_| true);
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&TaskEntry) -> T) -> T {
        read(self.session.state().task(self.id))
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.name())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.session.0, &other.session.0)
    }
}

impl Eq for Task {}
