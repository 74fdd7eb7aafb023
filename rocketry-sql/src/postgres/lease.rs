//! The lead among nodes: a row that is only changed by those who know its last revision.

use std::time::Duration;

use rocketry_core::Result;

use super::line::Line;

/// Tells nodes that the lead was given up. The payload is the schema.
const CHANNEL: &str = "rocketry_lease";

/// The lead among the nodes that share a [`PostgresLog`](crate::PostgresLog): a row in its schema. It is only changed by
/// compare-and-set, and no clock of the server matters.
///
/// Each call has a time limit. A change that was not answered in time may be made later.
#[derive(Debug)]
pub struct PostgresLease(Line);

/// The row of the lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    /// The number of the lead; each new leader has a greater one.
    pub term: u64,
    /// The name of the node that leads, or led last.
    pub node: String,
    /// What tells the node from others of its name.
    pub instance: String,
    /// Whether the node leads.
    pub is_held: bool,
}

impl PostgresLease {
    /// Finds the lead at the address of a log. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Fails if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(PostgresLease(Line::new(address, CHANNEL)?))
    }

    pub(super) fn line(&mut self) -> &mut Line {
        &mut self.0
    }

    /// Reads the row and its revision; `None` if no node has ever led.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
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

    /// Changes the row, if it still has the revision that is expected; with `None`, if there is no row. Returns the new
    /// revision, or `None` if another node was faster.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. Then the change may have been made, or be made later.
    pub fn put(&mut self, expected: Option<u64>, lease: &LeaseRow, limit: Duration) -> Result<Option<u64>> {
        // Followers are woken by the same statement, so that a lead that is given up is taken at once.
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

    /// Waits until a node gives up the lead, or the time is up. Returns whether a node may have given it up.
    pub fn wait(&mut self, limit: Duration) -> bool {
        self.0.wait(limit)
    }

    /// What the settings of the server put at risk, a sentence each.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
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
