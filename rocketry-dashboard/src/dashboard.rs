//! The settings of a dashboard.

use axum::Router;
use rocketry_api::Api;
use rocketry_core::{Session, program_name};

use crate::access::Access;
use crate::metrics::Metrics;
use crate::routes;

/// The settings of a dashboard: its name, its access, and its host names.
///
/// ```
/// use rocketry::Rocketry;
/// use rocketry_dashboard::{Access, Dashboard};
///
/// let app = Rocketry::builder().build()?;
/// let dashboard = Dashboard::new(Access::read_only()).name("billing").host("ops.example.com");
/// let pages: axum::Router = dashboard.router(&app.session());
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dashboard {
    pub(crate) name: String,
    pub(crate) access: Access,
    pub(crate) hosts: Vec<String>,
    metric_tasks: usize,
}

/// The default number of tasks with their own metrics.
const METRIC_TASKS: usize = 1000;

impl Dashboard {
    /// Creates the settings. The name of the app defaults to that of its program.
    pub fn new(access: Access) -> Self {
        Dashboard {
            name: program_name(),
            access,
            hosts: Vec::new(),
            metric_tasks: METRIC_TASKS,
        }
    }

    /// Sets the name of the app on the pages.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a host name of the dashboard, without a port. Requests for other hosts are refused, which
    /// prevents foreign pages from reaching the dashboard under another name (DNS rebinding). Without any,
    /// every host is accepted.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into().to_ascii_lowercase());
        self
    }

    /// Sets how many tasks have their own series among the metrics: the first ones in the order of their
    /// declaration, 1,000 by default. The others share the label `other`, so the number of series is bounded.
    /// For these, instants such as the next due time are the earliest of all.
    #[must_use]
    pub fn metric_tasks(mut self, most: usize) -> Self {
        self.metric_tasks = most;
        self
    }

    /// Returns the pages and the API of a running app. Links are relative, so the router can be nested below
    /// any path.
    pub fn router(self, session: &Session) -> Router {
        let api = Api::of_running(self.name.clone(), session.clone());
        routes::router(api, self.access, self.hosts, Metrics::new(self.metric_tasks))
    }
}

/// Returns the pages and the API of a running app, for nesting in a program's own router.
///
/// The router accepts every host name; [`Dashboard::host`] restricts them.
///
/// ```
/// use rocketry::Rocketry;
/// use rocketry_dashboard::{Access, router};
///
/// let app = Rocketry::builder().build()?;
/// let pages: axum::Router = axum::Router::new().nest("/jobs", router(&app.session(), Access::read_only()));
/// # Ok::<(), rocketry::Error>(())
/// ```
pub fn router(session: &Session, access: Access) -> Router {
    Dashboard::new(access).router(session)
}
