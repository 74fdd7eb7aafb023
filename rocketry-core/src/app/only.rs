//! An app for some of its tasks alone.

use super::{App, blocking};
use crate::cond::TaskRefs;
use crate::error::Result;
use crate::log::Record;

/// An app that runs some of its tasks once and then ends: what [`App::only`] makes.
#[derive(Debug)]
#[must_use = "it does nothing until it is run"]
pub struct Only {
    app: App,
    tasks: Vec<String>,
    if_due: bool,
}

impl App {
    /// The app for some of its tasks alone: it starts up, runs each of them once, whatever its condition says, and
    /// shuts down.
    ///
    /// Tasks are named by their functions or by their names: a tuple may mix both. All hooks are called, but no other
    /// task runs, neither at the start-up nor at the shut-down, unless one of the runs asks for it.
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
    /// Runs only those of the tasks that are due: their conditions are true, and they are not disabled.
    pub fn if_due(mut self) -> Self {
        self.if_due = true;
        self
    }

    /// Runs the tasks on a runtime of its own. Yields the records of their ends, in the order in which the tasks were
    /// named; a task that was not due has none.
    ///
    /// # Errors
    ///
    /// What [`App::run`] says. [`Error::is_not_found`](crate::Error::is_not_found) holds if there is no task of one of
    /// the names: nothing has started then. [`Error::is_state`](crate::Error::is_state) holds if a run was not made,
    /// because the app was shut down before.
    pub fn run(self) -> Result<Vec<Record>> {
        blocking(self.app.session(), self.serve())
    }

    /// Runs the tasks on the current runtime. What holds for [`run`](Self::run) and for [`App::serve`] holds here.
    ///
    /// # Errors
    ///
    /// What [`run`](Self::run) says.
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
