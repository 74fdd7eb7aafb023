//! The state that routes share.

use std::sync::Arc;

use rocketry_core::{Session, Task, Timestamp};

use crate::caller::Caller;
use crate::hub::Hub;
use crate::instant::{Reading, Side};
use crate::problem::{Problem, ProblemKind};
use crate::types::AppInfo;

/// An app behind the API: see [`router`](crate::router).
#[derive(Clone, Debug)]
pub struct Api {
    app: Arc<Served>,
    /// The session on behalf of the caller.
    session: Session,
    /// Whether the server has authenticated the caller.
    is_known: bool,
}

/// The state that callers share.
#[derive(Debug)]
struct Served {
    name: String,
    running: bool,
    hub: Hub,
}

impl Api {
    /// Creates the API of a running app.
    pub fn of_running(name: impl Into<String>, session: Session) -> Self {
        Api::new(name.into(), session, true)
    }

    /// Creates the API of an app that is not running: it shows the code and the run log, and refuses to
    /// steer. The session comes from [`Rocketry::inspect`](rocketry_core::Rocketry::inspect).
    pub fn of_stopped(name: impl Into<String>, session: Session) -> Self {
        Api::new(name.into(), session, false)
    }

    fn new(name: String, session: Session, running: bool) -> Self {
        Api {
            app: Arc::new(Served {
                name,
                running,
                hub: Hub::default(),
            }),
            session,
            is_known: false,
        }
    }

    /// Returns the same API on behalf of a caller, whose name is recorded with everything that is done
    /// through it.
    ///
    /// ```
    /// use rocketry::Rocketry;
    /// use rocketry_api::{Api, Caller};
    ///
    /// let session = Rocketry::builder().func("report", "daily", || async {}).build()?.session();
    /// let api = Api::of_running("shop", session).called_by(&Caller::via("terminal").named("ann"));
    /// api.set_priority("report", 5).unwrap();
    /// assert_eq!(api.session().overrides()[0].by.as_deref(), Some("ann"));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    #[must_use]
    pub fn called_by(&self, caller: &Caller) -> Self {
        let name = caller.name.as_deref().unwrap_or_default();
        Api {
            app: self.app.clone(),
            session: self
                .session
                .by(name)
                .via(caller.via.as_deref().unwrap_or_default()),
            is_known: caller.name.is_some(),
        }
    }

    /// The same API for a caller with a trace context.
    pub(crate) fn traced(&self, traceparent: &str) -> Self {
        Api {
            session: self.session.traced(traceparent),
            ..self.clone()
        }
    }

    /// The same API on behalf of the sender that a request states, unless the caller is authenticated.
    pub(crate) fn claimed_by(&self, who: Option<&str>) -> Self {
        match who {
            Some(who) if !self.is_known => Api {
                session: self.session.by(who),
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// Returns the name of the app.
    pub fn name(&self) -> &str {
        &self.app.name
    }

    /// The streams of events.
    pub(crate) fn hub(&self) -> &Hub {
        &self.app.hub
    }

    /// Returns the session of the app.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Runs a closure that reads the run log or computes, on a blocking thread: a durable log blocks, and an
    /// app may have 100,000 tasks.
    ///
    /// # Errors
    ///
    /// Returns the problem of `read`, or a problem if it panicked.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Api) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let api = self.clone();
        let done = tokio::task::spawn_blocking(move || read(&api)).await;
        done.unwrap_or_else(|cause| Err(Problem::new(ProblemKind::Failed, cause.to_string())))
    }

    /// Returns the session for steering the app.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running.
    pub fn steer(&self) -> Result<&Session, Problem> {
        if self.app.running {
            return Ok(&self.session);
        }
        let detail = format!("`{}` does not run: start it, then try again", self.app.name);
        Err(Problem::new(ProblemKind::NotRunning, detail))
    }

    /// Finds a task.
    ///
    /// # Errors
    ///
    /// Returns a problem with the most similar name if there is no such task.
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

    /// Returns the current time, by the clock of the app.
    pub fn now(&self) -> Timestamp {
        self.session().now()
    }

    /// The context for parsing instants in queries.
    pub(crate) fn reading(&self, side: Side) -> Reading {
        Reading {
            now: self.now(),
            zone: self.session().config().zone,
            side,
        }
    }

    /// Returns information about the app: `GET /api/app`.
    pub fn info(&self) -> AppInfo {
        let session = self.session();
        AppInfo {
            name: self.app.name.clone(),
            version: session.version().map(str::to_owned),
            running: self.app.running,
            phase: self.app.running.then(|| session.phase()),
            pid: std::process::id(),
            folder: std::env::current_dir().unwrap_or_default(),
            log: session.log_address().map(str::to_owned),
            zone: session.config().zone,
            started: self.app.running.then(|| session.started()),
            now: session.now(),
            tasks: session.tasks().len(),
            runs: session.run_infos().len(),
        }
    }
}
