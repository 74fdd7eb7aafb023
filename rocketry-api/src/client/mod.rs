//! A client of the API.

mod calls;
mod error;
mod events;
mod output;
mod sent;
mod simulated;
mod transport;

pub use error::ClientError;
pub use events::EventStream;
pub use output::OutputStream;
pub use simulated::RunStream;

use std::path::PathBuf;

use axum::Router;
use transport::Transport;

/// Calls the API of an app: over its control socket, or in this process.
///
/// ```no_run
/// # use rocketry_api::{RunRequest, client::{Client, ClientError}};
/// # async fn steer() -> Result<(), ClientError> {
/// let app = Client::over_socket("/run/user/1000/rocketry/reports-4711.sock");
/// for task in app.tasks(&Default::default()).await? {
///     println!("{}: {}", task.name, task.status);
/// }
/// app.run_task("fetch", &RunRequest::default()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// Creates a client for the app that listens at a Unix socket. Each call opens its own connection.
    pub fn over_socket(socket: impl Into<PathBuf>) -> Self {
        Client {
            transport: Transport::Socket(socket.into()),
        }
    }

    /// Creates a client for an app in this process, given its [`router`](crate::router).
    pub fn in_process(router: Router) -> Self {
        Client {
            transport: Transport::InProcess(router),
        }
    }
}
