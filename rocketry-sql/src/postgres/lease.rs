//! The lease of a cluster: a row that is only changed by compare-and-set.

use std::time::Duration;

use rocketry_core::Result;

use super::line::Line;

/// The channel that notifies nodes of a released lease. The payload is the schema.
const CHANNEL: &str = "rocketry_lease";

/// The lease of the nodes that share a [`PostgresLog`](crate::PostgresLog): a row in its schema. It is only
/// changed by compare-and-set, and does not depend on the clock of the server.
///
/// Each call has a time limit. A change without a response in time may still take effect later.
#[derive(Debug)]
pub struct PostgresLease(Line);

/// The row of the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    /// The number of the lead. Each new leader has a greater one.
    pub term: u64,
    /// The name of the current or last leader.
    pub node: String,
    /// The identity of the node, which distinguishes it from others with its name.
    pub instance: String,
    /// Whether the lead is held.
    pub is_held: bool,
}

impl PostgresLease {
    /// Creates the lease for the address of a log. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(PostgresLease(Line::new(address, CHANNEL)?))
    }

    pub(super) fn line(&mut self) -> &mut Line {
        &mut self.0
    }

    /// Reads the row and its revision. Returns `None` if no node has ever led.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    pub fn read(&mut self, limit: Duration) -> Result<Option<(u64, LeaseRow)>> {
        const READ: &str = "SELECT revision, term, node, instance, is_held FROM rocketry_lease";
        self.0.ask("read", limit, |connection| {
            let found = connection.prepare(READ)?;
            let Some(row) = connection.client.query_opt(&found, &[])? else {
                return Ok(None);
            };
            let number = |column| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
            let lease = LeaseRow {
                term: number(1)?,
                node: row.try_get(2)?,
                instance: row.try_get(3)?,
                is_held: row.try_get(4)?,
            };
            Ok(Some((number(0)?, lease)))
        })
    }

    /// Changes the row if it still has the expected revision; with `None`, if there is no row. Returns the
    /// new revision, or `None` if another node was faster.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time. The change may have been made, or may still be.
    pub fn put(&mut self, expected: Option<u64>, lease: &LeaseRow, limit: Duration) -> Result<Option<u64>> {
        // The same statement wakes followers, so that a released lease is taken immediately.
        const MAKE: &str = "WITH made AS (INSERT INTO rocketry_lease (revision, term, node, instance, is_held) \
                            VALUES (1, $1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING revision, is_held) \
                            SELECT revision, CASE WHEN NOT is_held THEN pg_notify('rocketry_lease', current_schema())::text END \
                            FROM made";
        const CHANGE: &str = "WITH changed AS (UPDATE rocketry_lease SET revision = revision + 1, term = $1, node = $2, \
                              instance = $3, is_held = $4 WHERE revision = $5 RETURNING revision, is_held) \
                              SELECT revision, CASE WHEN NOT is_held THEN pg_notify('rocketry_lease', current_schema())::text END \
                              FROM changed";
        let lease = lease.clone();
        self.0.ask("written", limit, move |connection| {
            let term = i64::try_from(lease.term).unwrap_or(i64::MAX);
            let (node, instance) = (lease.node.replace('\0', ""), lease.instance.replace('\0', ""));
            let changed = match expected {
                None => {
                    let make = connection.prepare(MAKE)?;
                    let values: [&(dyn postgres::types::ToSql + Sync); 4] =
                        [&term, &node, &instance, &lease.is_held];
                    connection.client.query_opt(&make, &values)?
                }
                Some(expected) => {
                    let change = connection.prepare(CHANGE)?;
                    let expected = expected.cast_signed();
                    let values: [&(dyn postgres::types::ToSql + Sync); 5] =
                        [&term, &node, &instance, &lease.is_held, &expected];
                    connection.client.query_opt(&change, &values)?
                }
            };
            let revision = changed.map(|row| row.try_get::<_, i64>(0)).transpose()?;
            Ok(revision.map(i64::unsigned_abs))
        })
    }

    /// Waits until a node releases the lease, or until the time limit. Returns whether a node may have
    /// released it.
    pub fn wait(&mut self, limit: Duration) -> bool {
        self.0.wait(limit)
    }

    /// Returns the risks in the settings of the server, a sentence each.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response in time.
    pub fn risks(&mut self, limit: Duration) -> Result<Vec<String>> {
        const ASK: &str = "SELECT current_setting('synchronous_commit'), current_setting('fsync')";
        self.0.ask("read", limit, |connection| {
            let row = connection.client.query_one(ASK, &[])?;
            let is_off = |column| Ok::<_, postgres::Error>(row.try_get::<_, &str>(column)? == "off");
            let mut risks = Vec::new();
            if is_off(0)? {
                risks.push(
                    "PostgreSQL has `synchronous_commit = off`: after a crash of the server, the last records that it \
                     has acknowledged may be gone, and their runs may be made again; set it to `on`"
                        .to_owned(),
                );
            }
            if is_off(1)? {
                risks.push(
                    "PostgreSQL has `fsync = off`: a power loss may cost the whole run log; set it to `on`".to_owned(),
                );
            }
            Ok(risks)
        })
    }
}
