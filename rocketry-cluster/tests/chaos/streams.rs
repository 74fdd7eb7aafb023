//! A cluster in NATS.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rocketry_cluster::{NatsLog, NatsRelay, NatsStore, NatsWork, Store as _};
use rocketry_core::cluster::{Heartbeat, NodeProfile, Relay as _, Work as _};
use rocketry_core::log::Cursor;
use rocketry_core::{Query, RunLog as _, Timestamp};
use rustix::process::{Pid, Signal, kill_process};

use crate::engine::{Engine, Row, Server};

const LIMIT: Duration = Duration::from_secs(60);

/// An app of its own on the server for tests, or on three.
pub(crate) struct Streams {
    /// The address of the servers.
    servers: String,
    name: String,
    /// The folder of the three servers, if they were started for this test alone.
    own: Option<PathBuf>,
    log: NatsLog,
    store: NatsStore,
    relay: NatsRelay,
    work: NatsWork,
}

impl Streams {
    /// A new app; `None` without a server.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let Ok(server) = std::env::var("NATS_FOR_TESTS") else {
            println!("skipped: NATS_FOR_TESTS names no server");
            return None;
        };
        Some(Streams::of(server, name, None))
    }

    /// An app on three servers of its own, in a folder; `None` if there is no server for tests.
    pub(crate) fn on_three(name: &str, folder: &Path) -> Option<Self> {
        let Some(installed) = std::env::var_os("NATS_FOR_TESTS_FOLDER").map(PathBuf::from) else {
            println!("skipped: NATS_FOR_TESTS_FOLDER has no server of scripts/nats");
            return None;
        };
        let tools = std::env::var_os("NATS_TOOLS").map_or_else(|| installed.join("tools"), PathBuf::from);
        let started = script("start", folder)
            .arg("3")
            .env("NATS_TOOLS", tools)
            .output()
            .unwrap();
        assert!(started.status.success());
        let servers = String::from_utf8(started.stdout).unwrap().trim().to_owned();
        Some(Streams::of(servers, name, Some(folder.to_owned())))
    }

    fn of(servers: String, name: &str, own: Option<PathBuf>) -> Self {
        let micros = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros();
        let name = format!("{name}-{micros}");
        let address = format!("{servers}/{name}?sync_interval=always");
        Streams {
            log: NatsLog::open(&address).unwrap(),
            store: NatsStore::new(&address).unwrap(),
            relay: NatsRelay::new(&address).unwrap(),
            work: NatsWork::new(&address).unwrap(),
            servers,
            name,
            own,
        }
    }

    /// Starts those of three servers that do not run.
    pub(crate) fn start_all(&self) {
        let folder = self.own.as_ref().expect("three servers");
        while !start(folder) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills one of three servers.
    pub(crate) fn kill_one(&self, number: u64) {
        let folder = self.own.as_ref().expect("three servers");
        kill(&folder.join(number.to_string()));
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        if let Some(folder) = &self.own {
            let _ = script("remove", folder).status();
        }
    }
}

/// Kills a server, by the folder in which it is.
fn kill(server: &Path) {
    let pid = std::fs::read_to_string(server.join("pid")).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

/// An answer of the server, which may just be starting.
fn patiently<T>(mut ask: impl FnMut() -> rocketry_core::Result<T>) -> T {
    let deadline = std::time::Instant::now() + LIMIT;
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Engine for Streams {
    fn server(&self) -> Server {
        let first = self
            .servers
            .trim_start_matches("nats://")
            .split(',')
            .next()
            .unwrap();
        let (host, port) = first.rsplit_once(':').unwrap();
        Server::Port(host.to_owned(), port.parse().unwrap())
    }

    fn address_at_port(&self, port: u16) -> String {
        let name = &self.name;
        if self.own.is_some() {
            // A way leads to one server, and a client needs them all.
            return format!("{}/{name}", self.servers);
        }
        format!("nats://127.0.0.1:{port}/{name}")
    }

    fn commit(&self) -> Vec<u8> {
        format!("HPUB {}.log ", self.name).into_bytes()
    }

    fn kill_server(&mut self, down_for: Duration) -> bool {
        let Some(folder) = std::env::var_os("NATS_FOR_TESTS_FOLDER").map(PathBuf::from) else {
            return false;
        };
        kill(&folder.join("1"));
        std::thread::sleep(down_for);
        // Until the process is gone, no other one starts.
        while !start(&folder) {
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    fn leader(&mut self) -> Option<String> {
        let entry = patiently(|| self.store.read(LIMIT))?;
        entry.lease.is_held.then(|| entry.lease.node.to_string())
    }

    fn nodes(&mut self) -> Vec<String> {
        const OBSERVER: &str = "observer";
        let heartbeat = Heartbeat {
            profile: NodeProfile::from(OBSERVER),
            instance: OBSERVER.into(),
            runs: 0,
            is_draining: true,
            started: Timestamp::from_micros(0),
        };
        let heard = patiently(|| self.store.beat(&heartbeat, LIMIT));
        patiently(|| self.store.forget(&[OBSERVER], LIMIT));
        let names = heard.iter().map(|node| node.heartbeat.profile.name.to_string());
        let mut names: Vec<String> = names.filter(|name| name != OBSERVER).collect();
        names.sort();
        names
    }

    fn records_after(&mut self, place: u64) -> Vec<Row> {
        // The places of records begin with 0.
        let query = match place {
            0 => Query::new(),
            place => Query::new().after(Cursor::new(place - 1)),
        };
        let page = patiently(|| self.log.query(&query));
        let rows = (place + 1..).zip(page.records).map(|(place, record)| Row {
            place,
            task: record.task.to_string(),
            run: record.run_id.to_string(),
            action: record.action,
            due: record.due.as_micros(),
            start: record.start.as_micros(),
            created: record.created.as_micros(),
            version: record.version().unwrap_or_default().to_owned(),
            cause: record.cause().map_or_else(String::new, ToString::to_string),
        });
        rows.collect()
    }

    fn calls(&mut self) -> Vec<String> {
        // The leader makes what is taken up here all the same.
        let all = patiently(|| self.relay.take_up(0));
        all.into_iter().map(|(_, call)| call).collect()
    }

    fn holders(&mut self) -> Vec<String> {
        let holders = patiently(|| self.work.holders());
        holders.into_iter().map(|holder| holder.worker).collect()
    }

    fn ended(&mut self) -> Option<i64> {
        let past = patiently(|| self.log.load());
        past.facts.get("app/ended")?.parse().ok()
    }
}

fn start(folder: &Path) -> bool {
    let mut command = script("start", folder);
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.unwrap().success()
}

fn script(word: &str, folder: &Path) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/nats"));
    command.arg(word).arg(folder);
    command
}
