//! A transaction of several statements.

use postgres::types::ToSql;

use super::connection::Connection;

/// A transaction of several statements.
pub(super) struct Batch<'c> {
    connection: &'c mut Connection,
    is_done: bool,
}

impl<'c> Batch<'c> {
    pub(super) fn new(connection: &'c mut Connection) -> Result<Self, postgres::Error> {
        connection.client.batch_execute("BEGIN")?;
        Ok(Batch {
            connection,
            is_done: false,
        })
    }

    pub(super) fn add(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<(), postgres::Error> {
        self.count(sql, values).map(drop)
    }

    /// Runs a statement and returns the number of affected rows.
    pub(super) fn count(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, postgres::Error> {
        let statement = self.connection.prepare(sql)?;
        self.connection.client.execute(&statement, values)
    }

    pub(super) fn query(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, postgres::Error> {
        let statement = self.connection.prepare(sql)?;
        self.connection.client.query(&statement, values)
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    pub(super) fn commit(mut self) -> Result<(), postgres::Error> {
        self.is_done = true;
        self.connection.client.batch_execute("COMMIT")
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // If this fails, the connection is closed, and the next user replaces it.
            let _ = self.connection.client.batch_execute("ROLLBACK");
        }
    }
}
