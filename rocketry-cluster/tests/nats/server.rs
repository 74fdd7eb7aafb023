//! The server for tests.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use rocketry_core::Clock;

/// The address of a new app; `None` without a server.
pub(crate) fn app(name: &str) -> Option<String> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let Ok(server) = std::env::var("NATS_FOR_TESTS") else {
        println!("skipped: NATS_FOR_TESTS names no server");
        return None;
    };
    let (now, number) = (
        Clock::system().now().as_micros(),
        NUMBER.fetch_add(1, Ordering::Relaxed),
    );
    Some(format!("{server}/{name}-{now}-{}-{number}", std::process::id()))
}

/// How many messages a stream of an app has; the name of the stream ends so.
pub(crate) fn count(app: &str, ending: &str) -> u64 {
    let (server, name) = app.trim_start_matches("nats://").rsplit_once('/').unwrap();
    let mut server = TcpStream::connect(server).unwrap();
    let ask = format!(
        "CONNECT {{\"verbose\":false,\"headers\":true}}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.INFO.{name}{ending} answer 0\r\n\r\n"
    );
    server.write_all(ask.as_bytes()).unwrap();
    let lines = BufReader::new(server).lines().map(Result::unwrap);
    let told = lines.skip_while(|line| !line.starts_with("MSG")).nth(1).unwrap();
    let (_, count) = told.split_once("\"messages\":").unwrap();
    count.split(',').next().unwrap().parse().unwrap()
}

/// A server of its own.
pub(crate) struct Own {
    pub(crate) address: String,
    folder: PathBuf,
}

impl Own {
    /// Starts one; `None` if there is no server for tests.
    pub(crate) fn start() -> Option<Self> {
        let Some(installed) = std::env::var_os("NATS_FOR_TESTS_FOLDER").map(PathBuf::from) else {
            println!("skipped: NATS_FOR_TESTS_FOLDER has no server of scripts/nats");
            return None;
        };
        let tools = std::env::var_os("NATS_TOOLS").map_or_else(|| installed.join("tools"), PathBuf::from);
        let folder = std::env::temp_dir().join(format!("rocketry-nats-own-{}", std::process::id()));
        let mut own = Own {
            address: String::new(),
            folder,
        };
        let started = own.script("start").env("NATS_TOOLS", tools).output().unwrap();
        assert!(started.status.success(), "{started:?}");
        let address = String::from_utf8(started.stdout).unwrap();
        address.trim().clone_into(&mut own.address);
        Some(own)
    }

    fn script(&self, word: &str) -> Command {
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/nats"));
        command.arg(word).arg(&self.folder);
        command
    }

    fn copy(&self, from: &str, to: &str) {
        let _ = std::fs::remove_dir_all(self.folder.join(to));
        let mut copy = Command::new("cp");
        let copied = copy.arg("-r").args([from, to].map(|name| self.folder.join(name)));
        assert!(copied.status().unwrap().success());
    }

    /// Remembers what the server has.
    pub(crate) fn keep(&self) {
        assert!(self.script("stop").status().unwrap().success());
        self.copy("1/jetstream", "kept");
        assert!(self.script("start").output().unwrap().status.success());
    }

    /// Has the server lose all that came after what is remembered.
    pub(crate) fn lose_what_came_after(&self) {
        assert!(self.script("stop").status().unwrap().success());
        self.copy("kept", "1/jetstream");
        assert!(self.script("start").output().unwrap().status.success());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.script("remove").status();
    }
}
