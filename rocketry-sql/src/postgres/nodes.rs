//! The heartbeats of a cluster: a row for each node, rewritten with each heartbeat.

use std::time::Duration;

use postgres::Row;
use rocketry_core::cluster::{HeardNode, Heartbeat, NodeProfile};
use rocketry_core::{Result, Timestamp};

use super::connection::Connection;
use super::lease::PostgresLease;

type Asked<T> = std::result::Result<T, postgres::Error>;

impl PostgresLease {
    /// Writes the heartbeat of a node, and reads those of all nodes.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    pub fn beat(&mut self, heartbeat: &Heartbeat, limit: Duration) -> Result<Vec<HeardNode>> {
        let heartbeat = heartbeat.clone();
        self.line().ask("written", limit, move |connection| {
            write(connection, &heartbeat)?;
            read(connection)
        })
    }

    /// Forgets nodes.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    pub fn forget(&mut self, instances: &[&str], limit: Duration) -> Result<()> {
        const FORGET: &str = "DELETE FROM rocketry_node WHERE instance = ANY($1)";
        let instances: Vec<String> = instances.iter().map(|instance| plain(instance)).collect();
        self.line().ask("written", limit, move |connection| {
            let forget = connection.prepare(FORGET)?;
            connection.client.execute(&forget, &[&instances]).map(drop)
        })
    }

    /// Asks a node to drain. Returns whether there is such a node.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. The node may have been asked, or may still be.
    pub fn ask_to_drain(&mut self, instance: &str, limit: Duration) -> Result<bool> {
        const ASK: &str = "UPDATE rocketry_node SET is_asked_to_drain = true WHERE instance = $1";
        let instance = plain(instance);
        self.line().ask("written", limit, move |connection| {
            let ask = connection.prepare(ASK)?;
            Ok(connection.client.execute(&ask, &[&instance])? > 0)
        })
    }
}

fn write(connection: &mut Connection, heartbeat: &Heartbeat) -> Asked<()> {
    const WRITE: &str = "INSERT INTO rocketry_node (instance, name, version, lanes, runs, is_draining, started, seen) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp()) \
                         ON CONFLICT (instance) DO UPDATE SET \
                         runs = excluded.runs, is_draining = excluded.is_draining, seen = excluded.seen";
    let profile = &heartbeat.profile;
    let lanes: Vec<String> = profile.lanes.iter().map(|lane| plain(lane)).collect();
    let version = profile.version.as_deref().map(plain);
    let runs = i64::try_from(heartbeat.runs).unwrap_or(i64::MAX);
    let write = connection.prepare(WRITE)?;
    let values: [&(dyn postgres::types::ToSql + Sync); 7] = [
        &plain(&heartbeat.instance),
        &plain(&profile.name),
        &version,
        &lanes,
        &runs,
        &heartbeat.is_draining,
        &heartbeat.started.as_micros(),
    ];
    connection.client.execute(&write, &values).map(drop)
}

fn read(connection: &mut Connection) -> Asked<Vec<HeardNode>> {
    const READ: &str = "SELECT node.instance, node.name, node.version, node.lanes, node.runs, node.is_draining, node.started, \
                        (extract(epoch FROM clock_timestamp() - node.seen) * 1e6)::bigint, lease.term, node.is_asked_to_drain \
                        FROM rocketry_node AS node LEFT JOIN rocketry_lease AS lease \
                        ON lease.instance = node.instance AND lease.is_held";
    connection.rows(READ, &[])?.iter().map(heard).collect()
}

fn heard(row: &Row) -> Asked<HeardNode> {
    let lanes: Vec<String> = row.try_get(3)?;
    let profile = NodeProfile {
        name: row.try_get::<_, &str>(1)?.into(),
        version: row.try_get::<_, Option<&str>>(2)?.map(Into::into),
        lanes: lanes.into_iter().map(Into::into).collect(),
    };
    let heartbeat = Heartbeat {
        profile,
        instance: row.try_get::<_, &str>(0)?.into(),
        runs: usize::try_from(row.try_get::<_, i64>(4)?).unwrap_or(0),
        is_draining: row.try_get(5)?,
        started: Timestamp::from_micros(row.try_get(6)?),
    };
    // The clock of the server may have been set back meanwhile.
    let silent_for = u64::try_from(row.try_get::<_, i64>(7)?).unwrap_or(0);
    Ok(HeardNode {
        heartbeat,
        silent_for: Duration::from_micros(silent_for),
        term: row.try_get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
        is_asked_to_drain: row.try_get(9)?,
    })
}

/// PostgreSQL can't store U+0000.
fn plain(text: &str) -> String {
    text.replace('\0', "")
}
