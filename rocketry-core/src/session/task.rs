//! A task of a running app.

use std::borrow::Cow;
use std::fmt;
#[cfg(feature = "script")]
use std::path::Path;
use std::sync::Arc;

use super::Session;
use crate::cond::Condition;
use crate::engine::entry::TaskEntry;
use crate::engine::run::StopReason;
use crate::log::Action;
use crate::param::Value;
use crate::task::{IntoCommand, IntoHandler, Status, TaskBuilder};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// A handle to a task of a running app. As a parameter of a function it is the task itself.
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

impl Task {
    /// Makes a task from a function or closure whose parameters are extractors; add it to an app with
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

    /// Makes a task from a command: a program of the system with its arguments, or a script for the shell.
    ///
    /// The parameters of the task and of the run become arguments, `--key value` or `-k value`, in the order of their
    /// names; [`env_from`](TaskBuilder::env_from) and [`stdin_from`](TaskBuilder::stdin_from) give one another place, which a
    /// secret needs. What the command prints on its standard output is the task's result (if that is more than 1 MiB, the
    /// last of it); a command that ends with another exit code than 0 has failed. A stopped command gets a SIGTERM,
    /// and after [`Config::kill_grace`](crate::Config) a SIGKILL, as does everything that it started. Unix only.
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

    /// Makes a task from code in [Rhai](https://rhai.rs/book), a small language like Rust and JavaScript. It takes
    /// the feature `script`.
    ///
    /// A variable that the code uses and does not make is a parameter of the task, from wherever a function's parameter of
    /// that name would come. The value of the last expression is the result, or that of the variable
    /// `return_value` if the code sets it. `throw "why"` is a failure and `inaction("why")` an inaction; `print` writes to
    /// the standard output. Parameters and results are JSON.
    ///
    /// The code is read when the task is made, so its mistakes keep the app from being built. It runs on a thread, or
    /// wherever [`execution`](TaskBuilder::execution) says; as it never waits, with `"async"` it holds up a worker of the runtime.
    /// Whatever ends a run ends the code at its next step, also in the middle of a loop.
    ///
    /// **Code from somebody you do not trust is dangerous.** It can neither read files nor start programs, and
    /// [`CodeLimits`](crate::CodeLimits) and the timeout bound it, but it has the memory and the processor of the
    /// app, and an engine may have errors.
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

    /// Makes a task from a file of code, which is read at each run: a change of the file is there in the next one. It
    /// takes the feature `script`.
    ///
    /// Works as [`code`](Self::code), with [`TaskBuilder::function`] to call a function of the file. A file or a
    /// function that is not there, like every mistake in the file, fails the run. The task is called as the path, unless
    /// [`TaskBuilder::name`] says otherwise; the path starts at the folder of the app.
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

    /// The name of the task.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the task is for, in the words of its declaration.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// When the task may start.
    pub fn start_condition(&self) -> Option<Condition> {
        self.read(|entry| Some(entry.spec.start.as_ref()?.condition.clone()))
    }

    /// When a run has to end.
    pub fn end_condition(&self) -> Option<Condition> {
        self.read(|entry| Some(entry.spec.rare.end.as_ref()?.condition.clone()))
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn shared_name(&self) -> Arc<str> {
        self.name.clone()
    }

    pub(super) fn id(&self) -> TaskId {
        self.id
    }

    /// How the task stands.
    pub fn status(&self) -> Status {
        self.read(|entry| Status::of(&entry.history))
    }

    /// Whether a run is under way.
    pub fn is_running(&self) -> bool {
        self.read(|entry| !entry.running.is_empty())
    }

    /// When something last happened to the task.
    pub fn last(&self, action: Action) -> Option<Timestamp> {
        self.read(|entry| entry.history.last(action))
    }

    /// How often something has happened to the task.
    pub fn total(&self, action: Action) -> u64 {
        self.read(|entry| entry.history.total(action))
    }

    /// The result of the last success. Use [`Value::read`] to have it as some type: it may have come as JSON or text, from
    /// a process or a command, which [`Value::get`] does not read.
    pub fn result(&self) -> Option<Value> {
        self.read(|entry| entry.result.get())
    }

    /// Why the task's condition could not be asked the last time, if so.
    pub fn condition_error(&self) -> Option<Arc<str>> {
        self.session.state().cond_errors.get(&self.id).cloned()
    }

    /// Whether the task is kept from starting by its condition.
    pub fn is_disabled(&self) -> bool {
        self.read(|entry| entry.disabled)
    }

    /// Keeps the task from starting by its condition. Runs under way go on.
    pub fn disable(&self) {
        self.set_disabled(true);
    }

    /// Lets the task start by its condition again.
    pub fn enable(&self) {
        self.set_disabled(false);
    }

    /// Ends the runs under way: an asynchronous one at its next `await`, one on a thread when it looks at its
    /// [`TerminationFlag`](crate::TerminationFlag).
    pub fn terminate(&self) {
        self.session.change().stop(self.id, StopReason::Request, |_| true);
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&TaskEntry) -> T) -> T {
        read(self.session.state().task(self.id))
    }

    fn set_disabled(&self, disabled: bool) {
        let mut change = self.session.change();
        if !change.task(self.id).deleted {
            change.set_disabled(self.id, disabled);
        }
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
