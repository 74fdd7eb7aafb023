//! Finds the running app, or looks at the one in the code.

use std::env;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rocketry_api::client::{Client, ClientError};
use rocketry_api::{Api, AppInfo, router};
use rocketry_core::Rocketry;

use crate::exit::{Code, Failure, Outcome};

/// The variable that names the control socket.
pub(crate) const SOCKET: &str = "ROCKETRY_SOCKET";

/// How long an app may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// How commands reach the app.
pub(crate) struct Reach {
    name: String,
    socket: Option<PathBuf>,
    /// The app in the code. A command takes it at most once.
    app: Option<Rocketry>,
    /// The client, once there is one.
    client: Option<Client>,
}

impl Reach {
    pub(crate) fn new(name: String, socket: Option<PathBuf>, app: Rocketry) -> Self {
        let socket = socket.or_else(|| {
            env::var_os(SOCKET)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        });
        Reach {
            name,
            socket,
            app: Some(app),
            client: None,
        }
    }

    /// Reaches this app only.
    pub(crate) fn fixed(name: String, client: Client) -> Self {
        Reach {
            name,
            socket: None,
            app: None,
            client: Some(client),
        }
    }

    /// The name of the app.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The socket that a person has named.
    pub(crate) fn socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// The app in the code, to run it.
    pub(crate) fn take_app(&mut self) -> Rocketry {
        self.app.take().expect("a command runs the app once")
    }

    /// A client to read with: of the running app, else of the code and the run log.
    pub(crate) async fn reader(&mut self) -> Outcome<Client> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = match self.find().await? {
            Ok(client) => client,
            Err(why) => {
                self.note(&format!("{why}; this is what its code and its run log tell"));
                let session = self.take_app().inspect()?;
                Client::in_process(router(Api::of_stopped(self.name.as_str(), session)))
            }
        };
        self.client = Some(client.clone());
        Ok(client)
    }

    /// A client to steer with.
    ///
    /// # Errors
    ///
    /// Says what to do if no app runs.
    pub(crate) async fn steerer(&mut self) -> Outcome<Client> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        self.find().await?.map_err(|why| {
            let message = format!("{why}: start it with `{} run`, then try again", self.name);
            Failure::new(Code::NotRunning, message)
        })
    }

    /// Tells a person who looks on something beside the result.
    fn note(&self, text: &str) {
        if self.socket.is_some() || stderr().is_terminal() {
            eprintln!("note: {text}");
        }
    }

    /// A client of the running app, or why there is none.
    async fn find(&self) -> Outcome<Result<Client, String>> {
        if let Some(socket) = &self.socket {
            let client = Client::over_socket(socket);
            return Ok(match ask(&client).await {
                Ok(_) => Ok(client),
                Err(error) => Err(unreachable(socket, &error)),
            });
        }
        let mut found = Vec::new();
        for socket in sockets(&self.name) {
            let client = Client::over_socket(&socket);
            if let Ok(info) = ask(&client).await
                && self.may_be(&info)
            {
                found.push((socket, client, info));
            }
        }
        match found.len() {
            0 => Ok(Err(format!("`{}` does not run", self.name))),
            1 => Ok(Ok(found.remove(0).1)),
            _ => Err(self.which(&found)),
        }
    }

    /// Whether a running app of this name is the one in the code: two apps with a durable log each are told apart by it.
    fn may_be(&self, running: &AppInfo) -> bool {
        let own = self.app.as_ref().and_then(Rocketry::log_address);
        let (Some(own), Some(theirs)) = (own, &running.log) else {
            return true;
        };
        let is_file = !own.contains("://");
        own == *theirs && (!is_file || env::current_dir().is_ok_and(|here| here == running.folder))
    }

    /// Asks which of several apps is meant.
    fn which(&self, found: &[(PathBuf, Client, AppInfo)]) -> Failure {
        let lines = found.iter().map(|(socket, _, info)| {
            let folder = info.folder.display();
            format!(
                "\n  --socket {}  (process {}, in {folder})",
                socket.display(),
                info.pid
            )
        });
        let lines: String = lines.collect();
        Failure::usage(format!(
            "{} apps named `{}` run; choose one of them:{lines}",
            found.len(),
            self.name
        ))
    }
}

#[cfg(unix)]
fn sockets(name: &str) -> Vec<PathBuf> {
    rocketry_api::socket::find(name)
}

#[cfg(not(unix))]
fn sockets(_: &str) -> Vec<PathBuf> {
    Vec::new()
}

/// Asks an app what it is.
async fn ask(client: &Client) -> Result<AppInfo, ClientError> {
    let answer = tokio::time::timeout(PATIENCE, client.app()).await;
    answer.unwrap_or_else(|_| Err(ClientError::Broken("it does not answer".to_owned())))
}

fn unreachable(socket: &Path, error: &ClientError) -> String {
    match error {
        ClientError::Unreachable { cause, .. } if !socket.exists() => {
            format!("no app listens at `{}` ({cause})", socket.display())
        }
        ClientError::Unreachable { cause, .. } => {
            format!(
                "`{}` is no socket at which an app listens ({cause})",
                socket.display()
            )
        }
        other => format!("no app answers at `{}` ({other})", socket.display()),
    }
}
