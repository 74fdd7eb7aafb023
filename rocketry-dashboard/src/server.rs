//! The web server of a dashboard.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use rocketry_api::{EndOfServer, ServerThread};
use rocketry_core::{Rocketry, Session};
use tokio::net::TcpListener;

use crate::access::Access;
use crate::dashboard::Dashboard;

/// Serves a dashboard while an app runs. A separate thread serves the clients, so they take no time of the
/// threads that run tasks. A [router](crate::router()) in another server is served by the threads of that
/// server.
pub trait WithDashboard {
    /// Serves the dashboard at an address of this machine, such as `127.0.0.1:8710` or `localhost:8710`.
    /// Everyone who can reach the address may view and steer the app, so it must be a loopback address. For
    /// other addresses, use [`dashboard_with`](Self::dashboard_with), which takes an [`Access`].
    ///
    /// The app does not start if the address can't be used.
    #[must_use]
    fn dashboard(self, address: impl Into<String>) -> Self;

    /// Serves the dashboard at any address, with custom settings.
    ///
    /// ```
    /// use rocketry::Rocketry;
    /// use rocketry_dashboard::{Access, Dashboard, Role, WithDashboard};
    ///
    /// let hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".parse().unwrap();
    /// let access = Access::tokens([(hash, Role::Operator)]);
    /// let app = Rocketry::builder().dashboard_with("0.0.0.0:8710", Dashboard::new(access));
    /// # app.build().unwrap();
    /// ```
    #[must_use]
    fn dashboard_with(self, address: impl Into<String>, dashboard: Dashboard) -> Self;
}

impl WithDashboard for Rocketry {
    #[track_caller]
    fn dashboard(self, address: impl Into<String>) -> Self {
        let address = address.into();
        self.setup(move |session: Session| {
            let address = address.clone();
            async move {
                let found = resolve(&address)?;
                if !found.iter().all(|address| address.ip().is_loopback()) {
                    return Err(needs_access(&address));
                }
                let dashboard = LOOPBACK
                    .iter()
                    .fold(Dashboard::new(Access::operator()), |dashboard, host| {
                        dashboard.host(*host)
                    });
                serve(&found, &address, dashboard, &session).await
            }
        })
    }

    #[track_caller]
    fn dashboard_with(self, address: impl Into<String>, dashboard: Dashboard) -> Self {
        let address = address.into();
        self.setup(move |session: Session| {
            let (address, dashboard) = (address.clone(), dashboard.clone());
            async move {
                let found = resolve(&address)?;
                serve(&found, &address, dashboard, &session).await
            }
        })
    }
}

/// The host names of a dashboard on a loopback address.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

fn resolve(address: &str) -> Result<Vec<SocketAddr>, io::Error> {
    let found: Vec<_> = address
        .to_socket_addrs()
        .map_err(|cause| cannot(address, &cause))?
        .collect();
    Ok(found)
}

async fn serve(
    found: &[SocketAddr],
    address: &str,
    dashboard: Dashboard,
    session: &Session,
) -> Result<ServerThread, io::Error> {
    let listener = TcpListener::bind(found)
        .await
        .and_then(TcpListener::into_std)
        .map_err(|cause| cannot(address, &cause))?;
    let at = listener.local_addr()?;
    let pages = dashboard.router(session);
    let open = || TcpListener::from_std(listener);
    let answer = |listener, end: EndOfServer| async {
        // The server ends when it is told to: `axum::serve` survives errors of single connections.
        let _ = axum::serve(listener, pages)
            .with_graceful_shutdown(end.wait())
            .await;
    };
    let server = ServerThread::start("rocketry-web", open, answer)
        .await
        .map_err(|cause| cannot(address, &cause))?;
    tracing::info!(target: "rocketry::app", url = %format_args!("http://{at}"), "serving the dashboard");
    Ok(server)
}

fn cannot(address: &str, cause: &io::Error) -> io::Error {
    let message = format!(
        "the dashboard can't be served at `{address}`: {cause}; expected an address such as `127.0.0.1:8710` that no other program uses"
    );
    io::Error::new(cause.kind(), message)
}

fn needs_access(address: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!(
            "`{address}` can be reached from other machines: use `.dashboard_with(\"{address}\", Dashboard::new(access))`, \
             where `access` says who may look and who may steer, or a loopback address such as `127.0.0.1:8710`"
        ),
    )
}
