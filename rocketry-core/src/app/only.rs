//! An app that runs only some of its tasks.

use super::{App, blocking};
use crate::cond::TaskRefs;
use crate::error::Result;
use crate::log::Record;

/// An app that runs some of its tasks once and then ends: see [`App::only`].
#[derive(Debug)]
#[must_use = "it does nothing until it is run"]
pub struct Only {
    app: App,
    tasks: Vec<String>,
    if_due: bool,
}

impl App {
    /// Restricts the app to some of its tasks: it starts up, runs each of them once, whatever its condition says, and
    /// shuts down.
    ///
    /// Name tasks by their functions or by their names; a tuple may mix both. All hooks are called, but no other task
    /// runs, not even at the start-up and the shut-down, unless one of the runs requests it.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task};
    ///
    /// let app = Rocketry::builder()
    ///     .task(Task::func("fetch", || async {}).start("daily"))
    ///     .task(Task::func("report", || async {}).start("after task 'fetch'"))
    ///     .build()?;
    /// let named = ["fetch"]; // from the command line, for example
    /// let records = app.only(named).run()?;
    /// assert_eq!(&*records[0].task, "fetch");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn only<M>(self, tasks: impl TaskRefs<M>) -> Only {
        Only {
            app: self,
            tasks: tasks.names(),
            if_due: false,
        }
    }
}

impl Only {
    /// Runs only the tasks that are due: their conditions are true, and they are enabled.
    pub fn if_due(mut self) -> Self {
        self.if_due = true;
        self
    }

    /// Runs the tasks on a runtime of its own. Returns the records of their ends, in the order in which the tasks
    /// were named; a task that was not due has no record.
    ///
    /// # Errors
    ///
    /// Those of [`App::run`]. [`Error::is_not_found`](crate::Error::is_not_found) holds if a name has no task: then
    /// nothing has started. [`Error::is_state`](crate::Error::is_state) holds if a run was not made because the app
    /// was shut down first.
    pub fn run(self) -> Result<Vec<Record>> {
        blocking(self.app.session(), self.serve())
    }

    /// Runs the tasks on the current runtime, as [`run`](Self::run) and [`App::serve`] do.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn serve(self) -> Result<Vec<Record>> {
        let session = self.app.session();
        session.state().only_requested = true;
        let runs = session.ask_for(&self.tasks, self.if_due)?;
        let ended = tokio::spawn(async move {
            let records = runs.await;
            session.shut_down();
            records
        });
        self.app.serve().await?;
        ended.await.expect("nothing in it panics")
    }
}
