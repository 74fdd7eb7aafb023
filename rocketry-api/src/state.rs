//! What the routes share.

use std::sync::Arc;

use rocketry_core::{Session, Task, Timestamp};

use crate::instant::{Reading, Side};
use crate::problem::{Problem, ProblemKind};
use crate::types::AppInfo;

/// An app behind the API: see [`router`](crate::router).
#[derive(Clone, Debug)]
pub struct Api(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    session: Session,
    running: bool,
}

impl Api {
    /// The API of an app that runs.
    pub fn of_running(name: impl Into<String>, session: Session) -> Self {
        Api::new(name.into(), session, true)
    }

    /// The API of an app that does not run: it shows the code and the run log, and refuses to steer. The session comes
    /// from [`Rocketry::inspect`](rocketry_core::Rocketry::inspect).
    pub fn of_stopped(name: impl Into<String>, session: Session) -> Self {
        Api::new(name.into(), session, false)
    }

    fn new(name: String, session: Session, running: bool) -> Self {
        Api(Arc::new(Inner {
            name,
            session,
            running,
        }))
    }

    /// The name of the app.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The session of the app.
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// Reads the run log off the threads of the runtime: a durable log blocks.
    ///
    /// # Errors
    ///
    /// Returns the problem that `read` returns, or one that says that it panicked.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Api) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let api = self.clone();
        let done = tokio::task::spawn_blocking(move || read(&api)).await;
        done.unwrap_or_else(|cause| Err(Problem::new(ProblemKind::Failed, cause.to_string())))
    }

    /// The session, to steer the app with.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app does not run.
    pub fn steer(&self) -> Result<&Session, Problem> {
        if self.0.running {
            return Ok(&self.0.session);
        }
        let detail = format!("`{}` does not run: start it, then try again", self.0.name);
        Err(Problem::new(ProblemKind::NotRunning, detail))
    }

    /// Finds a task.
    ///
    /// # Errors
    ///
    /// Returns a problem with the nearest name if there is none.
    pub fn task(&self, name: &str) -> Result<Task, Problem> {
        self.session().task(name).map_err(|error| {
            let tasks = self.session().tasks();
            let unknown = Problem::unknown("task", name, tasks.iter().map(Task::name));
            if unknown.nearest.is_some() {
                unknown
            } else {
                error.into()
            }
        })
    }

    /// The present, by the clock of the app.
    pub fn now(&self) -> Timestamp {
        self.session().now()
    }

    /// How instants in queries are read.
    pub(crate) fn reading(&self, side: Side) -> Reading {
        Reading {
            now: self.now(),
            zone: self.session().config().zone,
            side,
        }
    }

    /// The app: what `GET /api/app` answers.
    pub fn info(&self) -> AppInfo {
        let session = self.session();
        AppInfo {
            name: self.0.name.clone(),
            version: session.version().map(str::to_owned),
            running: self.0.running,
            phase: self.0.running.then(|| session.phase()),
            pid: std::process::id(),
            folder: std::env::current_dir().unwrap_or_default(),
            log: session.log_address().map(str::to_owned),
            zone: session.config().zone,
            started: self.0.running.then(|| session.started()),
            now: session.now(),
            tasks: session.tasks().len(),
            runs: session.run_infos().len(),
        }
    }
}
