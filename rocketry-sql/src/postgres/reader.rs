//! Queries of the log.

use postgres::Row;
use postgres::types::{FromSql, ToSql};
use rocketry_core::log::{Page, Past};
use rocketry_core::{Query, Result, RunId};

use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::rollup;
use crate::find::{self, Database};
use crate::row::Cells;
use crate::statement::{Dialect, Param, Statement};

pub(super) struct Reader {
    target: Target,
    connection: Option<Connection>,
}

impl Reader {
    pub(super) fn new(target: Target) -> Self {
        Reader {
            target,
            connection: None,
        }
    }

    pub(super) fn open(&mut self) -> Result<()> {
        self.connected().map(drop)
    }

    /// Closes the connection. The next query opens one to the server that accepts writes by then.
    pub(super) fn close(&mut self) {
        self.connection = None;
    }

    pub(super) fn page(&mut self, query: &Query) -> Result<Page> {
        self.ask(|connection| find::page(connection, query))
    }

    pub(super) fn count(&mut self, query: &Query) -> Result<u64> {
        self.ask(|connection| find::count(connection, query))
    }

    pub(super) fn look(&mut self) -> Result<Past> {
        self.ask(rollup::look)
    }

    /// How often nodes have written.
    pub(super) fn writes(&mut self) -> Result<u64> {
        self.ask(|connection| {
            let row = connection.row("SELECT writes FROM rocketry_state")?;
            row.try_get::<_, i64>(0).map(i64::unsigned_abs)
        })
    }

    /// Retries once if the connection turns out to be lost.
    fn ask<T>(&mut self, question: impl Fn(&mut Connection) -> Result<T, postgres::Error>) -> Result<T> {
        let was_connected = self.connection.is_some();
        let mut answer = question(self.connected()?);
        if was_connected && answer.as_ref().is_err_and(is_lost) {
            self.connection = None;
            answer = question(self.connected()?);
        }
        answer.map_err(|cause| {
            if is_lost(&cause) {
                self.connection = None;
            }
            self.target.store.postgres("read", cause)
        })
    }

    fn connected(&mut self) -> Result<&mut Connection> {
        if self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.client.is_closed())
        {
            self.connection = None;
        }
        match &mut self.connection {
            Some(connection) => Ok(connection),
            none => Ok(none.insert(self.target.connect_to_read()?)),
        }
    }
}

impl Database for Connection {
    const DIALECT: Dialect = Dialect::Postgres;
    type Error = postgres::Error;

    fn ask<T>(
        &mut self,
        statement: &Statement,
        mut read: impl FnMut(&dyn Cells) -> T,
    ) -> Result<Vec<T>, postgres::Error> {
        let values: Vec<Box<dyn ToSql + Sync>> = statement.params.iter().map(value).collect();
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value).collect();
        let prepared = self.prepare(&statement.sql)?;
        let rows = self.client.query(&prepared, &values)?;
        Ok(rows.iter().map(|row| read(row)).collect())
    }
}

fn value(param: &Param) -> Box<dyn ToSql + Sync> {
    match param {
        Param::Int(number) => Box::new(*number),
        Param::Text(text) => Box::new(without_nul(text)),
        Param::RunId(run_id) => Box::new(without_nul(&run_id.to_string())),
    }
}

/// Stored texts have no U+0000, so searched texts must not have it either.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

impl Cells for Row {
    fn int(&self, column: usize) -> Result<Option<i64>, String> {
        cell(self, column)
    }

    fn text(&self, column: usize) -> Result<Option<String>, String> {
        cell(self, column)
    }

    fn run_id(&self, column: usize) -> Result<Option<RunId>, String> {
        let name: Option<&str> = cell(self, column)?;
        Ok(name.map(RunId::from))
    }
}

fn cell<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<Option<T>, String> {
    row.try_get(column).map_err(|cause| cause.to_string())
}
