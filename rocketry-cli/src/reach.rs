//! Connects to the running app, or uses the app in the code.

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

/// How long to wait for an app to identify itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// No running app was found.
struct Absent {
    why: String,
    /// The apps with the same name and another run log, one per line after a line break.
    others: String,
}

/// An app that has answered at a socket.
type Found = (PathBuf, Client, AppInfo);

/// The way in which commands reach the app.
pub(crate) struct Reach {
    name: String,
    socket: Option<PathBuf>,
    /// The app in the code. A command takes it at most once.
    app: Option<Rocketry>,
    /// The client, once it was created.
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

    /// Reaches only this app.
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

    /// The socket that the user has specified.
    pub(crate) fn socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// The app in the code, to run it.
    pub(crate) fn take_app(&mut self) -> Rocketry {
        self.app.take().expect("a command runs the app once")
    }

    /// A client for reading: of the running app, or else of the code and the run log.
    pub(crate) async fn reader(&mut self) -> Outcome<Client> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = match self.find().await? {
            Ok(client) => client,
            Err(absent) => {
                self.note(&absent);
                let session = self.take_app().inspect()?;
                Client::in_process(router(Api::of_stopped(self.name.as_str(), session)))
            }
        };
        self.client = Some(client.clone());
        Ok(client)
    }

    /// A client for steering.
    ///
    /// # Errors
    ///
    /// Returns an error that says what to do if no app is running.
    pub(crate) async fn steerer(&mut self) -> Outcome<Client> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        self.find().await?.map_err(|Absent { why, others }| {
            let name = &self.name;
            let message = format!("{why}: start it with `{name} run`, then try again{others}");
            Failure::new(Code::NotRunning, message)
        })
    }

    /// Tells the user that the result is not that of a running app.
    fn note(&self, Absent { why, others }: &Absent) {
        if self.socket.is_some() || !others.is_empty() || stderr().is_terminal() {
            eprintln!("note: {why}; this is what its code and its run log tell{others}");
        }
    }

    /// A client of the running app, or the reason why there is none.
    async fn find(&self) -> Outcome<Result<Client, Absent>> {
        if let Some(socket) = &self.socket {
            let client = Client::over_socket(socket);
            let found = ask(&client).await.map(|_| client);
            return Ok(found.map_err(|error| Absent {
                why: unreachable(socket, &error),
                others: String::new(),
            }));
        }
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for socket in sockets(&self.name) {
            let client = Client::over_socket(&socket);
            if let Ok(info) = ask(&client).await {
                let like = if self.may_be(&info) {
                    &mut found
                } else {
                    &mut others
                };
                like.push((socket, client, info));
            }
        }
        match found.len() {
            0 => Ok(Err(self.none(&others))),
            1 => Ok(Ok(found.remove(0).1)),
            _ => Err(self.which(&found)),
        }
    }

    /// Returns true if a running app with this name may be the one in the code. Apps with different durable
    /// logs are different.
    fn may_be(&self, running: &AppInfo) -> bool {
        let own = self.app.as_ref().and_then(Rocketry::log_address);
        let (Some(own), Some(theirs)) = (own, &running.log) else {
            return true;
        };
        own == *theirs
            && (!depends_on_folder(&own) || env::current_dir().is_ok_and(|here| here == running.folder))
    }

    /// The error for no running app, with the apps of the same name that have another run log.
    fn none(&self, others: &[Found]) -> Absent {
        let why = format!("`{}` does not run", self.name);
        let own = self.app.as_ref().and_then(Rocketry::log_address);
        let Some(own) = own.filter(|_| !others.is_empty()) else {
            return Absent {
                why,
                others: String::new(),
            };
        };
        Absent {
            why: format!("{why} with the run log `{own}` of this folder"),
            others: format!("\nwith other run logs, apps of this name run:{}", listed(others)),
        }
    }

    /// The error for several matching apps.
    fn which(&self, found: &[Found]) -> Failure {
        Failure::usage(format!(
            "{} apps named `{}` run; choose one of them:{}",
            found.len(),
            self.name,
            listed(found)
        ))
    }
}

/// The matching apps, one per line.
fn listed(found: &[Found]) -> String {
    let lines = found.iter().map(|(socket, _, info)| {
        let folder = info.folder.display();
        format!(
            "\n  --socket {}  (process {}, in {folder})",
            socket.display(),
            info.pid
        )
    });
    lines.collect()
}

/// Returns true if the address of a run log is a relative path, which depends on the folder.
fn depends_on_folder(address: &str) -> bool {
    let is_of_server = address.contains("://");
    let path = address.split_once(':').map_or(address, |(_, path)| path);
    !is_of_server && Path::new(path).is_relative()
}

#[cfg(unix)]
fn sockets(name: &str) -> Vec<PathBuf> {
    rocketry_api::socket::find(name)
}

#[cfg(not(unix))]
fn sockets(_: &str) -> Vec<PathBuf> {
    Vec::new()
}

/// Asks an app to identify itself.
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
                "`{}` is not a socket at which an app listens ({cause})",
                socket.display()
            )
        }
        other => format!("no app answers at `{}` ({other})", socket.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::depends_on_folder;

    #[test]
    fn a_log_at_a_relative_path_is_one_of_its_folder() {
        assert!(depends_on_folder("sqlite:app.db") && depends_on_folder("csv:logs/app.csv"));
        assert!(!depends_on_folder("sqlite:/var/lib/app.db"));
        assert!(!depends_on_folder("postgres://user@host/database"));
    }
}
