//! The servers that both use.

use std::path::{Path, PathBuf};
use std::process::Command;

use postgres::{Client, NoTls};

/// The kind of server on which a cluster is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    Nats,
}

impl Engine {
    pub(crate) const ALL: [Engine; 2] = [Engine::Postgres, Engine::Nats];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Postgres => "PostgreSQL",
            Engine::Nats => "NATS",
        }
    }

    /// The word on the command line, which is also how its script is called.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Engine::Postgres => "postgres",
            Engine::Nats => "nats",
        }
    }

    /// The variable that names a server.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Engine::Postgres => "POSTGRES_FOR_BENCHES",
            Engine::Nats => "NATS_FOR_BENCHES",
        }
    }
}

/// A server, which is removed on drop if it was started for the benchmark.
pub(crate) struct Server {
    engine: Engine,
    address: String,
    folder: Option<PathBuf>,
}

impl Server {
    /// The one that a variable names, or one that is started. `None` if it is not installed.
    pub(crate) fn find(engine: Engine) -> Option<Self> {
        if let Ok(address) = std::env::var(engine.variable()) {
            return Some(Server {
                engine,
                address,
                folder: None,
            });
        }
        // The script would install PostgreSQL in the system; it installs NATS in the folder.
        if engine == Engine::Postgres && !Path::new("/usr/lib/postgresql").exists() {
            return None;
        }
        let word = engine.word();
        let folder = std::env::temp_dir().join(format!("rocketry-bench-{word}-{}", std::process::id()));
        let started = script(engine, "start", &folder)
            .env("POSTGRES_FSYNC", "on")
            .output()
            .expect("the script runs");
        if !started.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&started.stderr));
            return None;
        }
        let address = String::from_utf8(started.stdout).expect("an address is text");
        Some(Server {
            engine,
            address: address.trim().to_owned(),
            folder: Some(folder),
        })
    }

    /// The address of a schema, or of streams, in which there is nothing.
    pub(crate) fn fresh(&self, name: &str, round: usize) -> String {
        if self.engine == Engine::Nats {
            let process = std::process::id();
            return format!("{}/{name}-{process}-{round}", self.address);
        }
        let mut client = Client::connect(&self.address, NoTls).expect("the server answers");
        let fresh = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        client.batch_execute(&fresh).expect("a schema can be made");
        let mark = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-c%20search_path%3D{name}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = script(self.engine, "remove", folder).status();
        }
    }
}

fn script(engine: Engine, verb: &str, folder: &Path) -> Command {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
    let mut script = Command::new(scripts.join(engine.word()));
    script.arg(verb).arg(folder);
    script
}
