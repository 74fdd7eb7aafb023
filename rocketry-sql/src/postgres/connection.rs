//! Connections, and the upgrade of the schema.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use postgres::config::{Host, TargetSessionAttrs};
use postgres::types::ToSql;
use postgres::{Client, Config, Row, Statement, Transaction};
use rocketry_core::{Error, Result};

use super::address;
use super::tls::{Connector, connector};
use crate::error::Store;
use crate::schema::{Versioned, migrate};

/// How long to wait for a connection, and for sent data to be acknowledged.
const PATIENCE: Duration = Duration::from_secs(10);

/// The steps of the schema. A released step never changes.
const STEPS: &[&str] = &[
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
];

/// TCP keepalive: how long a connection is idle before it is probed, the interval of the probes and their
/// number.
const KEEPALIVE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// How many prepared statements a connection keeps.
const MOST_PREPARED: usize = 100;

/// The address of a log.
#[derive(Clone, Debug)]
pub(super) struct Target {
    config: Config,
    connector: Connector,
    pub(super) store: Store,
}

/// A connection with its prepared statements.
pub(super) struct Connection {
    pub(super) client: Client,
    prepared: HashMap<String, Statement>,
}

impl Target {
    pub(super) fn read(address: &str) -> Result<Self> {
        let refuse = |what| Error::log(format!("it is not the address of a database: {what}"));
        let (mut config, protection) = address::read(address).map_err(refuse)?;
        let connector = connector(&protection).map_err(Error::log)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE);
        }
        if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
            config.keepalives_idle(KEEPALIVE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(KEEPALIVE_INTERVAL);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(KEEPALIVE_RETRIES);
        }
        if config.get_application_name().is_none() {
            config.application_name("rocketry");
        }
        let store = Store::new(name(&config));
        Ok(Target {
            config,
            connector,
            store,
        })
    }

    /// Connects to a server that accepts writes, if one of the servers in the address does; otherwise to any
    /// server.
    pub(super) fn connect_to_read(&self) -> Result<Connection> {
        if self.config.get_hosts().len() > 1
            && let Ok(connection) = self.clone().writable().connect()
        {
            return Ok(connection);
        }
        self.connect()
    }

    /// The same address, but only for a server that accepts writes.
    pub(super) fn writable(mut self) -> Self {
        self.config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        self
    }

    pub(super) fn connect(&self) -> Result<Connection> {
        let client = self.config.connect(Connector::clone(&self.connector));
        let mut client = client.map_err(|cause| self.store.postgres("reached", cause))?;
        upgrade(&mut client, &self.store)?;
        Ok(Connection {
            client,
            prepared: HashMap::new(),
        })
    }
}

impl Connection {
    /// The rows of a query, which is prepared once.
    pub(super) fn rows(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, postgres::Error> {
        let statement = self.prepare(sql)?;
        self.client.query(&statement, values)
    }

    /// The row of a query that has one.
    pub(super) fn row(&mut self, sql: &str) -> Result<Row, postgres::Error> {
        let statement = self.prepare(sql)?;
        self.client.query_one(&statement, &[])
    }

    /// Prepares a statement once per connection, unless there are too many.
    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= MOST_PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// The displayed part of an address: `user@host/database`.
fn name(config: &Config) -> String {
    let host = config
        .get_hosts()
        .first()
        .map_or_else(String::new, |host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => Path::new(folder).display().to_string(),
        });
    let user = config.get_user().unwrap_or_default();
    let database = config.get_dbname().unwrap_or(user);
    format!("postgres://{user}@{host}/{database}")
}

/// Prevents other connections from upgrading the tables at the same time. A transaction that waits for the
/// lock would use its earlier snapshot of the tables, so the lock is taken outside of one.
const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('rocketry tables ' || current_schema(), 0))";
const UNLOCK: &str = "SELECT pg_advisory_unlock(hashtextextended('rocketry tables ' || current_schema(), 0))";

fn upgrade(client: &mut Client, store: &Store) -> Result<()> {
    if in_transaction(client, store, is_newest)? {
        return Ok(());
    }
    let run = |client: &mut Client, sql| {
        let done = client.batch_execute(sql);
        done.map_err(|cause| store.postgres("opened", cause))
    };
    run(client, LOCK)?;
    in_transaction(client, store, |tables| migrate(tables, STEPS, store))?;
    run(client, UNLOCK)
}

fn is_newest(tables: &mut Tables<'_>) -> Result<bool> {
    let version = tables
        .version()?
        .and_then(|version| usize::try_from(version).ok());
    Ok(version == Some(STEPS.len()))
}

fn in_transaction<T>(
    client: &mut Client,
    store: &Store,
    act: impl FnOnce(&mut Tables<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = client.transaction();
    let transaction = transaction.map_err(|cause| store.postgres("opened", cause))?;
    let mut tables = Tables { transaction, store };
    let done = act(&mut tables)?;
    let committed = tables.transaction.commit();
    committed.map_err(|cause| store.postgres("opened", cause))?;
    Ok(done)
}

struct Tables<'a> {
    transaction: Transaction<'a>,
    store: &'a Store,
}

impl Tables<'_> {
    fn read_version(&mut self) -> Result<Option<u32>, postgres::Error> {
        const FIND: &str = "SELECT to_regclass('rocketry_state') IS NOT NULL";
        if !self.transaction.query_one(FIND, &[])?.get::<_, bool>(0) {
            return Ok(None);
        }
        let row = self
            .transaction
            .query_one("SELECT version FROM rocketry_state", &[])?;
        let version: i64 = row.try_get(0)?;
        Ok(Some(u32::try_from(version).unwrap_or(u32::MAX)))
    }
}

impl Versioned for Tables<'_> {
    fn version(&mut self) -> Result<Option<u32>> {
        self.read_version()
            .map_err(|cause| self.store.postgres("opened", cause))
    }

    fn step(&mut self, script: &str) -> Result<()> {
        let done = self.transaction.batch_execute(script);
        done.map_err(|cause| self.store.postgres("opened", cause))
    }
}
