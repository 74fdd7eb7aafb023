//! The logs of measure K, which outlive the app, and the runs recorded in them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, fs};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The number of records in a write: first the starts of as many runs, and then their ends.
pub(crate) const BATCH: usize = 1_000;

/// A kind of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Csv,
    /// SQLite, where a write is on disk when it returns.
    SqliteFull,
    /// SQLite, where a write reaches the disk some time later.
    SqliteNormal,
    Postgres,
}

/// Runs to be recorded, with a fresh log.
pub(crate) struct Burst {
    pub(crate) kind: Kind,
    pub(crate) tasks: usize,
    pub(crate) runs: usize,
    folder: Folder,
}

/// The outcome of a burst.
pub(crate) struct Recorded {
    pub(crate) took: Duration,
    /// The number of recorded runs; fewer than requested for a slow peer.
    pub(crate) runs: u64,
    /// How many runs the log has in the end.
    pub(crate) found: u64,
}

/// A folder that is removed with its contents.
struct Folder(PathBuf);

impl Burst {
    pub(crate) fn new(kind: Kind, tasks: usize, runs: usize) -> Self {
        let folder = env::temp_dir().join(format!("rocketry-bench-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("there is room for a log");
        Burst {
            kind,
            tasks,
            runs,
            folder: Folder(folder),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The address of the log, as Rocketry knows it.
    pub(crate) fn address(&self) -> String {
        let file = |name: &str| self.folder().join(name).display().to_string();
        match self.kind {
            Kind::Csv => format!("csv:{}", file("tasks.csv")),
            Kind::SqliteFull => format!("sqlite:{}", file("app.db")),
            Kind::SqliteNormal => format!("sqlite:{}?synchronous=normal", file("app.db")),
            Kind::Postgres => postgres().expect("there is a server").to_owned(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the name of a task of a burst.
pub(crate) fn task_name(task: usize) -> String {
    format!("reports::number_{task}")
}

/// The address of a PostgreSQL server: that of `POSTGRES_FOR_BENCHES`, or of one that is started for this if PostgreSQL is
/// installed. Unlike the one of the tests it waits until what it keeps is on the disk.
pub(crate) fn postgres() -> Option<&'static str> {
    let server = SERVER.get_or_init(find_server).as_ref()?;
    Some(&server.address)
}

/// The address of a schema in that server.
#[cfg(feature = "logs")]
pub(crate) fn address_in(schema: &str) -> String {
    let server = postgres().expect("there is a server");
    let mark = if server.contains('?') { '&' } else { '?' };
    format!("{server}{mark}options=-c%20search_path%3D{schema}")
}

/// Stops the started server, if there is one, on drop.
pub(crate) struct StopPostgres;

impl Drop for StopPostgres {
    fn drop(&mut self) {
        if let Some(Some(Server { is_ours: true, .. })) = SERVER.get() {
            let _ = script("remove").status();
        }
    }
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();

struct Server {
    address: String,
    is_ours: bool,
}

fn find_server() -> Option<Server> {
    if let Ok(address) = env::var("POSTGRES_FOR_BENCHES") {
        let is_ours = false;
        return Some(Server { address, is_ours });
    }
    // The script would install it.
    if !Path::new("/usr/lib/postgresql").exists() {
        return None;
    }
    let started = script("start").env("POSTGRES_FSYNC", "on").output().ok()?;
    let address = String::from_utf8(started.stdout).ok()?.trim().to_owned();
    let is_ours = true;
    started.status.success().then_some(Server { address, is_ours })
}

fn script(verb: &str) -> Command {
    let folder = env::temp_dir().join(format!("rocketry-bench-postgres-{}", std::process::id()));
    let mut script = Command::new(format!("{ROOT}/scripts/postgres"));
    script.arg(verb).arg(folder);
    script
}
