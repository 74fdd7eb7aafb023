//! The database of a cluster, read with plain SQL.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use postgres::config::Host;
use postgres::{Client, NoTls, SimpleQueryMessage};
use rocketry_core::Action;
use rustix::process::{Pid, Signal, kill_process};

use crate::engine::{Engine, Row, Server};

/// A separate schema on the test server.
pub(crate) struct Database {
    pub(crate) client: Client,
    /// The address of the server.
    server: String,
    /// The address of the cluster.
    pub(crate) address: String,
    schema: String,
}

impl Database {
    /// An empty schema; `None` without a server.
    pub(crate) fn new(schema: &str) -> Option<Self> {
        let Ok(server) = std::env::var("POSTGRES_FOR_TESTS") else {
            println!("skipped: POSTGRES_FOR_TESTS names no server");
            return None;
        };
        let mut client = Client::connect(&server, NoTls).unwrap();
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        client.batch_execute(&fresh).unwrap();
        let address = in_schema(&server, schema);
        Some(Database {
            client: Client::connect(&address, NoTls).unwrap(),
            server,
            address,
            schema: schema.to_owned(),
        })
    }

    /// The rows of a query as texts; an empty one for NULL.
    pub(crate) fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let messages = self.client.simple_query(sql).unwrap();
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let text = |row: &postgres::SimpleQueryRow, column| row.get(column).unwrap_or_default().to_owned();
        rows.map(|row| (0..row.len()).map(|column| text(&row, column)).collect())
            .collect()
    }

    /// The first column of the first row; `None` without a row.
    pub(crate) fn one(&mut self, sql: &str) -> Option<String> {
        Some(self.rows(sql).first()?[0].clone())
    }
}

impl Engine for Database {
    fn server(&self) -> Server {
        let config: postgres::Config = self.server.parse().unwrap();
        let port = config.get_ports().first().copied().unwrap_or(5432);
        match &config.get_hosts()[0] {
            Host::Unix(folder) => Server::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            Host::Tcp(name) => Server::Port(name.clone(), port),
        }
    }

    fn address_at_port(&self, port: u16) -> String {
        let config: postgres::Config = self.server.parse().unwrap();
        let user = config.get_user().unwrap();
        let name = config.get_dbname().unwrap_or(user);
        in_schema(
            &format!("postgres://{user}@127.0.0.1:{port}/{name}"),
            &self.schema,
        )
    }

    fn kill_server(&mut self, down_for: Duration) -> bool {
        let Some(folder) = std::env::var_os("POSTGRES_FOR_TESTS_FOLDER").map(PathBuf::from) else {
            return false;
        };
        let pid = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
        let pid: i32 = pid.lines().next().unwrap().parse().unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        std::thread::sleep(down_for);
        // The processes of the server that are left notice that it is gone, and until then no other one starts.
        while !start(&folder) {
            std::thread::sleep(Duration::from_millis(100));
        }
        self.client = Client::connect(&self.address, NoTls).unwrap();
        true
    }

    fn commit(&self) -> Vec<u8> {
        // The claim of a start, `task@instant`: a write is one statement, which is made for good as it is sent.
        b"@1".to_vec()
    }

    fn leader(&mut self) -> Option<String> {
        // The first node may still be making the tables.
        const IS_THERE: &str = "SELECT 1 WHERE to_regclass('rocketry_lease') IS NOT NULL";
        self.one(IS_THERE)?;
        self.one("SELECT node FROM rocketry_lease WHERE is_held")
    }

    fn nodes(&mut self) -> Vec<String> {
        self.rows("SELECT name FROM rocketry_node ORDER BY name").concat()
    }

    fn records_after(&mut self, place: u64) -> Vec<Row> {
        let rows = self.rows(&format!(
            "SELECT record.id, task.name, run_id, action, due, start, created, version, cause FROM rocketry_record AS record \
             JOIN rocketry_task AS task ON task.id = record.task WHERE record.id > {place} ORDER BY record.id"
        ));
        let read = |row: Vec<String>| Row {
            place: row[0].parse().unwrap(),
            task: row[1].clone(),
            run: row[2].clone(),
            action: Action::ALL[row[3].parse::<usize>().unwrap()],
            due: row[4].parse().unwrap(),
            start: row[5].parse().unwrap(),
            created: row[6].parse().unwrap(),
            version: row[7].clone(),
            cause: row[8].clone(),
        };
        rows.into_iter().map(read).collect()
    }

    fn calls(&mut self) -> Vec<String> {
        self.rows("SELECT call FROM rocketry_call WHERE NOT is_withdrawn")
            .concat()
    }

    fn holders(&mut self) -> Vec<String> {
        self.rows("SELECT DISTINCT worker FROM rocketry_work WHERE worker IS NOT NULL")
            .concat()
    }

    fn ended(&mut self) -> Option<i64> {
        let ended = self.one("SELECT value FROM rocketry_fact WHERE key = 'app/ended'")?;
        ended.parse().ok()
    }
}

fn in_schema(server: &str, schema: &str) -> String {
    format!("{server}?options=-c%20search_path%3D{schema}")
}

fn start(folder: &std::path::Path) -> bool {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/postgres");
    let mut command = Command::new(script);
    command.arg("start").arg(folder);
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.unwrap().success()
}
