//! An app that runs only some of its tasks.

use super::running::{App, blocking};
use crate::cond::TaskRefs;
use crate::error::Result;
use crate::log::Record;

/// An app that runs some of its tasks once and then ends. See [`App::only`].
#[derive(Debug)]
#[must_use = "it does nothing until it is run"]
pub struct Only {
    app: App,
    tasks: Vec<String>,
    if_due: bool,
}

impl App {
    /// Restricts the app to some of its tasks. It starts, runs each of them once, whatever its condition, and shuts
    /// down.
    ///
    /// Tasks are named by their functions or by their names; a tuple can mix both. All hooks are called. No other
    /// task runs, not even at startup or shutdown, unless one of the runs requests it.
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
    /// Runs only the tasks that are due: those that are enabled and whose conditions are true.
    pub fn if_due(mut self) -> Self {
        self.if_due = true;
        self
    }

    /// Runs the tasks on a runtime of its own. Returns the records of their ends, in the order in which the tasks
    /// were named. A task that was not due has no record.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`App::run`]. Returns an error for which
    /// [`Error::is_not_found`](crate::Error::is_not_found) is true if a name has no task; nothing has started then.
    /// [`Error::is_state`](crate::Error::is_state) is true if a run did not start because the app was shut down
    /// first.
    pub fn run(self) -> Result<Vec<Record>> {
        blocking(self.app.session(), self.serve())
    }

    /// Runs the tasks on the current runtime, as [`run`](Self::run) and [`App::serve`] do.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
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
