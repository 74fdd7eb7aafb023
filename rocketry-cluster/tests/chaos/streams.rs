//! A cluster in NATS.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rocketry_cluster::{NatsLog, NatsRelay, NatsStore, NatsWork, Store as _};
use rocketry_core::cluster::{Heartbeat, NodeProfile, Relay as _, Work as _};
use rocketry_core::log::Cursor;
use rocketry_core::{Query, RunLog as _, Timestamp};
use rustix::process::{Pid, Signal, kill_process};

use crate::engine::{Calls, Engine, Row, Server};

const LIMIT: Duration = Duration::from_secs(20);

/// An app of its own on the server for tests.
pub(crate) struct Streams {
    /// The host and the port of the server.
    place: (String, u16),
    name: String,
    log: NatsLog,
    store: NatsStore,
    relay: NatsRelay,
    work: NatsWork,
}

impl Streams {
    /// An app that nobody has used; `None` without a server.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let Ok(server) = std::env::var("NATS_FOR_TESTS") else {
            println!("skipped: NATS_FOR_TESTS names no server");
            return None;
        };
        let micros = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros();
        let name = format!("{name}-{micros}");
        let address = format!("{server}/{name}?sync_interval=always");
        let place = server.trim_start_matches("nats://").rsplit_once(':').unwrap();
        Some(Streams {
            place: (place.0.to_owned(), place.1.parse().unwrap()),
            log: NatsLog::open(&address).unwrap(),
            store: NatsStore::new(&address).unwrap(),
            relay: NatsRelay::new(&address).unwrap(),
            work: NatsWork::new(&address).unwrap(),
            name,
        })
    }
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
        Server::Port(self.place.0.clone(), self.place.1)
    }

    fn address_at_port(&self, port: u16) -> String {
        format!("nats://127.0.0.1:{port}/{}", self.name)
    }

    fn commit(&self) -> Vec<u8> {
        format!("HPUB {}.log ", self.name).into_bytes()
    }

    fn kill_server(&mut self, down_for: Duration) -> bool {
        let Some(folder) = std::env::var_os("NATS_FOR_TESTS_FOLDER").map(PathBuf::from) else {
            return false;
        };
        let pid = std::fs::read_to_string(folder.join("1/pid")).unwrap();
        kill_process(Pid::from_raw(pid.trim().parse().unwrap()).unwrap(), Signal::KILL).unwrap();
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
        });
        rows.collect()
    }

    fn calls(&mut self) -> Calls {
        // The leader makes what is taken up here all the same.
        let all = patiently(|| self.relay.take_up(0));
        let numbers: Vec<u64> = all.iter().map(|(number, _)| *number).collect();
        let answers = patiently(|| self.relay.answers(&numbers));
        Calls {
            all: all.len(),
            without_answer: all.len() - answers.len(),
        }
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
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/nats");
    let mut command = Command::new(script);
    command.arg("start").arg(folder);
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.unwrap().success()
}
