//! The signature of a task, and the tasks that it references.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Task;
use crate::engine::spec::Statement;
use crate::error::Location;
use crate::param::ParamSpec;
use crate::task::CommandLine;
use crate::task_id::TaskId;

/// A parameter in the signature of a task: see [`Task::signature`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureParam {
    /// Its name.
    pub name: String,
    /// The name of its type in Rust, with the path.
    pub type_name: String,
    /// Whether the value may be missing.
    pub optional: bool,
    /// Whether the signature sets the source of the value, such as the result of another task. A run can
    /// override it.
    pub has_source: bool,
}

impl Task {
    /// Returns the parameters of the task's function in the order of its signature, or those of its command.
    /// Parameters that supply their own value, such as [`Session`](crate::Session), are omitted, because a
    /// run can't set them.
    ///
    /// ```
    /// use rocketry::{Rocketry, Session, Task, func};
    ///
    /// let import = Task::func("import", func!(|session: Session, day: String| async move {}));
    /// let app = Rocketry::builder().task(import.parameter("day", "today".to_owned())).build()?;
    /// let signature = app.session().task("import")?.signature();
    /// assert_eq!((signature.len(), &*signature[0].name), (1, "day"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn signature(&self) -> Vec<SignatureParam> {
        let spec = self.read(|entry| entry.spec.clone());
        let given = spec.handler.specs().iter().filter(|spec| !spec.brings_itself());
        let others = spec.handler.as_command().into_iter().flat_map(CommandLine::takes);
        given
            .map(SignatureParam::from)
            .chain(others.map(|name| SignatureParam::of_command(name)))
            .collect()
    }

    /// Returns the place of the task's declaration in the code, or `None` if it is unknown.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let place = app.build()?.session().task("report")?.location().unwrap();
    /// assert!(place.file.ends_with(".rs"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn location(&self) -> Option<Location> {
        let place = self.read(|entry| entry.spec.place);
        self.session().0.compiler.place(place)
    }

    /// Returns the tasks that the conditions of this one mention, such as those that it starts after, in the order in which they
    /// were declared.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder()
    ///     .func("fetch", "daily", || async {})
    ///     .func("report", "after task 'fetch'", || async {});
    /// let session = app.build()?.session();
    /// let (fetch, report) = (session.task("fetch")?, session.task("report")?);
    /// assert_eq!(report.mentions()[0].name(), "fetch");
    /// assert_eq!(fetch.mentioned_by()[0].name(), "report");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn mentions(&self) -> Vec<Task> {
        let spec = self.read(|entry| entry.spec.clone());
        let mentioned = |statement: &Statement| statement.plan.depends().tasks;
        let ids: BTreeSet<TaskId> = spec.statements().flat_map(mentioned).collect();
        self.others(ids)
    }

    /// Returns the tasks whose conditions mention this one, in the order in which they were declared: see
    /// [`mentions`](Self::mentions).
    pub fn mentioned_by(&self) -> Vec<Task> {
        let ids = self.read(|entry| {
            (0..)
                .map_while(|index| entry.dependents.get(index))
                .collect::<Vec<_>>()
        });
        self.others(ids)
    }

    /// The tasks with some ids, without this task and deleted tasks.
    fn others(&self, ids: impl IntoIterator<Item = TaskId>) -> Vec<Task> {
        let ids = ids.into_iter().filter(|id| *id != self.id());
        let tasks = ids.map(|id| Task::new(self.session().clone(), id));
        tasks.filter(|task| !task.read(|entry| entry.deleted)).collect()
    }
}

impl SignatureParam {
    /// A parameter that a command accepts but does not need.
    fn of_command(name: &str) -> Self {
        SignatureParam {
            name: name.to_owned(),
            type_name: std::any::type_name::<Option<String>>().to_owned(),
            optional: true,
            has_source: false,
        }
    }
}

impl From<&ParamSpec> for SignatureParam {
    fn from(spec: &ParamSpec) -> Self {
        SignatureParam {
            name: spec.name.to_string(),
            type_name: spec.type_name.to_owned(),
            optional: spec.is_optional(),
            has_source: spec.has_source(),
        }
    }
}
